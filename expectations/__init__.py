"""Whether it may come in: one Great Expectations suite per table; accept, quarantine or stop."""
