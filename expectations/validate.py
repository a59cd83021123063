"""Great Expectations, and nothing else: which rows of a frame fail which rules.

It decides nothing. Called by `judge`; loads the library and builds its context once a process.
"""

from __future__ import annotations

import logging
import os
import warnings
from functools import cache
from types import ModuleType
from typing import Any, Final

import pandas as pd

from expectations.rules import Rule, Suite
from expectations.suites import SUITES

_POSITION: Final = "row_position"  # rows are told apart by where they stand: their ids may be what is wrong
_RESULT_FORMAT: Final = {"result_format": "COMPLETE", "unexpected_index_column_names": [_POSITION]}


def failing_rows(suite: Suite, frame: pd.DataFrame) -> list[tuple[Rule, list[int]]]:
    """Return the positions of the rows that fail each rule of a suite, in the order of its rules.

    Raises ValueError when a rule could not be tested at all, which is a mistake in the program and not in the data.
    """
    numbered = _in_plain_utc(frame).assign(**{_POSITION: range(len(frame))})
    outcome = _definition(suite.table).run(batch_parameters={"dataframe": numbered}, result_format=_RESULT_FORMAT)
    by_name = {result.expectation_config.meta["rule"]: result for result in outcome.results}
    return [(rule, _positions(suite, rule, by_name[rule.name])) for rule in suite.rules]


def _in_plain_utc(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with times in UTC without a zone: the library takes zones off with a deprecated call."""
    zoned = frame.select_dtypes("datetimetz").columns
    return frame.assign(**{str(name): frame[name].dt.tz_convert("UTC").dt.tz_localize(None) for name in zoned})


def _positions(suite: Suite, rule: Rule, result: Any) -> list[int]:
    """Return the failing positions that one result names."""
    rows = result.result.get("unexpected_index_list")
    if rows is None and not result.success:
        raise ValueError(f"{suite.table}: {rule.name} could not be tested: {result.exception_info}")
    return sorted(int(row[_POSITION]) for row in rows or ())


@cache
def _library() -> ModuleType:
    """Return Great Expectations, loaded without the warnings about the old modules that it imports."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations
        import great_expectations.expectations
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # or it tells of its temporary folders
    library: ModuleType = great_expectations
    return library


@cache
def _context() -> Any:
    """Return a context that lives in memory, shows no progress and tells nobody."""
    context = _library().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


@cache
def _definition(table: str) -> Any:
    """Return the validation of one table: its suite, bound to whatever frame is handed over."""
    gx, context = _library(), _context()
    suite = context.suites.add(gx.ExpectationSuite(name=table))
    suite.expectations = [
        getattr(gx.expectations, rule.expectation)(**rule.arguments, severity=rule.severity, meta={"rule": rule.name})
        for rule in SUITES[table].rules
    ]
    suite.save()
    asset = context.data_sources.add_pandas(table).add_dataframe_asset(table)
    rows = asset.add_batch_definition_whole_dataframe(table)
    return context.validation_definitions.add(gx.ValidationDefinition(name=table, data=rows, suite=suite))
