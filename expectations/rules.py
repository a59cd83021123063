"""The form of an expectation and of a suite: data, so that every threshold stands beside its reason.

It judges nothing and loads nothing heavy. Filled by `entries`, `articles` and `event_reports`, read by `judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pandas as pd

DIGEST: Final = r"^[0-9a-f]{32}$"
WEB_ADDRESS: Final = r"^https?://[^\s/]+"
NOT_BLANK: Final = r"\S"
WEB_BEGAN: Final = pd.Timestamp("1995-01-01")  # rules see times in UTC without a zone


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation: its name, the Great Expectations class that tests it, with which arguments, and why.

    A row that fails a critical rule is refused; a warning is only counted.
    """

    name: str
    column: str
    expectation: str
    arguments: Mapping[str, Any]
    reason: str
    severity: Literal["warning", "critical"] = "critical"


@dataclass(frozen=True, slots=True)
class Suite:
    """The rules of one table; `prepare` adds the columns that rules need and rows do not keep."""

    table: str
    row_id: str
    required: tuple[str, ...]  # columns without which there is nothing to judge
    rules: tuple[Rule, ...]
    prepare: Callable[[pd.DataFrame], pd.DataFrame] = field(default=lambda frame: frame)


def present(name: str, column: str, reason: str, severity: Literal["warning", "critical"] = "critical") -> Rule:
    """Return the rule that a column holds a value."""
    return Rule(name, column, "ExpectColumnValuesToNotBeNull", {"column": column}, reason, severity)


def matches(
    name: str, column: str, pattern: str, reason: str, severity: Literal["warning", "critical"] = "critical"
) -> Rule:
    """Return the rule that a text, where there is one, has a form."""
    arguments = {"column": column, "regex": pattern}
    return Rule(name, column, "ExpectColumnValuesToMatchRegex", arguments, reason, severity)


def one_of(name: str, column: str, values: tuple[Any, ...], reason: str) -> Rule:
    """Return the rule that a value belongs to a closed list."""
    arguments = {"column": column, "value_set": list(values)}
    return Rule(name, column, "ExpectColumnValuesToBeInSet", arguments, reason)


def between(
    name: str,
    column: str,
    low: Any,
    high: Any,
    reason: str,
    severity: Literal["warning", "critical"] = "critical",
) -> Rule:
    """Return the rule that a value lies between two bounds, both included; None is no bound."""
    arguments = {"column": column, "min_value": low, "max_value": high}
    return Rule(name, column, "ExpectColumnValuesToBeBetween", arguments, reason, severity)


def length(
    name: str,
    column: str,
    low: int | None,
    high: int | None,
    reason: str,
    severity: Literal["warning", "critical"] = "critical",
) -> Rule:
    """Return the rule that a text's length in characters lies between two bounds, both included."""
    arguments = {"column": column, "min_value": low, "max_value": high}
    return Rule(name, column, "ExpectColumnValueLengthsToBeBetween", arguments, reason, severity)


def not_after(name: str, column: str, limit_column: str, reason: str) -> Rule:
    """Return the rule that a time is not later than that of another column of its row."""
    arguments = {
        "column_A": limit_column,
        "column_B": column,
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    }
    return Rule(name, column, "ExpectColumnPairValuesAToBeGreaterThanB", arguments, reason)
