"""The suites by the name of their table. Read by `judge` and `validate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from expectations import articles, entries, event_reports
from expectations.rules import Suite

SUITES: Final[Mapping[str, Suite]] = {
    suite.table: suite for suite in (entries.SUITE, articles.SUITE, event_reports.SUITE)
}
