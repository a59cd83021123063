"""Bare trafilatura on the same bytes: no network, no captures, nothing but extraction in so many processes.

    python -m bench.fetch_bare FOLDER --processes 2 [--metadata]

It is the ceiling against which our own path is measured. Prints one line of JSON.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import trafilatura
import typer

from bench.fetch_pages import read_pages_index

_TO_A_TASK = 8


def main(
    folder: Path, processes: Annotated[int, typer.Option()] = 2, metadata: Annotated[bool, typer.Option()] = False
) -> None:
    """Extract every page of the index."""
    files = [folder / page.file for page in read_pages_index(folder)]
    extract = partial(text_length, is_with_metadata=metadata)
    extract(files[0])  # what is loaded at first use is loaded before the workers are forked
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        lengths = [length for length in pool.imap_unordered(extract, files, _TO_A_TASK) if length]
    seconds = time.perf_counter() - started
    print(json.dumps({"articles": len(lengths), "characters": sum(lengths), "seconds": seconds}))


def text_length(file: Path, *, is_with_metadata: bool) -> int:
    """Return how many characters of text a page holds."""
    page = gzip.decompress(file.read_bytes()).decode()
    document = trafilatura.bare_extraction(
        page, fast=True, include_comments=False, with_metadata=is_with_metadata, url="http://127.1.0.1/"
    )
    return len(document.text or "") if document else 0


if __name__ == "__main__":
    typer.run(main)
