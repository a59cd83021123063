"""`monitor evaluate`: how good the coder is on articles that people have labelled.

Thin around `evaluate`; heavy libraries are imported inside. Added to the `monitor` command by `cli`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from codebook.files import FileError
from flows.command_line import HomeOption, showing_progress
from flows.settings import SettingsError, load_settings


def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="GOLD…", help="JSON Lines: articles with their events.")],
    baselines: Annotated[bool, typer.Option("--baselines", help="Judge two simple readers beside the coder.")] = False,
    ablations: Annotated[
        bool, typer.Option("--ablations", help="Judge the coder without each of its parts, too.")
    ] = False,
    misses: Annotated[
        bool, typer.Option("--misses", help="List each article where coder and gold differ: development data only.")
    ] = False,
    language: Annotated[str | None, typer.Option(help="Only articles in this language, such as kk.")] = None,
    json_out: Annotated[
        Path | None, typer.Option("--json", metavar="OUT", help="Write the figures for machines, too.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Judge the coder on labelled articles: precision, recall and facts, each with its n and a 95 % interval."""
    settings = load_settings(home)
    from codebook.load import load_codebook
    from flows.evaluate import as_json, of_language, unknown_organisations
    from flows.evaluate import evaluate as judge
    from flows.evaluation_tables import lines_of_misses, print_tables, tables_of
    from flows.gold_files import read_gold

    codebook = load_codebook(
        extra_organisations=settings.codebook.extra_organisations, extra_series=settings.codebook.extra_series
    )
    if json_out is not None and (json_out.is_dir() or not json_out.parent.is_dir()):
        raise FileError(json_out, 1, "--json", "no file can be written there", "Name a file in a folder that is there.")
    gold = read_gold(files)
    if language is not None:
        gold = of_language(gold, language)
    if not gold:
        where = "no article" if language is None else f"no article that states the language {language!r}"
        raise SettingsError(f"{', '.join(map(str, files))}: {where}. Name files of articles with their events.")
    if unknown := unknown_organisations(gold, codebook):
        typer.echo(f"monitor: not in the gazetteer, so never found by id: {', '.join(unknown)}", err=True)
    with showing_progress():
        evaluation = judge(gold, codebook, with_baselines=baselines, with_ablations=ablations)
    if misses:
        for line in lines_of_misses(evaluation.comparisons):
            typer.echo(line)
    print_tables(tables_of(evaluation))
    if json_out is not None:
        json_out.write_text(json.dumps(as_json(evaluation), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
