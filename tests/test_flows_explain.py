"""`monitor code --explain` says what the coder did, in words that agree with what it coded, and harms no terminal."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from codebook.load import Codebook, load_codebook
from flows.explain import explain_file, harmless, page_of
from flows.settings import Settings, load_settings
from tests.conftest import Monitor
from transforms.coding import code_article
from transforms.event_json import article_text
from transforms.explaining import Explanation, explain

GOLD = Path(__file__).parent.parent / "bench" / "gold" / "development"
ARTICLE = {
    "id": "a",
    "title": "«Кабар» и «Ховар» подписали меморандум",
    "text": "БИШКЕК, 12 марта (Кабар). Агентства «Кабар» и «Ховар» подписали меморандум 12 марта 2025 года. "
    "Об этом сообщает агентство «Казинформ».",
    "published_at": "2025-03-12T16:00:00+06:00",
}


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, {})


def explained(line: dict[str, object], codebook: Codebook) -> Explanation:
    article = article_text(line)
    return explain(article, code_article(article, codebook), codebook)


def test_an_event_is_told_with_rule_words_score_dates_and_what_was_struck(codebook: Codebook) -> None:
    text = page_of(explained(ARTICLE, codebook), is_coloured=False).plain
    for words in (
        "language ru, relevance cooperation",
        "struck: dateline or credit: БИШКЕК, 12 марта (Кабар).",
        "struck: credited, no party: Казинформ (kazinform)",
        "[подписали|act] [меморандум|act]",
        "«[Кабар|organisation]»",
        "rule agreement.signed",
        "ru:document.memorandum",
        "opens possible event 1",
        "2025-03-12 (day, explicit)",
        "IS AN EVENT (auto",
    ):
        assert words in text


@pytest.mark.parametrize("language", ["ru", "en", "kk", "zh", "uz", "tg"])
def test_what_is_told_agrees_with_what_was_coded(language: str, codebook: Codebook) -> None:
    lines = (GOLD / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()[:12]
    for line in lines:
        found = explained(json.loads(line), codebook)
        told = [remark for _, remarks in found.drafts for remark in remarks if remark.startswith("IS AN EVENT")]
        assert len(told) == len(found.coded.events)
        for remark, event in zip(told, found.coded.events, strict=True):
            assert event.label in remark
        for sentence in found.sentences:
            ends = [0]
            for mark in sentence.marks:
                assert ends[-1] <= mark.start < mark.end <= len(sentence.text)
                ends.append(mark.end)


def test_what_the_discard_list_strikes_is_told_with_its_reason(codebook: Codebook) -> None:
    remarks = [
        remark
        for file in sorted(GOLD.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        for sentence in explained(json.loads(line), codebook).sentences
        for remark in sentence.remarks
    ]
    reasons = {row.id: row.reason for row in codebook.discards}
    struck = [remark for remark in remarks if ": discarded by " in remark]
    assert struck
    for remark in struck:
        name, _, reason = remark.partition(": discarded by ")[2].partition(", ")
        assert reasons[name] == reason
    outcomes = {"opens possible event", "joins possible event", "comes to no event"}
    assert all(any(outcome in remark for remark in remarks) for outcome in outcomes)


def test_a_language_without_a_lexicon_is_told(codebook: Codebook) -> None:
    found = explained({**ARTICLE, "language": "fi"}, codebook)
    assert found.remarks == ("there is no lexicon for the language fi",)


def test_a_terminal_is_coloured_and_a_pipe_is_plain(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(ARTICLE), encoding="utf-8")
    screen, pipe = io.StringIO(), io.StringIO()
    explain_file(source, None, settings, Console(file=screen, force_terminal=True, color_system="standard", width=80))
    explain_file(source, None, settings, Console(file=pipe, force_terminal=False))
    assert "\x1b[" in screen.getvalue()
    assert "|act]" not in screen.getvalue()
    assert "\x1b" not in pipe.getvalue()
    assert "[подписали|act]" in pipe.getvalue()


def test_events_go_to_the_file_and_not_between_the_words(tmp_path: Path, monitor: Monitor) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f"{json.dumps(ARTICLE)}\nno article\n", encoding="utf-8")
    done = monitor("code", source, "--explain", "--out", target, "--home", tmp_path, code=1)
    assert "IS AN EVENT" in done.stdout
    assert '"events"' not in done.stdout
    assert "in.jsonl:2:" in done.stderr
    assert json.loads(target.read_text(encoding="utf-8"))["events"]
    assert '"events"' not in monitor("code", source, "--explain", "--home", tmp_path, code=1).stdout


def test_nothing_in_an_article_steers_the_terminal(tmp_path: Path, settings: Settings) -> None:
    evil = "\x1b]0;owned\x07\x1b[31m\u202etxt\u2066\u200b\x9b2J[bold]x[/bold]"
    line = {**ARTICLE, "id": evil, "title": f"{ARTICLE['title']} {evil}", "text": f"{evil} {ARTICLE['text']} {evil}"}
    source, pipe = tmp_path / "in.jsonl", io.StringIO()
    source.write_text(json.dumps(line), encoding="utf-8")
    explain_file(source, None, settings, Console(file=pipe, force_terminal=False))
    assert not {one for one in pipe.getvalue() if one in "\x1b\x07\x9b\u202e\u2066\u200b"}
    assert "[bold]x[/bold]" in pipe.getvalue()


@given(st.text())
def test_what_is_made_harmless_keeps_its_length(text: str) -> None:
    assert len(harmless(text)) == len(text)
    assert harmless(harmless(text)) == harmless(text)
