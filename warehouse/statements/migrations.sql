-- The one table that must stand before any migration can be recorded.
CREATE SCHEMA IF NOT EXISTS ops;
CREATE TABLE IF NOT EXISTS ops.migrations (
    number INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE ops.migrations IS 'One row per migration of the schema that was applied to this file.';
COMMENT ON COLUMN ops.migrations.number IS 'number of the migration, from its file name';
COMMENT ON COLUMN ops.migrations.name IS 'file name of the migration without its suffix';
COMMENT ON COLUMN ops.migrations.applied_at IS 'when it was applied';
