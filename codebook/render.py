"""The codebook as a page for people: printed into every delivery and into the documentation, from the same data.

Pure text from a loaded `Codebook`. `python -m codebook.render` renews `docs/codebook.md`; a test fails if it is stale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from codebook.load import Codebook, load_codebook

PAGE = Path("docs/codebook.md")
_PRINCIPLES = Path(__file__).with_name("principles.md")
_STAGES = {"before": "proposed, planned", "done": "concluded, ongoing, renewed", "over": "suspended, ended"}


def codebook_page(codebook: Codebook) -> str:
    """Return the codebook as Markdown: the principles, every closed list with its definitions, and what is listed."""
    parts = [
        f"# Codebook, version {codebook.version}",
        _PRINCIPLES.read_text(encoding="utf-8").strip(),
        "## Types",
        _table(
            ("type", "group", "what it is"),
            ((f"`{entry.id}`", f"`{entry.group}`", entry.definition) for entry in codebook.types),
        ),
        "## Statuses",
        _table(("status", "the text says"), ((f"`{entry.id}`", entry.definition) for entry in codebook.statuses)),
        "## Roles",
        _table(("role", "who"), ((f"`{entry.id}`", entry.definition) for entry in codebook.roles)),
        "## Crosswalk to PLOVER",
        "Derived from type and status; nobody codes it.",
        _table(
            ("types", "status", "PLOVER", "CAMEO", "quad code"),
            (
                (", ".join(row.types), _STAGES[row.stage], row.event_type, row.cameo, row.quad_code)
                for row in codebook.crosswalk
            ),
        ),
        "## What is listed",
        _listed(codebook),
        "Organisations that were renamed; their earlier names are found in older texts.",
        _table(("organisation", "earlier name", "later name", "year"), _renamings(codebook)),
    ]
    return "\n\n".join(parts) + "\n"


def _listed(codebook: Codebook) -> str:
    """Return how much the gazetteer and the lexicons hold."""
    kinds = Counter(str(entry.kind) for entry in codebook.organisations.values())
    lines = Counter(line.language for line in codebook.lines)
    return "\n\n".join(
        [
            f"{len(codebook.organisations)} organisations: {_in_words(kinds)}.",
            f"{len(codebook.places)} places and {len(codebook.series)} recurring series.",
            f"Lexicon lines by language: {_in_words(lines)}.",
        ]
    )


def _renamings(codebook: Codebook) -> Iterable[tuple[str, str, str, str]]:
    """Yield each dated change of an organisation's name."""
    for entry in codebook.organisations.values():
        for renaming in entry.renamed:
            yield f"`{entry.id}`", renaming.before, renaming.after, str(renaming.year)


def _in_words(counts: Mapping[str, int]) -> str:
    """Return counts as words, largest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in ordered)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(codebook_page(load_codebook()), encoding="utf-8")
