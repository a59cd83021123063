-- Where analysts start: events that count, parties in words, and the two questions asked most.
CREATE OR REPLACE VIEW mart.events AS
SELECT
    event.*,
    (SELECT string_agg(party.name, '; ' ORDER BY party.ordinal)
     FROM core.event_parties AS party WHERE party.event_id = event.event_id) AS organisations,
    arg_min(evidence.quote, (evidence.report_id, evidence.field, evidence.start_offset)) AS quote
FROM core.events AS event
LEFT JOIN core.event_evidence AS evidence ON evidence.event_id = event.event_id
WHERE event.outcome = 'auto'
GROUP BY ALL;
COMMENT ON VIEW mart.events IS
    'One row per event that is counted (those under review left out), with its organisations and a quote.';

CREATE OR REPLACE VIEW mart.parties AS
SELECT
    event.event_id,
    event.first_reported_at,
    event.type,
    event.status,
    event.label,
    party.organisation_id,
    coalesce(organisation.name, party.name) AS name,
    party.role,
    party.country,
    organisation.kind,
    organisation.owner
FROM core.event_parties AS party
JOIN core.events AS event ON event.event_id = party.event_id
LEFT JOIN core.organisations AS organisation ON organisation.organisation_id = party.organisation_id
WHERE event.outcome = 'auto';
COMMENT ON VIEW mart.parties IS 'One row per organisation in a role in an event that is counted.';

CREATE OR REPLACE MACRO mart.who_with_whom(a, b) AS TABLE
SELECT *
FROM mart.events
WHERE list_contains(countries, upper(a)) AND list_contains(countries, upper(b))
ORDER BY first_reported_at, event_id;
COMMENT ON MACRO TABLE mart.who_with_whom IS
    'The events between two countries (ISO 3166-1 alpha-2), oldest first: FROM mart.who_with_whom(''KZ'', ''CN'').';

CREATE OR REPLACE MACRO mart.timeline(organisation) AS TABLE
SELECT history.reported_at, history.status, event.event_id, event.type, event.label, party.role, article.canonical_url
FROM core.event_history AS history
JOIN core.events AS event ON event.event_id = history.event_id AND event.outcome = 'auto'
JOIN core.event_parties AS party ON party.event_id = event.event_id AND party.organisation_id = organisation
LEFT JOIN core.articles AS article ON article.article_id = history.article_id
ORDER BY history.reported_at, event.event_id, history.ordinal;
COMMENT ON MACRO TABLE mart.timeline IS
    'What an organisation (its id) took part in, status by status, oldest first: FROM mart.timeline(''kabar'').';

CREATE OR REPLACE MACRO mart.current_event(id) AS TABLE
WITH RECURSIVE trail AS (
    SELECT id AS event_id, 0 AS step
    UNION ALL
    SELECT log.new_event_id, trail.step + 1
    FROM trail
    JOIN ops.id_log AS log ON log.old_event_id = trail.event_id
    WHERE log.new_event_id IS NOT NULL
      AND trail.step < 100
      AND trail.event_id NOT IN (SELECT event_id FROM core.events)
)
SELECT event.* FROM core.events AS event WHERE event.event_id IN (SELECT event_id FROM trail);
COMMENT ON MACRO TABLE mart.current_event IS
    'The event that an id, perhaps an old one, stands for today: FROM mart.current_event(''…'').';
COMMENT ON COLUMN mart.events.organisations IS 'names of the organisations in a role, in order, separated by semicolons';
COMMENT ON COLUMN mart.events.quote IS 'one quote that supports the event';
COMMENT ON COLUMN mart.parties.name IS 'canonical name where the gazetteer knows the organisation, else as written';
COMMENT ON COLUMN mart.parties.country IS 'its country, ISO 3166-1 alpha-2';
COMMENT ON COLUMN mart.parties.kind IS 'news agency, broadcaster, union and so on, from the codebook';
