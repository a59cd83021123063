"""Material to try the monitor on."""
