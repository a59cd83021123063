"""The composed region's labelled articles as gold: `python -m bench.region_gold OUT.jsonl`, then `monitor evaluate`.

The region's articles were labelled before any coder ran on them, but the coder has been improved on them since: these
are development data and say nothing about articles that nobody has seen. Read directly by `bench.gold`.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codebook.load import Codebook, load_codebook

REGION = Path(__file__).parent.parent / "examples" / "region"


def region_codebook() -> Codebook:
    """Return the codebook with the region's own organisations and series."""
    return load_codebook(extra_organisations=REGION / "organisations.toml", extra_series=REGION / "series.toml")


def region_records() -> Iterator[dict[str, Any]]:
    """Yield each article of the region as a gold record."""
    names = {one.id: one.name for one in region_codebook().organisations.values()}
    for path in sorted((REGION / "articles").glob("*.toml")):
        language = path.stem.rsplit(".", 1)[1]
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["article"]:
            yield _record(f"{path.stem}/{row['slug']}", language, row, names)


def _record(identity: str, language: str, row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return the gold record of one article."""
    labels = row["expect"]
    events = [
        {**event, "organisations": [{"id": key, "name": names.get(key)} for key in event["organisations"]]}
        for event in labels.get("event", [])
    ]
    return {
        "id": identity,
        "title": row["title"],
        "text": row["text"].strip(),
        "published_at": row["published_at"].isoformat(),
        "language": _written(language, row["text"]),
        "relevance": labels["relevance"],
        "events": events,
    }


def _written(language: str, text: str) -> str:
    """Return the language with its script where Uzbek is written in Cyrillic letters."""
    cyrillic = sum("а" <= letter <= "я" for letter in text.lower())
    return "uz-Cyrl" if language == "uz" and cyrillic > len(text) / 3 else language


def main() -> None:
    """Write the gold file that the command line names."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bench.region_gold OUT.jsonl")
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in region_records()]
    Path(sys.argv[1]).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
