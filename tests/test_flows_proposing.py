"""Proposed edits of the catalogue: the composed region is polled for some nights, then asked what should change."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.context import open_run
from flows.fetching import feeds_due, fetch_group, groups_of
from flows.loading import load_pending
from flows.proposing import Proposal, propose_from_published
from flows.publishing import publish, write_quality_page
from flows.settings import RepairSettings, Settings, load_settings
from sources.catalogue import load_catalogue

FIRST = datetime(2025, 9, 30, 21, 0, tzinfo=UTC)  # one feed has become a page four days before, another has moved
NIGHTS = 4
TROUBLED = ("ala-archa", "vostok-obzor")
MOVED = "ala-archa/ru: has moved permanently to https://ala-archa.example/ru/atom.xml (seen since 2025-10-01)"
DEAD = "vostok-obzor/ru: not a feed since 2025-10-01; `monitor sources find` may know where it went"


@pytest.fixture(scope="module")
def polled(recording: Path, new_home: Callable[[], Path]) -> Settings:
    """Settings of a home two of whose outlets were asked on four nights."""
    settings = load_settings(new_home(), {}, recording=recording)
    settings = settings.model_copy(update={"repair": RepairSettings(moved_polls=4, dead_days=3)})
    for night in range(NIGHTS):
        with open_run("poll", settings, FIRST + timedelta(days=night)) as context:
            (group,) = groups_of([context.outlet_of[outlet_id] for outlet_id in TROUBLED], 2)
            fetch_group(context, group, feeds_due(context, group), "feeds")
            load_pending(context)
            if night == NIGHTS - 1:
                publish(context)
                write_quality_page(context)
    return settings


def proposal(polled: Settings, catalogue: Path | None = None, **repair: int) -> Proposal:
    changes = {"repair": polled.repair.model_copy(update=repair), "catalogue": catalogue or polled.catalogue}
    return propose_from_published(polled.model_copy(update=changes), FIRST + timedelta(days=NIGHTS))


def test_a_moved_feed_gets_its_address_and_a_dead_one_a_note(polled: Settings) -> None:
    found = proposal(polled)
    assert found.reasons == (MOVED, DEAD)
    assert [line for line in found.diff.splitlines() if line[0] in "+-"][2:] == [
        '-url = "https://ala-archa.example/ru/feed"',
        '+url = "https://ala-archa.example/ru/atom.xml"',
        '-confirmation = "composed for demonstration"',
        '+confirmation = "not a feed since 2025-10-01"',
    ]


@pytest.mark.parametrize(
    ("situation", "repair", "reasons"),
    [
        ("moved too lately", {"moved_polls": 5}, (DEAD,)),
        ("dead for too short a time", {"dead_days": 5}, (MOVED,)),
        ("neither", {"moved_polls": 5, "dead_days": 5}, ()),
    ],
)
def test_settings_say_how_long_to_wait(
    situation: str, repair: dict[str, int], reasons: tuple[str, ...], polled: Settings
) -> None:
    found = proposal(polled, **repair)
    assert (found.reasons, bool(found.diff)) == (reasons, bool(reasons)), situation


def edited(polled: Settings, folder: Path, before: str, after: str) -> Path:
    """Write the catalogue with one thing changed by hand."""
    assert polled.catalogue is not None
    text = polled.catalogue.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file = folder / "outlets.toml"
    file.write_text(text.replace(before, after), encoding="utf-8")
    return file


def test_a_note_that_stands_already_is_not_proposed_again(polled: Settings, tmp_path: Path) -> None:
    place = 'url = "https://vostok-obzor.example/rss"\nlanguage = "ru"\nmonitored_since = 2025-09-16\nconfirmation = '
    file = edited(polled, tmp_path, f'{place}"composed for demonstration"', f'{place}"not a feed since 2025-10-01"')
    assert proposal(polled, file).reasons == (MOVED,)


def test_an_address_that_another_feed_has_is_left_to_a_person(polled: Settings, tmp_path: Path) -> None:
    file = edited(polled, tmp_path, "https://ala-archa.example/ky/feed", "https://ala-archa.example/ru/atom.xml/")
    found = proposal(polled, file)
    assert (found.reasons, found.by_hand) == ((DEAD,), (MOVED,))


def test_the_quality_page_and_the_summary_tell_of_it(polled: Settings) -> None:
    (page,) = (polled.home / "quality").glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert MOVED in text
    assert "+url = &#34;https://ala-archa.example/ru/atom.xml&#34;" in text
    journal = (polled.home / "logs" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert '"proposed_edits": 2' in journal[-1]


def monitor(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.cli", "sources", "propose", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_prints_a_diff_that_patch_takes_and_leaves_the_catalogue_alone(polled: Settings) -> None:
    catalogue = polled.home / "outlets.toml"
    before = catalogue.read_bytes()
    (polled.home / "monitor.toml").write_text(
        'catalogue = "outlets.toml"\n[repair]\nmoved_polls = 4\ndead_days = 3\n', encoding="utf-8"
    )
    done = monitor("--home", polled.home, "--at", "2025-10-05")
    assert (done.returncode, done.stdout) == (1, proposal(polled).diff)
    assert done.stderr.splitlines() == [MOVED, DEAD]
    assert catalogue.read_bytes() == before
    assert load_catalogue(catalogue)


def test_a_home_without_a_published_night_is_told(tmp_path: Path) -> None:
    done = monitor("--home", tmp_path)
    assert done.returncode == 2
    assert "nothing was published yet" in " ".join(done.stderr.split())
