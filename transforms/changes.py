"""What has changed between two deliveries of the events: added, changed, merged, withdrawn.

Pure; called by the weekly flow, which prints it as CHANGES.md.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

# What a reader would have to correct in a text that cited the event.
CITED = ("type", "status", "label", "countries", "date_start", "date_end", "place_name", "outcome")


def changes_page(
    week: str, previous_week: str | None, before: pd.DataFrame, now: pd.DataFrame, log: pd.DataFrame
) -> str:
    """Return the changes as Markdown.

    `before` and `now` hold the events of two deliveries (columns event_id, label and `CITED`), `log` the ids given up
    (old_event_id, new_event_id, kind).
    """
    old, new = _by_id(before), _by_id(now)
    merges = log[log["kind"] == "merge"]
    moved: dict[str, str] = dict(zip(merges["old_event_id"], merges["new_event_id"], strict=True))
    gone = sorted(old.keys() - new.keys())
    merged = [name for name in gone if _end_of(name, moved) in new]
    withdrawn = [name for name in gone if name not in merged]
    changed = [line for name in sorted(new.keys() & old.keys()) if (line := _diff(old[name], new[name]))]
    since = f"since {previous_week}" if previous_week else "in the first delivery"
    return (
        "\n\n".join(
            [
                f"# Changes of {week}",
                f"Events added, changed, merged and withdrawn {since}.",
                _section("Added", [_line(new[name]) for name in sorted(new.keys() - old.keys())]),
                _section("Changed", changed),
                _section("Merged", [f"- `{name}` is now `{_end_of(name, moved)}`" for name in merged]),
                _section("Withdrawn", [_line(old[name]) for name in withdrawn]),
            ]
        )
        + "\n"
    )


def _end_of(name: str, moved: dict[str, str]) -> str:
    """Return the id that an id stands for after all merges."""
    seen = set()
    while name in moved and name not in seen:
        seen.add(name)
        name = moved[name]
    return name


def _by_id(events: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the events as plain rows by id."""
    rows = events[["event_id", *CITED]].to_dict("records")
    return {str(row["event_id"]): {str(name): _plain(value) for name, value in row.items()} for row in rows}


def _plain(value: Any) -> str:
    """Return a cell as text that compares the same whether it was just computed or read from a file."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return "" if pd.isna(value) else str(value)[:10] if hasattr(value, "year") else str(value)
    return ", ".join(str(part) for part in value)


def _section(title: str, lines: list[str]) -> str:
    """Return a section with its lines, or the word that there are none."""
    return f"## {title} ({len(lines)})\n\n" + ("\n".join(lines) if lines else "None.")


def _line(event: dict[str, Any]) -> str:
    """Return one event as a list item."""
    return f"- `{event['event_id']}` {event['label']} ({event['status']})"


def _diff(old: dict[str, Any], new: dict[str, Any]) -> str | None:
    """Return what of an event has changed as a list item, or None."""
    parts = [f"{name}: {old[name] or 'none'} → {new[name] or 'none'}" for name in CITED if old[name] != new[name]]
    return f"- `{new['event_id']}` {new['label']}: {'; '.join(parts)}" if parts else None
