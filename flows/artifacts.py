"""What a person sees of a run in Prefect's pages: its summary, and the state of each outlet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.context import RunContext
from warehouse import read


def show_night(context: RunContext) -> None:
    """Leave the run's summary and the outlets' states with the flow run."""
    create_markdown_artifact(markdown=summary_markdown(context), key="night", description=f"The night {context.night}")
    rows = outlet_rows(context)
    create_table_artifact(table=rows, key="outlets", description=f"How each feed answered, {context.night}")


def summary_markdown(context: RunContext) -> str:
    """Return the run's counts as a Markdown table."""
    lines = [f"| {name.replace('_', ' ')} | {number:,} |" for name, number in sorted(context.counts.items())]
    return "\n".join([f"# {context.flow} {context.night}", "", "| what | number |", "|---|---:|", *lines])


def outlet_rows(context: RunContext) -> list[dict[str, Any]]:
    """Return one row a feed asked this night: outlet, feed, outcome, entries, and whether it met the poll before."""
    return [
        {
            "outlet": context.outlet_of[row["outlet_id"]].name
            if row["outlet_id"] in context.outlet_of
            else row["outlet_id"],
            "feed": row["feed_id"],
            "outcome": row["outcome"],
            "entries": row["entries_seen"],
            "new": row["entries_new"],
            "met the poll before": {True: "yes", False: "NO: items may be missing", None: "first poll"}[
                row["is_overlapping"]
            ],
        }
        for row in read.feeds_of_night(context.warehouse, date.fromisoformat(context.night))
    ]


def show_week(context: RunContext, delivery: Path) -> None:
    """Leave the week's report with the flow run."""
    report = (delivery / "report.md").read_text(encoding="utf-8")
    create_markdown_artifact(markdown=report, key="week", description=f"The report of {context.night}")
