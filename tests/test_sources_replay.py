"""Replaying a recording: a folder and a WARC of it answer alike, at each moment what was known by then."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.captures import CaptureWriter
from sources.client import FetchOptions
from sources.redirects import follow
from sources.replay import RecordingError, ReplayTransport
from transforms.records import CaptureKind, Outcome, Request, Response

MORNING = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
EVENING = MORNING + timedelta(hours=12)
SITE = "https://press.example"
LINES: list[dict[str, Any]] = [
    {"at": MORNING, "path": "/rss", "status": 200, "headers": {"ETag": '"1"', "Last-Modified": "Sun"}, "data": b"one"},
    {"at": EVENING, "path": "/rss", "status": 200, "headers": {"ETag": '"2"'}, "data": b"two"},
    {"at": MORNING, "path": "/dated", "status": 200, "headers": {"Last-Modified": "Sun"}, "data": b"dated"},
    {"at": MORNING, "path": "/old", "status": 301, "headers": {"Location": "/rss"}, "data": None},
    {"at": MORNING, "path": "/loop", "status": 302, "headers": {"Location": "/loop"}, "data": None},
    {"at": MORNING, "path": "/away", "status": 302, "headers": {"Location": "gopher://x/"}, "data": None},
    {"at": MORNING, "path": "/slow", "status": None, "outcome": "timeout"},
    {"at": MORNING, "path": "/gone", "status": 410, "headers": {}, "data": b"gone"},
    {"at": MORNING, "path": "/ill", "status": 503, "headers": {"Retry-After": "60"}, "data": b""},
    {
        "at": MORNING,
        "path": "/gzip",
        "status": 200,
        "headers": {"Content-Encoding": "gzip"},
        "data": gzip.compress(b"z"),
    },
    {"at": MORNING, "path": "/big", "status": 200, "headers": {}, "data": b"x" * 2_000},
]
OPTIONS = FetchOptions(max_feed_bytes=1_000)


def record(folder: Path) -> Path:
    """Write the recording as a folder."""
    folder.mkdir()
    lines = []
    for number, line in enumerate(LINES):
        data = line.get("data")
        if data is not None:
            (folder / f"{number}.bin").write_bytes(data)
        lines.append(
            {
                "at": line["at"].isoformat(),
                "url": SITE + line["path"],
                "status": line["status"],
                "outcome": line.get("outcome"),
                "headers": line.get("headers", {}),
                "body": None if data is None else f"{number}.bin",
            }
        )
    (folder / "index.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return folder


def record_as_warc(source: Path, folder: Path) -> Path:
    """Fetch the whole recording, morning and evening, and keep it as captures."""
    for at in (MORNING, EVENING):
        with CaptureWriter(folder, f"{at:%H}", lambda at=at: at) as writer:
            for path in dict.fromkeys(line["path"] for line in LINES):
                request = Request(CaptureKind.FEED, "press", SITE + path)
                writer.write(request, send(source, request.url, at), at)
    return folder


def send(recording: Path, url: str, at: datetime, **fields: str) -> Response:
    async def run() -> Response:
        async with ReplayTransport(recording, lambda: at, OPTIONS) as transport:
            request = replace(Request(CaptureKind.FEED, "press", url), **fields)
            return await follow(request, transport.ask, OPTIONS.max_redirects)

    return asyncio.run(run())


@pytest.fixture(params=["folder", "warc", "one warc file"])
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = record(tmp_path / "recording")
    if request.param == "folder":
        return folder
    warcs = record_as_warc(folder, tmp_path / "captures")
    return warcs if request.param == "warc" else make_one(warcs)


def make_one(folder: Path) -> Path:
    """Join WARC files: gzip members may simply follow one another."""
    joined = folder.parent / "joined.warc.gz"
    joined.write_bytes(b"".join(path.read_bytes() for path in sorted(folder.rglob("*.warc.gz"))))
    return joined


SITUATIONS: dict[str, tuple[str, datetime, dict[str, str], Outcome, bytes]] = {
    "the answer of the moment": ("/rss", MORNING, {}, Outcome.FETCHED, b"one"),
    "still the answer later": ("/rss", EVENING - timedelta(seconds=1), {}, Outcome.FETCHED, b"one"),
    "the newer answer": ("/rss", EVENING, {}, Outcome.FETCHED, b"two"),
    "before anything was said": ("/rss", MORNING - timedelta(seconds=1), {}, Outcome.MISSING, b""),
    "never heard of": ("/nowhere", EVENING, {}, Outcome.MISSING, b""),
    "the tag we have": ("/rss", MORNING, {"etag": '"1"'}, Outcome.NOT_MODIFIED, b""),
    "the tag we have, weakly": ("/rss", MORNING, {"etag": 'W/"1"'}, Outcome.NOT_MODIFIED, b""),
    "an older tag": ("/rss", EVENING, {"etag": '"1"'}, Outcome.FETCHED, b"two"),
    "an older tag with the right date": (
        "/rss",
        MORNING,
        {"etag": '"0"', "last_modified": "Sun"},
        Outcome.FETCHED,
        b"one",
    ),
    "the date we have": ("/dated", EVENING, {"last_modified": "Sun"}, Outcome.NOT_MODIFIED, b""),
    "another date": ("/dated", EVENING, {"last_modified": "Mon"}, Outcome.FETCHED, b"dated"),
    "moved": ("/old", MORNING, {}, Outcome.FETCHED, b"one"),
    "moved, and unchanged": ("/old", MORNING, {"etag": '"1"'}, Outcome.NOT_MODIFIED, b""),
    "an address with a fragment": ("/rss#top", MORNING, {}, Outcome.FETCHED, b"one"),
    "round and round": ("/loop", MORNING, {}, Outcome.TOO_MANY_REDIRECTS, b""),
    "moved out of the web": ("/away", MORNING, {}, Outcome.REFUSED_ADDRESS, b""),
    "no answer": ("/slow", MORNING, {}, Outcome.TIMEOUT, b""),
    "gone": ("/gone", MORNING, {}, Outcome.MISSING, b"gone"),
    "ill": ("/ill", MORNING, {}, Outcome.HTTP_5XX, b""),
    "packed": ("/gzip", MORNING, {}, Outcome.FETCHED, b"z"),
    "too large": ("/big", MORNING, {}, Outcome.TOO_LARGE, b""),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_is_answered_as_recorded(recording: Path, situation: str) -> None:
    path, at, fields, outcome, payload = SITUATIONS[situation]
    response = send(recording, SITE + path, at, **fields)
    assert (response.outcome, response.payload) == (outcome, payload), response


def test_a_folder_and_its_warc_give_equal_responses(tmp_path: Path) -> None:
    folder = record(tmp_path / "recording")
    warcs = record_as_warc(folder, tmp_path / "captures")
    for path, _, fields, _, _ in SITUATIONS.values():
        for at in (MORNING, EVENING):
            assert send(folder, SITE + path, at, **fields) == send(warcs, SITE + path, at, **fields)


def test_a_recorded_304_gives_way_to_the_body_it_confirmed(tmp_path: Path) -> None:
    request = Request(CaptureKind.FEED, "press", f"{SITE}/rss", etag='"1"')
    with CaptureWriter(tmp_path, "night", lambda: MORNING) as writer:
        writer.write(request, Response(Outcome.FETCHED, request.url, 200, (("ETag", '"1"'),), b"one"), MORNING)
        writer.write(request, Response(Outcome.NOT_MODIFIED, request.url, 304, (("ETag", '"1"'),)), EVENING)
    assert send(tmp_path, request.url, EVENING).payload == b"one"
    assert send(tmp_path, request.url, EVENING, etag='"1"').outcome is Outcome.NOT_MODIFIED


def test_a_304_repeats_the_validators_but_nothing_of_the_body(tmp_path: Path) -> None:
    folder = record(tmp_path / "recording")
    response = send(folder, f"{SITE}/rss", MORNING, etag='"1"')
    assert (response.status, response.header("ETag"), response.header("Content-Length")) == (304, '"1"', None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "index.jsonl:2: JSONDecodeError"),
        ('{"at": "2026-11-22", "url": "http://a.example/"}', "index.jsonl:2: KeyError: 'status'"),
        ('{"at": "soon", "url": "http://a.example/", "status": 200}', "index.jsonl:2: ValueError"),
        ('{"at": "2026-11-22", "url": "u", "status": null, "outcome": "tired"}', "'tired' is not a valid Outcome"),
        ('{"at": "2026-11-22", "url": "u", "status": 200, "body": "../secret"}', "'../secret' is no file of"),
        ("[]", "index.jsonl:2: TypeError"),
    ],
)
def test_a_broken_line_is_named(line: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    folder = tmp_path / "recording"
    folder.mkdir()
    (folder / "index.jsonl").write_text(f"\n{line}\n")
    with pytest.raises(RecordingError, match=words):
        ReplayTransport(folder, lambda: MORNING)


def test_an_empty_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="neither"):
        ReplayTransport(tmp_path, lambda: MORNING)
