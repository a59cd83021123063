"""`monitor code` on files as people have them: in any order, with a mark, empty, stopped by hand, put anywhere."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codebook.files import FileError
from flows import code
from flows.code import code_file
from flows.settings import Settings, load_settings

ARTICLE = {
    "id": "a",
    "title": "«Кабар» и «Алатау Ақпарат» подписали меморандум",
    "text": "Агентство «Кабар» и медиахолдинг «Алатау Ақпарат» подписали меморандум о сотрудничестве в Алматы.",
    "published_at": "2025-04-17T16:00:00+05:00",
    "url": "https://one.example/a",
}
AGAIN = {**ARTICLE, "id": "b", "published_at": "2025-04-17T19:00:00+05:00", "url": "https://two.example/b"}
SNOW = {"id": "c", "title": "Снег", "text": "В горах выпал снег.", "published_at": None}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, {})


def coded(lines: list[object], folder: Path, settings: Settings) -> list[dict[str, object]]:
    """Return what becomes of these lines."""
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
    assert code_file(source, target, settings) == []
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_ids_depend_on_the_set_of_lines_and_not_on_their_order(tmp_path: Path, settings: Settings) -> None:
    one = coded([ARTICLE, SNOW, AGAIN], tmp_path, settings)
    other = coded([AGAIN, ARTICLE, SNOW], tmp_path, settings)
    assert [line["id"] for line in one] == ["a", "c", "b"]
    assert {line["id"]: line for line in one} == {line["id"]: line for line in other}
    first, _, second = one
    assert first["events"][0]["event_id"] == second["events"][0]["event_id"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n  \r\n"])
def test_a_file_without_articles_gives_an_empty_one(content: bytes, tmp_path: Path, settings: Settings) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(content)
    assert code_file(source, target, settings) == []
    assert target.read_bytes() == b""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({**ARTICLE, "url": "\ud800"}, "url: half a surrogate pair"),
        ({**ARTICLE, "language": "\udfff"}, "language: half a surrogate pair"),
        ({**ARTICLE, "published_at": "0001-01-01T00:00:00+14:00"}, "published_at: a year from 1900"),
        ({**ARTICLE, "published_at": "yesterday"}, "published_at: an ISO 8601 time"),
        (ARTICLE | {"id": "c"}, "the id 'c' stands on an earlier line too"),
    ],
)
def test_a_bad_line_is_told_and_the_rest_is_coded(line: object, words: str, tmp_path: Path, settings: Settings) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(f"{json.dumps(one)}\n" for one in (SNOW, line, AGAIN)), encoding="utf-8")
    (bad,) = code_file(source, target, settings)
    assert bad.line == 2
    assert words in bad.problem
    assert [json.loads(one)["id"] for one in target.read_text(encoding="utf-8").splitlines()] == ["c", "b"]


def test_a_failure_leaves_the_earlier_file_and_no_half_one(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(ARTICLE), encoding="utf-8")
    target.write_text("of yesterday", encoding="utf-8")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(code, "event_record", stop)
    with pytest.raises(KeyboardInterrupt):
        code_file(source, target, settings)
    assert target.read_text(encoding="utf-8") == "of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_the_command_stopped_by_hand_leaves_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = (json.dumps({**ARTICLE, "id": f"{number}"}) for number in range(20_000))
    source.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "flows.cli", "code", str(source), "--out", str(target), "--home", str(tmp_path)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    while not list(tmp_path.glob(".*.unfinished")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode not in (0, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_no_place_is_written_to_that_is_not_a_file_of_its_own(tmp_path: Path, settings: Settings) -> None:
    source, link = tmp_path / "in.jsonl", tmp_path / "link.jsonl"
    source.write_text(json.dumps(SNOW), encoding="utf-8")
    link.symlink_to(source)
    for target in (source, link, tmp_path, Path(os.devnull), tmp_path / "nowhere" / "out.jsonl"):
        with pytest.raises(FileError, match="--out"):
            code_file(source, target, settings)
    assert json.loads(source.read_text(encoding="utf-8")) == SNOW


def test_a_link_is_written_through(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(SNOW), encoding="utf-8")
    code_file(source, tmp_path / "link.jsonl", settings)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert json.loads((tmp_path / "real.jsonl").read_text(encoding="utf-8"))["id"] == "c"


def test_texts_are_not_kept(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(ARTICLE), encoding="utf-8")
    (article,) = code.articles_of(source, [])
    kept = code._without_text(article)
    assert len(kept.title) + len(kept.text) == 32
