"""Fetching and reading, measured: `python -m bench.fetch` beside scrapy + trafilatura and newspaper4k.

Composed pages are served by a process of its own to everyone in turn: 300 outlets on loopback addresses, 20 ms before
each answer, no spacing between requests. Bare trafilatura on the same bytes is the ceiling. Prints a table, writes
`build/bench-fetch.json`; the exit code is 1 when our own row is incomplete. `--no-peers` installs nothing.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from bench.fetch_pages import compose_pages
from bench.fetch_peers import PEERS, Peer, PeerAbsentError, install
from bench.fetch_server import address_of
from bench.watched import Watched, run_watched

OURS: Final = "this monitor"
BARE: Final = "bare trafilatura, text"
BARE_WITH_METADATA: Final = "bare trafilatura, text and metadata"
RESULTS: Final = Path("build/bench-fetch.json")
MOST_SECONDS: Final = 1_200.0  # for one contender; what takes longer is ended and its row says so
_NARROWEST: Final = 120  # columns; a pipe has 80
_LAST_WORDS: Final = 30
_PACKAGES: Final = ("aiohttp", "trafilatura", "lxml", "fastwarc", "warcio", "pebble")
# whatever a peer would ask of the internet (pages are plain http) ends at a closed port
_FENCED: Final = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


@dataclass(frozen=True, slots=True)
class Row:
    """What one contender took for its pages; `problem` says why there are no figures."""

    name: str
    pages: int
    articles: int = 0
    characters: int = 0
    seconds: float = 0.0  # from the first request (or page) to the last article, without imports
    processor_seconds: float = 0.0  # of the whole tree of processes, imports included
    peak_bytes: int = 0
    load: float = 0.0  # of the machine when it began; figures of a busy machine are low
    note: str = ""
    problem: str = ""

    @property
    def pages_per_second(self) -> float:
        """How many pages became articles, or were looked at in vain, in a second."""
        return self.pages / self.seconds if self.seconds else 0.0


def main(
    outlets: Annotated[int, typer.Option(help="hosts on loopback", min=1, max=1_000)] = 300,
    pages: Annotated[int, typer.Option(help="articles in all", min=1, max=20_000)] = 3_000,
    latency: Annotated[float, typer.Option(help="seconds before each answer")] = 0.02,
    processes: Annotated[int, typer.Option(help="workers that extract, ours and bare trafilatura's")] = 2,
    peers: Annotated[bool, typer.Option(help="measure the peers too; installs them where they are missing")] = True,
    results: Annotated[Path, typer.Option(help="where the figures go")] = RESULTS,
) -> None:
    """Measure everyone on the same pages, one after the other."""
    console = Console(width=max(Console().width, _NARROWEST))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        composed = compose_pages(folder / "pages", outlets, pages)
        with serving(folder / "pages", outlets, latency) as port:
            urls = [f"http://{address_of(page.outlet)}:{port}{page.path}" for page in composed]
            rows = [*_own_rows(folder, port, pages, processes), *(_peer_rows(folder, urls) if peers else ())]
    print_rows(console, rows)
    about = {"outlets": outlets, "pages": pages, "latency_seconds": latency, "processes": processes}
    write_results(results, rows, about)
    raise typer.Exit(0 if rows[0].articles else 1)


# --- the contenders ---


def _own_rows(folder: Path, port: int, pages: int, processes: int) -> Iterator[Row]:
    """Yield our own row and the two ceilings."""
    workers = ["--processes", str(processes)]
    store = str(folder / "pages")
    yield _measure(folder, OURS, pages, _module("fetch_ours", store, str(port), str(folder / "home"), *workers))
    yield _measure(folder, BARE, pages, _module("fetch_bare", store, *workers))
    yield _measure(folder, BARE_WITH_METADATA, pages, _module("fetch_bare", store, *workers, "--metadata"))


def _peer_rows(folder: Path, urls: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each peer; one that cannot be installed says so in its row."""
    for peer in PEERS:
        given = list(urls)[: max(1, round(len(urls) * peer.share))]
        try:
            install(peer, MOST_SECONDS)
        except PeerAbsentError as error:
            yield Row(peer.name, len(given), problem=str(error))
            continue
        list_of_urls = folder / "urls.txt"
        list_of_urls.write_text("\n".join(given), encoding="utf-8")
        yield _measure(folder, peer.name, len(given), peer.command(list_of_urls), note=_packages_of(peer))


def _module(name: str, *words: str) -> list[str]:
    """Return what runs a module of the bench by this interpreter.

    As in the installed command, the main module holds nothing that workers would have to import again.
    """
    program = f"import sys, typer; from bench.{name} import main; sys.argv[0] = '{name}'; typer.run(main)"
    return [sys.executable, "-c", program, *words]


def _packages_of(peer: Peer) -> str:
    """Return the packages of a peer, and when they were pinned."""
    return f"{', '.join(peer.packages)}, pinned on {peer.pinned_on}"


def _measure(folder: Path, name: str, pages: int, command: Sequence[str], note: str = "") -> Row:
    """Run one contender and return its row."""
    load, log = os.getloadavg()[0], folder / "log.txt"
    print(f"{name}: {pages} pages …", file=sys.stderr, flush=True)
    watched = run_watched(command, log, MOST_SECONDS, os.environ | _FENCED)
    if watched.exit_code != 0:
        return Row(name, pages, load=load, note=note, problem=_problem(watched, log))
    return _row(name, pages, watched, load, note)


def _row(name: str, pages: int, watched: Watched, load: float, note: str) -> Row:
    """Return the row of a contender that came to its end; its last line of output is JSON."""
    said = json.loads(watched.output.splitlines()[-1])
    stages = [f"{stage} {said[f'{stage}_seconds']:.1f} s" for stage in ("fetch", "read") if f"{stage}_seconds" in said]
    return Row(
        name,
        pages,
        said["articles"],
        said["characters"],
        said["seconds"],
        watched.processor_seconds,
        watched.peak_bytes,
        load,
        note or " + ".join(stages),
    )


def _problem(watched: Watched, log: Path) -> str:
    """Return why there are no figures, in the contender's last words."""
    if watched.exit_code is None:
        return f"ended after {MOST_SECONDS:g} s"
    last = log.read_text(encoding="utf-8", errors="replace").split()[-_LAST_WORDS:]
    return f"exit code {watched.exit_code}: {' '.join(last)}"


@contextmanager
def serving(folder: Path, outlets: int, latency_seconds: float) -> Iterator[int]:
    """Run the server while the block runs, and yield its port."""
    words = (str(folder), "--outlets", str(outlets), "--latency", str(latency_seconds))
    with subprocess.Popen(_module("fetch_server", *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()  # it ends with its input, as it would if this process died
            server.wait(timeout=30)


# --- showing ---


def print_rows(console: Console, rows: Sequence[Row]) -> None:
    """Print the rows, each beside ours."""
    table = Table(title="Fetching and reading on loopback", caption="“ours” is how many times faster this monitor is")
    table.add_column("contender", no_wrap=True)
    for heading in ("pages", "articles", "pages/s", "ours", "CPU ms/page", "peak MiB", "load"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(row.name, f"{row.pages:,}", *(() if row.problem else _figures(row, rows[0])))
    console.print(table)
    for words in [
        *(f"{row.name}: {row.problem or row.note}" for row in rows if row.problem or row.note),
        *ratios(rows),
    ]:
        console.print(words, highlight=False, markup=False)


def _figures(row: Row, ours: Row) -> tuple[str, ...]:
    """Return the figures of a row in words."""
    return (
        f"{row.articles:,}",
        f"{row.pages_per_second:.1f}",
        f"× {ours.pages_per_second / row.pages_per_second:.2f}" if row.pages_per_second else "",
        f"{1_000 * row.processor_seconds / row.pages:.0f}",
        f"{row.peak_bytes / 2**20:,.0f}",
        f"{row.load:.1f}",
    )


def ratios(rows: Sequence[Row]) -> list[str]:
    """Say how our own path stands to bare extraction on the same bytes in as many processes."""
    ours, by_name = rows[0], {row.name: row for row in rows}
    return [
        f"{OURS} reaches {ours.pages_per_second / bare.pages_per_second:.0%} of {bare.name} on the same bytes"
        for name in (BARE, BARE_WITH_METADATA)
        if (bare := by_name.get(name)) is not None and bare.pages_per_second and ours.pages_per_second
    ]


def write_results(path: Path, rows: Sequence[Row], about: Mapping[str, Any]) -> None:
    """Write rows, circumstances and versions as JSON."""
    ours = rows[0].pages_per_second
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processors": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "versions": {name: version(name) for name in _PACKAGES},
        "given": dict(about),
        "rows": [
            asdict(row)
            | {
                "pages_per_second": row.pages_per_second,
                "ours_to_this": ours / row.pages_per_second if row.pages_per_second else None,
            }
            for row in rows
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
