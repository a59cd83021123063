-- The weekly tables; the views and macros beside them are made anew at every opening, from marts/.

CREATE SCHEMA IF NOT EXISTS mart;

CREATE TABLE mart.weekly_country_pairs (
    week VARCHAR NOT NULL,
    country_a VARCHAR NOT NULL,
    country_b VARCHAR NOT NULL,
    event_count INTEGER NOT NULL,
    report_count INTEGER NOT NULL,
    mean_event_count_4w DOUBLE
);
COMMENT ON TABLE mart.weekly_country_pairs IS 'One row per ISO week and unordered pair of countries with an event between them.';
COMMENT ON COLUMN mart.weekly_country_pairs.week IS 'ISO week in the report''s time zone, such as 2026-W47';
COMMENT ON COLUMN mart.weekly_country_pairs.country_a IS 'the first country in the alphabet, ISO 3166-1 alpha-2';
COMMENT ON COLUMN mart.weekly_country_pairs.country_b IS 'the second';
COMMENT ON COLUMN mart.weekly_country_pairs.event_count IS 'events first reported in the week; only outcome auto is counted';
COMMENT ON COLUMN mart.weekly_country_pairs.report_count IS 'articles of the week''s events that report them';
COMMENT ON COLUMN mart.weekly_country_pairs.mean_event_count_4w IS 'mean of event_count over the four weeks before; null for the first week';

CREATE TABLE mart.weekly_types (
    week VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    event_count INTEGER NOT NULL,
    report_count INTEGER NOT NULL,
    mean_event_count_4w DOUBLE
);
COMMENT ON TABLE mart.weekly_types IS 'One row per ISO week and type of event.';
COMMENT ON COLUMN mart.weekly_types.week IS 'ISO week in the report''s time zone, such as 2026-W47';
COMMENT ON COLUMN mart.weekly_types.type IS 'type of event, from the codebook';
COMMENT ON COLUMN mart.weekly_types.event_count IS 'events first reported in the week; only outcome auto is counted';
COMMENT ON COLUMN mart.weekly_types.report_count IS 'articles of the week''s events that report them';
COMMENT ON COLUMN mart.weekly_types.mean_event_count_4w IS 'mean of event_count over the four weeks before; null for the first week';

CREATE TABLE mart.weekly_statuses (
    week VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    event_count INTEGER NOT NULL,
    report_count INTEGER NOT NULL,
    mean_event_count_4w DOUBLE
);
COMMENT ON TABLE mart.weekly_statuses IS 'One row per ISO week and status of events.';
COMMENT ON COLUMN mart.weekly_statuses.week IS 'ISO week in the report''s time zone, such as 2026-W47';
COMMENT ON COLUMN mart.weekly_statuses.status IS 'status of events';
COMMENT ON COLUMN mart.weekly_statuses.event_count IS 'events first reported in the week; only outcome auto is counted';
COMMENT ON COLUMN mart.weekly_statuses.report_count IS 'articles of the week''s events that report them';
COMMENT ON COLUMN mart.weekly_statuses.mean_event_count_4w IS 'mean of event_count over the four weeks before; null for the first week';

CREATE TABLE mart.weekly_organisations (
    week VARCHAR NOT NULL,
    organisation_id VARCHAR,
    name VARCHAR NOT NULL,
    event_count INTEGER NOT NULL,
    report_count INTEGER NOT NULL,
    mean_event_count_4w DOUBLE
);
COMMENT ON TABLE mart.weekly_organisations IS 'One row per ISO week and organisation that takes part in an event.';
COMMENT ON COLUMN mart.weekly_organisations.week IS 'ISO week in the report''s time zone, such as 2026-W47';
COMMENT ON COLUMN mart.weekly_organisations.organisation_id IS 'the organisation in the gazetteer; null where it is known by name only';
COMMENT ON COLUMN mart.weekly_organisations.name IS 'the organisation''s name';
COMMENT ON COLUMN mart.weekly_organisations.event_count IS 'events first reported in the week; only outcome auto is counted';
COMMENT ON COLUMN mart.weekly_organisations.report_count IS 'articles of the week''s events that report them';
COMMENT ON COLUMN mart.weekly_organisations.mean_event_count_4w IS 'mean of event_count over the four weeks before; null for the first week';

CREATE TABLE mart.weekly_outlets (
    week VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    event_count INTEGER NOT NULL,
    report_count INTEGER NOT NULL,
    mean_event_count_4w DOUBLE
);
COMMENT ON TABLE mart.weekly_outlets IS 'One row per ISO week and outlet that reports an event.';
COMMENT ON COLUMN mart.weekly_outlets.week IS 'ISO week in the report''s time zone, such as 2026-W47';
COMMENT ON COLUMN mart.weekly_outlets.outlet_id IS 'the outlet';
COMMENT ON COLUMN mart.weekly_outlets.event_count IS 'events first reported in the week; only outcome auto is counted';
COMMENT ON COLUMN mart.weekly_outlets.report_count IS 'articles of the week''s events that report them';
COMMENT ON COLUMN mart.weekly_outlets.mean_event_count_4w IS 'mean of event_count over the four weeks before; null for the first week';

CREATE TABLE mart.weekly_languages (
    week VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    event_count INTEGER NOT NULL,
    report_count INTEGER NOT NULL,
    mean_event_count_4w DOUBLE
);
COMMENT ON TABLE mart.weekly_languages IS 'One row per ISO week and language in which an event is reported.';
COMMENT ON COLUMN mart.weekly_languages.week IS 'ISO week in the report''s time zone, such as 2026-W47';
COMMENT ON COLUMN mart.weekly_languages.language IS 'language of the reports, BCP 47; und where it was not recognised';
COMMENT ON COLUMN mart.weekly_languages.event_count IS 'events first reported in the week; only outcome auto is counted';
COMMENT ON COLUMN mart.weekly_languages.report_count IS 'articles of the week''s events that report them';
COMMENT ON COLUMN mart.weekly_languages.mean_event_count_4w IS 'mean of event_count over the four weeks before; null for the first week';
