"""The home folder: one writer at a time, told in words; the lock dies with its process."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from flows.home import Busy, hold_lock, holder_of

HOLD_AND_WAIT = """
import sys, time
from pathlib import Path
from flows.home import hold_lock
with hold_lock(Path(sys.argv[1]), "monitor nightly"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    told = pytest.raises(Busy, match=r"monitor nightly.*process \d+")
    with hold_lock(lock, "monitor nightly"), told, hold_lock(lock, "monitor poll"):
        pass


def test_the_lock_is_free_again_after_the_block(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    with hold_lock(lock, "monitor nightly"):
        assert "monitor nightly" in str(holder_of(lock))
    assert holder_of(lock) is None
    with hold_lock(lock, "monitor poll"):
        pass


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    command = [sys.executable, "-c", textwrap.dedent(HOLD_AND_WAIT), str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(Busy), hold_lock(lock, "monitor poll"):
            pass
        holder.kill()
    with hold_lock(lock, "monitor poll", wait_seconds=5):
        pass
