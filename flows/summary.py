"""The summary at the end of a night or a poll: items new and unchanged, failures, bytes, time, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.filesize import decimal
from rich.table import Table

# what every summary says, if only that it was none
ALWAYS = ("items_new", "items_unchanged", "failed", "received_bytes", "rejects")
_ASKED = ("feeds", "pages")


def completed(counts: Mapping[str, int]) -> dict[str, int]:
    """Return a run's counts with those that every summary has."""
    return dict.fromkeys(ALWAYS, 0) | dict(counts)


def summary_table(title: str, counts: Mapping[str, Any], seconds: float) -> Table:
    """Return the summary of a run as people read it."""
    table = Table(title=title, show_header=False, box=None, title_justify="left")
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    table.add_row("items new", f"{counts['items_new']:,}")
    table.add_row("items unchanged", f"{counts['items_unchanged']:,}")
    table.add_row("failed", f"{counts['failed']:,}", _parts(counts, "failed_"))
    table.add_row("received", decimal(counts["received_bytes"]))
    table.add_row("time", _duration(seconds))
    for what in _ASKED:
        asked = sum(number for name, number in counts.items() if name.startswith(f"{what}_"))
        table.add_row(f"{what} asked", f"{asked:,}", _parts(counts, f"{what}_"))
    for name in [name for name in counts if name not in ALWAYS[:-1] and not _is_part(name)]:
        table.add_row(name.replace("_", " "), f"{counts[name]:,}")
    return table


def _is_part(name: str) -> bool:
    """Say whether a count stands beside the sum that it is a part of."""
    return name.startswith(tuple(f"{what}_" for what in (*_ASKED, "failed")))


def _parts(counts: Mapping[str, int], prefix: str) -> str:
    """Return the parts of a sum, the largest first."""
    parts = sorted((-number, name.removeprefix(prefix)) for name, number in counts.items() if name.startswith(prefix))
    return ", ".join(f"{name.replace('_', ' ')} {-number:,}" for number, name in parts if number)


def _duration(seconds: float) -> str:
    """Return a duration as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{seconds:.1f} s"
