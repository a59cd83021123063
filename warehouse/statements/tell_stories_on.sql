-- Gives each article the story of the one that it follows, its own where it follows none; one step along each chain.
UPDATE core.stories AS held
SET story_id = wanted.story_id
FROM (
    SELECT follower.article_id, coalesce(followed.story_id, follower.article_id) AS story_id
    FROM core.stories AS follower
    LEFT JOIN core.stories AS followed ON followed.article_id = follower.follows_article_id
) AS wanted
WHERE wanted.article_id = held.article_id AND wanted.story_id <> held.story_id;
