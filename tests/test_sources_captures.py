"""Captures: what is written is what is read back, by our reader and by the tools of others; crashes are mended."""

from __future__ import annotations

import argparse
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.checker import Checker

from sources.captures import CaptureWriter, read_capture, read_captures, repair, warc_files
from sources.warc import Attempt, attempt_bytes
from transforms.records import Capture, CaptureKind, Outcome, Request, Response, digest

NIGHT = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
FEED = Request(
    CaptureKind.FEED,
    "kabar",
    "https://kabar.example/rss?a=1&b=жаңы",
    "kabar:ky",
    'W/"a;b"',
    "Sun, 22 Nov 2026 01:02:03 GMT",
)
PAGE = Request(CaptureKind.PAGE, "kabar", "https://kabar.example/news/1")
HTML = "<html><title>Жаңылыктар</title></html>".encode()
PACKED = gzip.compress(HTML, mtime=0)

SITUATIONS: dict[str, tuple[Request, Response]] = {
    "an answer": (
        PAGE,
        Response(Outcome.FETCHED, PAGE.url, 200, (("Content-Type", "text/html"), ("ETag", '"1"')), HTML),
    ),
    "a packed answer": (
        PAGE,
        Response(Outcome.FETCHED, PAGE.url, 200, (("content-encoding", "gzip"),), payload=HTML, raw_payload=PACKED),
    ),
    "a short packed answer": (
        PAGE,
        Response(
            Outcome.FETCHED,
            PAGE.url,
            200,
            (("Content-Encoding", "gzip"),),
            b"x",
            raw_payload=gzip.compress(b"x", mtime=0),
        ),
    ),
    # not brotli: where its library is installed, warcio 1.8's checker stumbles over the very name
    "a body in an encoding not asked for": (
        PAGE,
        Response(
            Outcome.UNPARSABLE, PAGE.url, 200, (("Content-Encoding", "zstd"),), error="zstd", raw_payload=b"\x28\xb5"
        ),
    ),
    "a body that is not what it says": (
        PAGE,
        Response(
            Outcome.UNPARSABLE, PAGE.url, 200, (("Content-Encoding", "gzip"),), error="gzip", raw_payload=PACKED[:-9]
        ),
    ),
    "a redirected answer": (
        FEED,
        Response(Outcome.FETCHED, PAGE.url, 200, (), HTML, ("http://k.example/a", PAGE.url), elapsed_seconds=1.25),
    ),
    "not modified": (FEED, Response(Outcome.NOT_MODIFIED, FEED.url, 304, (("ETag", 'W/"a;b"'),))),
    "headers beyond ASCII": (
        PAGE,
        Response(Outcome.FETCHED, PAGE.url, 200, (("X-Город", "Бишкек; é"), ("X", "")), HTML),
    ),
    "the same header twice": (PAGE, Response(Outcome.FETCHED, PAGE.url, 200, (("Link", "<a>"), ("Link", "<b>")), HTML)),
    "a body like a head": (PAGE, Response(Outcome.FETCHED, PAGE.url, 200, (), b"\r\n\r\nWARC/1.1\r\n\r\n")),
    "an empty body": (PAGE, Response(Outcome.HTTP_5XX, PAGE.url, 503)),
    "a status of no standard": (PAGE, Response(Outcome.HTTP_5XX, PAGE.url, 999)),
    "too large": (PAGE, Response(Outcome.TOO_LARGE, PAGE.url, 200, (("Content-Length", "9" * 9),), error="too large")),
    "no answer": (FEED, Response(Outcome.TIMEOUT, FEED.url, error="no complete answer within 60 seconds")),
    "an address that would end its header": (
        replace(PAGE, url="http://a.example/\r\nEvil: 1"),
        Response(Outcome.REFUSED_ADDRESS, "http://a.example/ \r\nEvil: 1", error="x\ny"),
    ),
    "an address that is none": (replace(PAGE, url="http://[::1/"), Response(Outcome.REFUSED_ADDRESS, "http://[::1/")),
    "half a surrogate pair": (
        replace(PAGE, url="http://a.example/\ud800"),
        Response(Outcome.REFUSED_ADDRESS, "\ud800"),
    ),
    "an address of another kind": (
        PAGE,
        Response(Outcome.REFUSED_ADDRESS, "ftp://a.example/", redirects=("ftp://a.example/",)),
    ),
    "no address at all": (replace(PAGE, url=""), Response(Outcome.REFUSED_ADDRESS, "")),
}


def clock() -> datetime:
    return NIGHT


def write_all(folder: Path, max_bytes: int = 1_000_000) -> list[Capture]:
    """Write every situation, a second apart."""
    with CaptureWriter(folder, "nightly", clock, max_bytes) as writer:
        return [
            writer.write(request, response, NIGHT + timedelta(seconds=number))
            for number, (request, response) in enumerate(SITUATIONS.values())
        ]


def only_file(folder: Path) -> Path:
    (path,) = folder.rglob("*.warc.gz")
    return path


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_read_equals_what_was_written(situation: str, tmp_path: Path) -> None:
    captures = dict(zip(SITUATIONS, write_all(tmp_path), strict=True))
    written = captures[situation]
    assert written.warc_file == "2026-11-22/nightly.warc.gz"
    assert read_capture(tmp_path, written.warc_file, written.warc_offset_bytes) == written


def test_a_file_is_read_in_order_from_any_attempt(tmp_path: Path) -> None:
    captures = write_all(tmp_path)
    assert list(read_captures(tmp_path, captures[0].warc_file)) == captures
    assert list(read_captures(tmp_path, captures[0].warc_file, captures[5].warc_offset_bytes)) == captures[5:]


def test_the_checker_of_warcio_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_all(tmp_path)
    checker = Checker(argparse.Namespace(inputs=[str(only_file(tmp_path))], verbose=True))
    assert checker.process_all() == 0
    said = capsys.readouterr().out
    assert said.count("digest pass") == said.count("WARC-Record-ID")


def test_fastwarc_reads_every_record_and_its_digest(tmp_path: Path) -> None:
    write_all(tmp_path)
    kinds = [record.record_type for record in ArchiveIterator(str(only_file(tmp_path)), verify_digests=True)]
    answered = sum(response.status is not None for _, response in SITUATIONS.values())
    assert kinds.count(WarcRecordType.warcinfo) == 1
    assert kinds.count(WarcRecordType.response) == answered
    assert kinds.count(WarcRecordType.request) == sum(r.final_url.startswith("http") for _, r in SITUATIONS.values())
    assert kinds.count(WarcRecordType.metadata) == len(SITUATIONS)


def test_nothing_a_stranger_wrote_becomes_a_header(tmp_path: Path) -> None:
    write_all(tmp_path)
    assert b"\nEvil:" not in gzip.decompress(only_file(tmp_path).read_bytes())


def test_the_request_stands_as_it_was_sent(tmp_path: Path) -> None:
    write_all(tmp_path)
    text = gzip.decompress(only_file(tmp_path).read_bytes()).decode(errors="replace")
    assert "GET /rss?a=1&b=%D0%B6%D0%B0%D2%A3%D1%8B HTTP/1.1\r\nHost: kabar.example\r\n" in text
    assert 'If-None-Match: W/"a;b"\r\nIf-Modified-Since: Sun, 22 Nov 2026 01:02:03 GMT\r\n' in text


def test_the_same_attempts_give_the_same_bytes(tmp_path: Path) -> None:
    write_all(tmp_path / "one")
    write_all(tmp_path / "two")
    assert only_file(tmp_path / "one").read_bytes() == only_file(tmp_path / "two").read_bytes()


def test_a_capture_is_named_by_address_time_and_payload(tmp_path: Path) -> None:
    captures = write_all(tmp_path)
    assert captures[0].capture_id == digest(PAGE.url, NIGHT.isoformat(), HTML)
    assert len({capture.capture_id for capture in captures}) == len(captures)


def test_files_rotate_between_attempts(tmp_path: Path) -> None:
    captures = write_all(tmp_path, max_bytes=4_000)
    files = list(dict.fromkeys(capture.warc_file for capture in captures))
    assert files == warc_files(tmp_path)
    assert files[:2] == ["2026-11-22/nightly.warc.gz", "2026-11-22/nightly_002.warc.gz"]
    assert [capture for file in files for capture in read_captures(tmp_path, file)] == captures


def test_a_second_run_continues_the_last_file(tmp_path: Path) -> None:
    first = write_all(tmp_path, max_bytes=4_000)
    again = write_all(tmp_path, max_bytes=4_000)
    files = dict.fromkeys(capture.warc_file for capture in first + again)
    assert [capture for file in files for capture in read_captures(tmp_path, file)] == first + again


def test_an_offset_inside_an_attempt_is_no_capture(tmp_path: Path) -> None:
    captures = write_all(tmp_path)
    with pytest.raises(LookupError):
        read_capture(tmp_path, captures[0].warc_file, captures[0].warc_offset_bytes + 1)


# --- crashes ---


def two_attempts(folder: Path) -> tuple[Path, list[Capture], int]:
    """Write two attempts; return the file, the captures, and where the second begins."""
    with CaptureWriter(folder, "nightly", clock) as writer:
        captures = [writer.write(*SITUATIONS[name], NIGHT) for name in ("an answer", "a packed answer")]
    return only_file(folder), captures, captures[1].warc_offset_bytes


def test_a_torn_tail_is_cut_wherever_it_was_torn(tmp_path: Path) -> None:
    path, captures, start = two_attempts(tmp_path)
    whole = path.read_bytes()
    for size in range(start, len(whole)):
        path.write_bytes(whole[:size])
        assert repair(path) == size - start
        assert path.read_bytes() == whole[:start]
    assert list(read_captures(tmp_path, captures[0].warc_file)) == captures[:1]


def test_a_torn_tail_does_not_hinder_reading(tmp_path: Path) -> None:
    path, captures, start = two_attempts(tmp_path)
    whole = path.read_bytes()
    for size in range(start, len(whole)):
        path.write_bytes(whole[:size])
        read = list(read_captures(tmp_path, captures[0].warc_file))
        assert read in (captures[:1], captures)  # the last few bytes are a checksum only


def test_a_whole_file_is_left_alone(tmp_path: Path) -> None:
    path, _, _ = two_attempts(tmp_path)
    before = path.read_bytes()
    assert repair(path) == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("tail", [b"\0" * 500, b"\x1f\x8b\x08junk", b"WARC/1.1\r\n"], ids=["zeros", "gzip", "plain"])
def test_junk_after_the_last_attempt_is_cut(tail: bytes, tmp_path: Path) -> None:
    path, _, _ = two_attempts(tmp_path)
    before = path.read_bytes()
    path.write_bytes(before + tail)
    assert repair(path) == len(tail)
    assert path.read_bytes() == before


def test_what_a_disk_has_damaged_is_put_aside_and_not_lost(tmp_path: Path) -> None:
    """Behind a flipped bit lie whole attempts; behind a torn one lies nothing."""
    path, _, start = two_attempts(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[start + 40] ^= 0xFF
    path.write_bytes(whole)
    assert repair(path) == len(whole) - start
    assert [aside.read_bytes() for aside in path.parent.glob("*.damaged-*")] == [bytes(whole[start:])]


def test_a_torn_tail_is_not_put_aside(tmp_path: Path) -> None:
    path, _, _ = two_attempts(tmp_path)
    path.write_bytes(path.read_bytes()[:-50])
    assert repair(path) > 0
    assert list(path.parent.glob("*.damaged-*")) == []


def test_a_torn_first_record_leaves_an_empty_file_that_begins_anew(tmp_path: Path) -> None:
    path, _, _ = two_attempts(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:20])
    two_attempts(tmp_path)
    assert path.read_bytes() == whole


def test_a_run_killed_while_writing_and_started_again_ends_with_the_same_file(tmp_path: Path) -> None:
    path, captures, start = two_attempts(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: start + 40])
    with CaptureWriter(tmp_path, "nightly", clock) as writer:
        assert writer.repaired_bytes == 40
        done = list(read_captures(tmp_path, captures[0].warc_file))
        writer.write(captures[1].request, captures[1].response, NIGHT)
    assert done == captures[:1]
    assert path.read_bytes() == whole


# --- properties ---

HEADER_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(
    payload=st.binary(max_size=300),
    headers=st.lists(st.tuples(st.from_regex(r"\A[A-Za-z-]{1,12}\Z"), HEADER_TEXT), max_size=4).map(tuple),
    url=st.text(max_size=40),
)
def test_any_answer_survives_the_way_to_disk_and_back(
    payload: bytes, headers: tuple[tuple[str, str], ...], url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("captures")
    response = Response(Outcome.FETCHED, url, 200, headers, payload)
    written = CaptureWriter(folder, "any", clock).write(replace(PAGE, url=url), response, NIGHT)
    assert read_capture(folder, written.warc_file, written.warc_offset_bytes) == written


def test_records_do_not_depend_on_the_hour_of_writing() -> None:
    attempt = Attempt("0" * 32, *SITUATIONS["an answer"], NIGHT)
    assert attempt_bytes(attempt, "agent") == attempt_bytes(attempt, "agent")
