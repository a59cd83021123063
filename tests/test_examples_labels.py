"""The composed region's articles come out as their labels say, in all nine languages, and their reports are joined.

The labels were written before the coder ran on the texts, which has been improved on them since: this proves that
nothing is lost again, not how good the coder is on articles it never saw.
"""

import json
import sys
from functools import cache
from pathlib import Path

import pytest

from bench import region_gold
from bench.region_gold import region_codebook, region_records
from flows.evaluate import Evaluation, evaluate
from flows.gold_files import read_gold
from transforms.differences import differences
from transforms.gold import gold_article

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk", "tr", "zh")


@cache
def evaluation() -> Evaluation:
    """Return every article of the region, coded and compared with its labels."""
    return evaluate([gold_article(record) for record in region_records()], region_codebook())


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_of_each_language_come_out_as_labelled(language: str) -> None:
    own = [row for row in evaluation().comparisons if row.language.split("-")[0] == language]
    found = [f"{row.gold.article.id}: {words}" for row in own for words in differences(row)]
    assert any(row.pairs for row in own)
    assert found == []


def test_reports_of_one_event_share_its_id_and_others_do_not() -> None:
    figures = evaluation().figures["all"]
    assert figures["merging.precision"].n > 80
    assert figures["merging.precision"].value == figures["merging.recall"].value == 1.0


def test_the_region_can_be_written_as_a_gold_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "region.jsonl"
    monkeypatch.setattr(sys, "argv", ["region_gold", str(path)])
    region_gold.main()
    assert read_gold([path]) == [gold_article(record) for record in region_records()]
    assert len({json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()}) > 100
