-- Who republishes whom, also where only a credit tells; what each article follows. Both are made anew by the next night.

DROP TABLE core.reprints;
CREATE TABLE core.reprints (
    article_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    source_outlet_id VARCHAR,
    source_organisation_id VARCHAR,
    original_article_id VARCHAR,
    basis VARCHAR NOT NULL,
    similarity DOUBLE,
    credit VARCHAR,
    lag_seconds DOUBLE
);
COMMENT ON TABLE core.reprints IS 'One row per article that republishes a text of another outlet.';
COMMENT ON COLUMN core.reprints.article_id IS 'the article that republishes';
COMMENT ON COLUMN core.reprints.outlet_id IS 'its outlet';
COMMENT ON COLUMN core.reprints.source_outlet_id IS 'the outlet that is republished: the credited one, or without a credit the original''s; null where that is no outlet of the catalogue';
COMMENT ON COLUMN core.reprints.source_organisation_id IS 'the organisation that the reprint credits; null where it credits none of the gazetteer';
COMMENT ON COLUMN core.reprints.original_article_id IS 'the earliest article of the fourteen days before with that text, the credited outlet''s where it has one; null where only a credit tells';
COMMENT ON COLUMN core.reprints.basis IS 'how it is known: credit (the source is named), text (the words are the same), or both';
COMMENT ON COLUMN core.reprints.similarity IS 'share of the runs of three words that both texts have, 0 to 1; null without an original';
COMMENT ON COLUMN core.reprints.credit IS 'the source that the reprint names, as written; null where it names none';
COMMENT ON COLUMN core.reprints.lag_seconds IS 'time from the original''s publication to the reprint''s; null without an original';

DROP TABLE core.stories;
CREATE TABLE core.stories (
    article_id VARCHAR NOT NULL,
    story_id VARCHAR NOT NULL,
    revision_id VARCHAR NOT NULL,
    language VARCHAR,
    told_at TIMESTAMPTZ NOT NULL,
    follows_article_id VARCHAR,
    likeness DOUBLE
);
COMMENT ON TABLE core.stories IS 'One row per article, with the story that it tells: articles of any outlet, in one language, that tell the same in the same or in other words.';
COMMENT ON COLUMN core.stories.article_id IS 'the article';
COMMENT ON COLUMN core.stories.story_id IS 'name of the story: the id of the article that begins it';
COMMENT ON COLUMN core.stories.revision_id IS 'the revision that was compared';
COMMENT ON COLUMN core.stories.language IS 'its language, BCP 47; stories are found within one';
COMMENT ON COLUMN core.stories.told_at IS 'the publication time, or when the article was first seen';
COMMENT ON COLUMN core.stories.follows_article_id IS 'the earliest article of the three days before that tells the same, or the original that it republishes; null for the article that begins the story';
COMMENT ON COLUMN core.stories.likeness IS 'how like the two are by the stems of their words, 0 to 1; null where the text alone was compared';
