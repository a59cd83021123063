"""Measurements on real material that lies outside the repository; run by hand and by whoever changes a reader."""
