"""What the bytes say: pure functions without network, database, clock or randomness."""
