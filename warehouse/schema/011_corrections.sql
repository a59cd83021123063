-- What people decide of events in doubt and of names that the gazetteer does not know. Nothing was ever stored in the
-- table of this name before.

DROP TABLE core.corrections;
CREATE TABLE core.corrections (
    correction_id VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    event_id VARCHAR,
    organisation_name VARCHAR,
    decision VARCHAR NOT NULL,
    values_json VARCHAR NOT NULL,
    note VARCHAR,
    author VARCHAR NOT NULL,
    decided_date DATE NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE core.corrections IS 'One row per decision of a person on an event, or on an organisation as it is written; of several on one thing the later holds, field by field.';
COMMENT ON COLUMN core.corrections.correction_id IS 'digest of all that was decided, by whom and on which day';
COMMENT ON COLUMN core.corrections.subject IS 'event or organisation: on what was decided';
COMMENT ON COLUMN core.corrections.event_id IS 'the event, by the id that it had then; mart.current_event follows it; null for an organisation';
COMMENT ON COLUMN core.corrections.organisation_name IS 'the organisation as written, without regard to case and signs; null for an event';
COMMENT ON COLUMN core.corrections.decision IS 'accept (it is so), correct (it is so with other values), or reject: a rejected event leaves core.events, its views, the weekly numbers and the exports, and ops.id_log calls it withdrawn; a rejected organisation leaves the parties';
COMMENT ON COLUMN core.corrections.values_json IS 'what holds instead, as a JSON object: type, status, date_start, date_end, countries, organisations (gazetteer ids)';
COMMENT ON COLUMN core.corrections.note IS 'why, in words';
COMMENT ON COLUMN core.corrections.author IS 'who decided';
COMMENT ON COLUMN core.corrections.decided_date IS 'the day of the decision, as its author gives it; the later day holds';
COMMENT ON COLUMN core.corrections.imported_at IS 'when monitor review import took it in';

ALTER TABLE core.events ADD COLUMN corrections VARCHAR[];
COMMENT ON COLUMN core.events.corrections IS 'the corrections that have shaped this row (ids in core.corrections), in the order in which they hold; empty where it stands as it was coded';

ALTER TABLE core.event_reports ADD COLUMN rejected_event_id VARCHAR;
COMMENT ON COLUMN core.event_reports.rejected_event_id IS 'the event that it told of and that a person has rejected; null for all others';
COMMENT ON COLUMN core.event_reports.event_id IS 'the event it reports; null until reports are linked, and where a person has rejected the event';
