"""Where it stays: DuckDB schema, store, read, checks, marts, publish and export."""
