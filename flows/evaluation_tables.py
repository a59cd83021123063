"""The tables in which people read an evaluation: drawn in a terminal, plain aligned text in a file.

A rate is shown with its 95 % interval and its n; of fewer than ten cases only the n is told. Called by `coding_cli`
and by `bench/gold.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from flows.evaluate import CODER, Evaluation
from transforms.differences import differences, evidence
from transforms.evaluate import FIGURES, SHARES, Comparison, alarms, calibration, confusion, gaps
from transforms.intervals import Estimate

_WIDE = 200  # columns of a file
_MAIN = ("relevance.precision", "relevance.recall", "relevance.f1", "events.precision", "events.recall", "events.f1")
_FACTS = tuple(f"{name}.accuracy" for name in SHARES[:3])
_SETS = ("organisations.f1", "countries.f1", "merging.precision", "merging.recall")


def tables_of(evaluation: Evaluation) -> Iterator[Table]:
    """Yield the tables that hold no article: they may be shown of a set that nobody is to see."""
    everything = evaluation.figures["all"]
    yield _by_language("Relevance and events by language", evaluation.figures, _MAIN)
    yield _by_language("Facts of matched events, and merging, by language", evaluation.figures, (*_FACTS, *_SETS))
    yield _all_figures(everything)
    if evaluation.rivals:
        yield _rivals(evaluation)
    if found := gaps(evaluation.comparisons):
        yield _gaps(found)
    yield _calibration(evaluation.comparisons)
    yield _alarms(evaluation.comparisons)
    yield _confusion(evaluation.comparisons, "type")
    yield _confusion(evaluation.comparisons, "status")


def print_tables(tables: Iterable[Table], console: Console | None = None) -> None:
    """Print tables, without lines and at their full width where nobody's screen shows them."""
    is_screen = (console or Console()).is_terminal
    target = console or Console(width=None if is_screen else _WIDE, markup=False, highlight=False)
    for table in tables:
        if is_screen:  # which has room for short headings only
            for column in table.columns:
                column.header = str(column.header).replace(".", "\n")
        else:
            target.print(table.title)
            table.box, table.title = None, None
        target.print(table)
        target.print()


def lines_of_misses(comparisons: Iterable[Comparison]) -> Iterator[str]:
    """Yield each article where coder and gold differ, with what differs and what made the coder say so."""
    for comparison in comparisons:
        if found := differences(comparison):
            kind = f" ({comparison.gold.kind})" if comparison.gold.kind else ""
            yield f"{comparison.gold.article.id}{kind}: {comparison.gold.article.title}"
            yield from (f"    {line}" for line in found)
            yield from (f"      | {line}" for line in evidence(comparison))


def words_of(estimate: Estimate) -> str:
    """Return a rate as percentages with interval and n, such as "83.3 (55–95) n 12"; of too few cases a dash."""
    if not estimate.is_shown:
        return f"– n {estimate.n}"
    low, high = round(100 * estimate.low), round(100 * estimate.high)
    return f"{100 * estimate.value:.1f} ({low}–{high}) n {estimate.n}"


def _by_language(title: str, figures: Mapping[str, Mapping[str, Estimate]], names: Sequence[str]) -> Table:
    """Return these figures, a row for each language."""
    table = _table(title, "language", names)
    for language, found in figures.items():
        if language == "all":
            table.add_section()
        table.add_row(language, *(words_of(found[name]) for name in names))
    return table


def _all_figures(found: Mapping[str, Estimate]) -> Table:
    """Return every figure over all languages, a row each."""
    table = _table("All figures, all languages (%, 95 % interval)", "figure", ("value",))
    for name in FIGURES:
        table.add_row(name, words_of(found[name]))
    return table


def _rivals(evaluation: Evaluation) -> Table:
    """Return the coder beside what stands beside it; a reader that gives no events is judged by relevance alone."""
    table = _table("The coder, its parts and the baselines", "reader", _MAIN)
    for name, found in [(CODER, evaluation.figures["all"]), *((one.name, one.figures) for one in evaluation.rivals)]:
        gives_events = found["events.precision"].n > 0
        shown = [words_of(found[key]) if gives_events or key.startswith("relevance") else "" for key in _MAIN]
        table.add_row(name, *shown)
    return table


def _gaps(found: Mapping[str, Estimate]) -> Table:
    """Return how far languages lie below the mean of English and Russian."""
    table = _table("F1 below the mean of English and Russian (points)", "figure", ("points",))
    for name, estimate in found.items():
        table.add_row(name, words_of(estimate))
    return table


def _calibration(comparisons: Iterable[Comparison]) -> Table:
    """Return how often the coder is right when it is how sure."""
    table = _table("Events by the coder's confidence", "confidence", ("mean confidence", "right"))
    for one in calibration(comparisons):
        table.add_row(f"{one.start:.1f}–{one.end:.1f}", f"{100 * one.mean_confidence:.1f}", words_of(one.right))
    return table


def _alarms(comparisons: Iterable[Comparison]) -> Table:
    """Return how often articles without an event are called co-operation, by what makes them hard."""
    table = _table("Articles without an event that are called co-operation", "kind", ("how many", "share"))
    for kind, estimate in alarms(comparisons).items():
        table.add_row(kind, str(round(estimate.value * estimate.n)), words_of(estimate))
    return table


def _confusion(comparisons: Iterable[Comparison], field: str) -> Table:
    """Return which type (or status) was coded as which; rows are the gold's, columns the coder's."""
    counts = confusion(comparisons, field)
    wanted = sorted({gold for gold, _ in counts}, key=lambda word: (word == "none", word))
    given = sorted({found for _, found in counts}, key=lambda word: (word == "none", word))
    table = _table(f"{field.capitalize()}: gold in rows, coder in columns", "gold", given)
    for word in wanted:
        table.add_row(word, *(str(counts.get((word, found), "")) for found in given))
    return table


def _table(title: str, first: str, names: Sequence[str]) -> Table:
    """Return an empty table whose columns are figures."""
    table = Table(title=title)
    table.add_column(first, no_wrap=True)
    for name in names:
        table.add_column(name, justify="right")
    return table
