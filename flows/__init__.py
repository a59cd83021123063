"""When, and in which order: the Prefect flows, the settings and the `monitor` command."""
