-- What the bytes say: outlets, articles, organisations, and the events with their evidence.

CREATE SCHEMA IF NOT EXISTS core;

CREATE TABLE core.outlets (
    outlet_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    native_name VARCHAR,
    country VARCHAR NOT NULL,
    languages VARCHAR[] NOT NULL,
    kind VARCHAR NOT NULL,
    owner VARCHAR,
    is_state_owned BOOLEAN,
    ownership_source VARCHAR,
    time_zone VARCHAR NOT NULL,
    home_url VARCHAR,
    note VARCHAR
);
COMMENT ON TABLE core.outlets IS 'One row per news outlet of the catalogue.';
COMMENT ON COLUMN core.outlets.outlet_id IS 'name of the outlet in the catalogue';
COMMENT ON COLUMN core.outlets.name IS 'the outlet''s name in English';
COMMENT ON COLUMN core.outlets.native_name IS 'the name as the outlet writes it';
COMMENT ON COLUMN core.outlets.country IS 'where it is published, ISO 3166-1 alpha-2';
COMMENT ON COLUMN core.outlets.languages IS 'languages it publishes in, BCP 47';
COMMENT ON COLUMN core.outlets.kind IS 'news agency, broadcaster, newspaper and so on, from the catalogue';
COMMENT ON COLUMN core.outlets.owner IS 'the owner family; outlets of one owner count as one publisher';
COMMENT ON COLUMN core.outlets.is_state_owned IS 'whether the state owns it; null where nobody has shown it either way';
COMMENT ON COLUMN core.outlets.ownership_source IS 'where the ownership is shown';
COMMENT ON COLUMN core.outlets.time_zone IS 'IANA name of the zone in which its dates are to be read';
COMMENT ON COLUMN core.outlets.home_url IS 'its front page';
COMMENT ON COLUMN core.outlets.note IS 'remark for the people who keep the catalogue';

CREATE TABLE core.feeds (
    feed_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    language VARCHAR,
    monitored_since DATE NOT NULL,
    confirmation VARCHAR NOT NULL
);
COMMENT ON TABLE core.feeds IS 'One row per feed address of an outlet.';
COMMENT ON COLUMN core.feeds.feed_id IS 'name of the feed in the catalogue';
COMMENT ON COLUMN core.feeds.outlet_id IS 'the outlet it belongs to';
COMMENT ON COLUMN core.feeds.url IS 'address of the feed';
COMMENT ON COLUMN core.feeds.language IS 'language of its items, BCP 47; null where they are mixed or unknown';
COMMENT ON COLUMN core.feeds.monitored_since IS 'first day on which the feed was polled';
COMMENT ON COLUMN core.feeds.confirmation IS 'how it is known that the feed belongs to the outlet';

CREATE TABLE core.articles (
    article_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    title VARCHAR NOT NULL,
    published_at TIMESTAMPTZ,
    published_basis VARCHAR NOT NULL,
    language VARCHAR,
    section VARCHAR,
    author VARCHAR,
    revision_id VARCHAR NOT NULL,
    revision_count INTEGER NOT NULL,
    relevance VARCHAR,
    relevance_confidence DOUBLE
);
COMMENT ON TABLE core.articles IS 'One row per article whose page was read at least once, as its latest revision tells it.';
COMMENT ON COLUMN core.articles.article_id IS 'digest of the canonical address at first sight';
COMMENT ON COLUMN core.articles.outlet_id IS 'the outlet that published it';
COMMENT ON COLUMN core.articles.canonical_url IS 'the canonical address';
COMMENT ON COLUMN core.articles.first_seen_at IS 'when a feed first showed it or its page was first read, whichever came first';
COMMENT ON COLUMN core.articles.title IS 'title of the latest revision';
COMMENT ON COLUMN core.articles.published_at IS 'publication time; null where none was found';
COMMENT ON COLUMN core.articles.published_basis IS 'where the publication time comes from: feed, page or none';
COMMENT ON COLUMN core.articles.language IS 'language of the text, BCP 47; null where it was not recognised';
COMMENT ON COLUMN core.articles.section IS 'section as written';
COMMENT ON COLUMN core.articles.author IS 'author as written';
COMMENT ON COLUMN core.articles.revision_id IS 'the latest revision';
COMMENT ON COLUMN core.articles.revision_count IS 'how many revisions are stored';
COMMENT ON COLUMN core.articles.relevance IS 'what the coder says of it: cooperation, adjacent or none; null before coding';
COMMENT ON COLUMN core.articles.relevance_confidence IS 'how sure the coder is, 0 to 1';

CREATE TABLE core.article_revisions (
    article_id VARCHAR NOT NULL,
    revision_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    outlet_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL USING COMPRESSION zstd,
    published_at TIMESTAMPTZ,
    published_basis VARCHAR NOT NULL,
    author VARCHAR,
    section VARCHAR,
    language VARCHAR,
    text_digest VARCHAR NOT NULL,
    text_length_characters BIGINT NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    last_captured_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE core.article_revisions IS 'One row per text that an article''s page has shown.';
COMMENT ON COLUMN core.article_revisions.article_id IS 'the article';
COMMENT ON COLUMN core.article_revisions.revision_id IS 'digest of article and text digest';
COMMENT ON COLUMN core.article_revisions.ordinal IS '1 for the first text stored, counting up';
COMMENT ON COLUMN core.article_revisions.outlet_id IS 'the outlet that published it';
COMMENT ON COLUMN core.article_revisions.capture_id IS 'the capture this revision was first read from';
COMMENT ON COLUMN core.article_revisions.url IS 'the address that was fetched';
COMMENT ON COLUMN core.article_revisions.canonical_url IS 'the canonical address';
COMMENT ON COLUMN core.article_revisions.title IS 'the title; evidence counts its offsets in it';
COMMENT ON COLUMN core.article_revisions.text IS 'the text, NFC with line feeds; evidence counts its offsets in it';
COMMENT ON COLUMN core.article_revisions.published_at IS 'publication time; null where none was found';
COMMENT ON COLUMN core.article_revisions.published_basis IS 'where the publication time comes from: feed, page or none';
COMMENT ON COLUMN core.article_revisions.author IS 'author as written';
COMMENT ON COLUMN core.article_revisions.section IS 'section as written';
COMMENT ON COLUMN core.article_revisions.language IS 'language of the text, BCP 47';
COMMENT ON COLUMN core.article_revisions.text_digest IS 'digest of what the revision says';
COMMENT ON COLUMN core.article_revisions.text_length_characters IS 'length of the text in Unicode code points';
COMMENT ON COLUMN core.article_revisions.captured_at IS 'when the page first showed this text';
COMMENT ON COLUMN core.article_revisions.last_captured_at IS 'when the page last showed this text';

CREATE TABLE core.reprints (
    article_id VARCHAR NOT NULL,
    original_article_id VARCHAR NOT NULL,
    similarity DOUBLE NOT NULL,
    credit VARCHAR,
    lag_seconds DOUBLE NOT NULL
);
COMMENT ON TABLE core.reprints IS 'One row per article that republishes another''s text.';
COMMENT ON COLUMN core.reprints.article_id IS 'the article that republishes';
COMMENT ON COLUMN core.reprints.original_article_id IS 'the earliest article with that text';
COMMENT ON COLUMN core.reprints.similarity IS 'share of the text that is common, 0 to 1';
COMMENT ON COLUMN core.reprints.credit IS 'the source that the reprint names; null where it names none';
COMMENT ON COLUMN core.reprints.lag_seconds IS 'time from the original''s publication to the reprint''s';

CREATE TABLE core.stories (
    story_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE core.stories IS 'One row per article that belongs to a story, a group of articles with nearly one text.';
COMMENT ON COLUMN core.stories.story_id IS 'name of the group: the id of its earliest article';
COMMENT ON COLUMN core.stories.article_id IS 'an article of the group';

CREATE TABLE core.organisations (
    organisation_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    country VARCHAR,
    owner VARCHAR,
    wikidata VARCHAR,
    known_by VARCHAR
);
COMMENT ON TABLE core.organisations IS 'One row per organisation of the gazetteer.';
COMMENT ON COLUMN core.organisations.organisation_id IS 'name of the organisation in the gazetteer';
COMMENT ON COLUMN core.organisations.name IS 'canonical name in English';
COMMENT ON COLUMN core.organisations.kind IS 'news agency, broadcaster, union and so on, from the codebook';
COMMENT ON COLUMN core.organisations.country IS 'where it is at home, ISO 3166-1 alpha-2; null for international bodies';
COMMENT ON COLUMN core.organisations.owner IS 'the owner family';
COMMENT ON COLUMN core.organisations.wikidata IS 'its item in Wikidata';
COMMENT ON COLUMN core.organisations.known_by IS 'how the row is known';

CREATE TABLE core.events (
    event_id VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    event_group VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    is_regional BOOLEAN NOT NULL,
    scope VARCHAR NOT NULL,
    series VARCHAR,
    edition VARCHAR,
    supersedes VARCHAR,
    countries VARCHAR[] NOT NULL,
    regions VARCHAR[] NOT NULL,
    date_start DATE,
    date_end DATE,
    date_granularity VARCHAR NOT NULL,
    date_basis VARCHAR NOT NULL,
    first_reported_at TIMESTAMPTZ NOT NULL,
    last_reported_at TIMESTAMPTZ NOT NULL,
    report_count INTEGER NOT NULL,
    publisher_count INTEGER NOT NULL,
    place_name VARCHAR,
    place_country VARCHAR,
    topics VARCHAR[] NOT NULL,
    confidence DOUBLE NOT NULL,
    codebook_version VARCHAR NOT NULL,
    plover_event_type VARCHAR,
    plover_mode VARCHAR,
    plover_cameo VARCHAR,
    plover_quad_code VARCHAR,
    plover_context VARCHAR
);
COMMENT ON TABLE core.events IS 'One row per media-cooperation event, merged over all articles that report it.';
COMMENT ON COLUMN core.events.event_id IS 'stable name of the event, minted from its earliest report';
COMMENT ON COLUMN core.events.type IS 'what it is, from the codebook''s types';
COMMENT ON COLUMN core.events.event_group IS 'the group of types by which reports are matched';
COMMENT ON COLUMN core.events.status IS 'its latest status, from proposed to ended';
COMMENT ON COLUMN core.events.outcome IS 'auto, or review where a person should look; only auto is counted';
COMMENT ON COLUMN core.events.label IS 'a short name for people';
COMMENT ON COLUMN core.events.is_regional IS 'whether anyone beyond a mere participant belongs to KZ, KG, UZ, TJ or TM';
COMMENT ON COLUMN core.events.scope IS 'bilateral, domestic or multilateral';
COMMENT ON COLUMN core.events.series IS 'the recurring forum or work it belongs to';
COMMENT ON COLUMN core.events.edition IS 'number or year within the series';
COMMENT ON COLUMN core.events.supersedes IS 'the event that it renews, where known';
COMMENT ON COLUMN core.events.countries IS 'countries of all in a role and of countries named as parties, ISO 3166-1 alpha-2';
COMMENT ON COLUMN core.events.regions IS 'regions named as parties, as written';
COMMENT ON COLUMN core.events.date_start IS 'first day of the event; null where unknown';
COMMENT ON COLUMN core.events.date_end IS 'last day of the event; null where unknown or still running';
COMMENT ON COLUMN core.events.date_granularity IS 'day, month, year or unresolved';
COMMENT ON COLUMN core.events.date_basis IS 'explicit, relative, publication or none';
COMMENT ON COLUMN core.events.first_reported_at IS 'publication time of the earliest report; decides the event''s week';
COMMENT ON COLUMN core.events.last_reported_at IS 'publication time of the latest report';
COMMENT ON COLUMN core.events.report_count IS 'how many articles report it';
COMMENT ON COLUMN core.events.publisher_count IS 'how many independent publishers report it: one owner or one text counts once';
COMMENT ON COLUMN core.events.place_name IS 'place as written';
COMMENT ON COLUMN core.events.place_country IS 'country of the place, ISO 3166-1 alpha-2';
COMMENT ON COLUMN core.events.topics IS 'what it is about, in the codebook''s words';
COMMENT ON COLUMN core.events.confidence IS 'how sure the coder is, 0 to 1';
COMMENT ON COLUMN core.events.codebook_version IS 'version of the codebook it was coded by';
COMMENT ON COLUMN core.events.plover_event_type IS 'PLOVER event type, derived from type and status';
COMMENT ON COLUMN core.events.plover_mode IS 'PLOVER mode, derived';
COMMENT ON COLUMN core.events.plover_cameo IS 'CAMEO code, derived';
COMMENT ON COLUMN core.events.plover_quad_code IS 'quad code, derived';
COMMENT ON COLUMN core.events.plover_context IS 'PLOVER context: the declared extension media';

CREATE TABLE core.event_parties (
    event_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    organisation_id VARCHAR,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    country VARCHAR
);
COMMENT ON TABLE core.event_parties IS 'One row per organisation in a role in an event.';
COMMENT ON COLUMN core.event_parties.event_id IS 'the event';
COMMENT ON COLUMN core.event_parties.ordinal IS 'position among the event''s organisations, from 1';
COMMENT ON COLUMN core.event_parties.organisation_id IS 'the organisation in the gazetteer; null where it is kept as written';
COMMENT ON COLUMN core.event_parties.name IS 'the name, canonical or as written';
COMMENT ON COLUMN core.event_parties.role IS 'organiser, host, party or participant';
COMMENT ON COLUMN core.event_parties.country IS 'its country, ISO 3166-1 alpha-2';

CREATE TABLE core.event_people (
    event_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    office VARCHAR
);
COMMENT ON TABLE core.event_people IS 'One row per person who signs or leads in an event.';
COMMENT ON COLUMN core.event_people.event_id IS 'the event';
COMMENT ON COLUMN core.event_people.ordinal IS 'position among the event''s people, from 1';
COMMENT ON COLUMN core.event_people.name IS 'the name as written';
COMMENT ON COLUMN core.event_people.office IS 'the office as written';

CREATE TABLE core.event_provisions (
    event_id VARCHAR NOT NULL,
    provision VARCHAR NOT NULL
);
COMMENT ON TABLE core.event_provisions IS 'One row per thing that an event''s document provides for.';
COMMENT ON COLUMN core.event_provisions.event_id IS 'the event';
COMMENT ON COLUMN core.event_provisions.provision IS 'what is provided for, in the vocabulary of types';

CREATE TABLE core.event_reports (
    report_id VARCHAR NOT NULL,
    event_id VARCHAR,
    article_id VARCHAR NOT NULL,
    revision_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL DEFAULT 0,
    published_at TIMESTAMPTZ NOT NULL,
    type VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    event_json VARCHAR NOT NULL
);
COMMENT ON TABLE core.event_reports IS 'One row per event and article that reports it.';
COMMENT ON COLUMN core.event_reports.report_id IS 'digest of article, group and ordinal among the article''s events of that group';
COMMENT ON COLUMN core.event_reports.event_id IS 'the event it reports; null until reports are linked';
COMMENT ON COLUMN core.event_reports.article_id IS 'the article that reports';
COMMENT ON COLUMN core.event_reports.revision_id IS 'the revision that was coded';
COMMENT ON COLUMN core.event_reports.capture_id IS 'the capture that revision was read from';
COMMENT ON COLUMN core.event_reports.outlet_id IS 'the outlet that published it';
COMMENT ON COLUMN core.event_reports.ordinal IS 'position among the article''s events, from 0';
COMMENT ON COLUMN core.event_reports.published_at IS 'the article''s publication time, or the time it was first seen';
COMMENT ON COLUMN core.event_reports.type IS 'what this report says the event is';
COMMENT ON COLUMN core.event_reports.status IS 'the status that this report tells';
COMMENT ON COLUMN core.event_reports.outcome IS 'auto, or review where a person should look';
COMMENT ON COLUMN core.event_reports.confidence IS 'how sure the coder is, 0 to 1';
COMMENT ON COLUMN core.event_reports.event_json IS 'the event as this article alone tells it, in the exchange format';

CREATE TABLE core.event_evidence (
    evidence_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    revision_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    quote VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    rule_ids VARCHAR[] NOT NULL
);
COMMENT ON TABLE core.event_evidence IS 'One row per verbatim quote that supports an event.';
COMMENT ON COLUMN core.event_evidence.evidence_id IS 'digest of report, field and offsets';
COMMENT ON COLUMN core.event_evidence.event_id IS 'the event it supports';
COMMENT ON COLUMN core.event_evidence.report_id IS 'the report it stands in';
COMMENT ON COLUMN core.event_evidence.article_id IS 'the article it is quoted from';
COMMENT ON COLUMN core.event_evidence.revision_id IS 'the revision whose title or text holds the quote';
COMMENT ON COLUMN core.event_evidence.capture_id IS 'the capture that revision was read from';
COMMENT ON COLUMN core.event_evidence.field IS 'title or text';
COMMENT ON COLUMN core.event_evidence.quote IS 'the words as they stand there, at most 180 characters';
COMMENT ON COLUMN core.event_evidence.start_offset IS 'first code point of the quote in the field, from 0';
COMMENT ON COLUMN core.event_evidence.end_offset IS 'first code point after the quote';
COMMENT ON COLUMN core.event_evidence.rule_ids IS 'the rules or models that fired';

CREATE TABLE core.event_history (
    event_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    reported_at TIMESTAMPTZ NOT NULL,
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE core.event_history IS 'One row per status that an event has been reported in.';
COMMENT ON COLUMN core.event_history.event_id IS 'the event';
COMMENT ON COLUMN core.event_history.ordinal IS 'position in the order of reporting, from 1';
COMMENT ON COLUMN core.event_history.status IS 'the status';
COMMENT ON COLUMN core.event_history.reported_at IS 'publication time of the first report of that status';
COMMENT ON COLUMN core.event_history.article_id IS 'the article that reported it first';

CREATE TABLE core.corrections (
    correction_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value_json VARCHAR,
    reason VARCHAR NOT NULL,
    corrected_by VARCHAR NOT NULL,
    corrected_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE core.corrections IS 'One row per correction that a person made to an event.';
COMMENT ON COLUMN core.corrections.correction_id IS 'digest of the correction';
COMMENT ON COLUMN core.corrections.event_id IS 'the event';
COMMENT ON COLUMN core.corrections.field IS 'the column that is corrected';
COMMENT ON COLUMN core.corrections.value_json IS 'the value that holds instead, as JSON';
COMMENT ON COLUMN core.corrections.reason IS 'why';
COMMENT ON COLUMN core.corrections.corrected_by IS 'who';
COMMENT ON COLUMN core.corrections.corrected_at IS 'when';
