"""Who is measured beside us: each peer with its pinned packages, in a virtual environment of its own.

Nothing of a peer is part of this repository; pip installs it by name into `build/bench-venvs` when the bench is run by
hand. Called by `fetch`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VENVS: Final = Path("build/bench-venvs")
_SCRIPTS: Final = Path(__file__).with_name("peers")
_MARK: Final = "installed.txt"


@dataclass(frozen=True, slots=True)
class Peer:
    """One row of the bench: a script of `bench/peers`, its packages, and the share of the pages that it is given."""

    name: str
    venv: str
    script: str
    packages: tuple[str, ...]
    pinned_on: str  # the day on which these were the newest that could be installed
    processes: int
    share: float = 1.0

    @property
    def python(self) -> Path:
        """The peer's own interpreter."""
        return (VENVS / self.venv / "bin" / "python").absolute()

    def command(self, urls: Path) -> list[str]:
        """Return what runs the peer on a file of addresses."""
        return [str(self.python), str(_SCRIPTS / self.script), str(urls), str(self.processes)]


_SCRAPY: Final = ("scrapy==2.19.0", "trafilatura==2.3.1", "lxml==6.1.3", "lxml_html_clean==0.4.6")
# all: without its extras it raises on pages in Chinese
_NEWSPAPER: Final = (
    "newspaper4k[all]==0.9.6",
    "lxml==6.1.3",
    "lxml_html_clean==0.4.6",
    "jieba==0.42.1",
    "nltk==3.10.4",
)
PEERS: Final = (
    Peer("scrapy + trafilatura", "scrapy", "scrapy_articles.py", _SCRAPY, "2026-11-22", 1),
    Peer("scrapy + trafilatura, 2 processes", "scrapy", "scrapy_articles.py", _SCRAPY, "2026-11-22", 2),
    # a tenth of the pages: at its pace all of them would take an hour
    Peer("newspaper4k, 2 processes", "newspaper", "newspaper_articles.py", _NEWSPAPER, "2026-11-22", 2, share=0.1),
)


class PeerAbsentError(Exception):
    """A peer could not be installed; the text says why, and stands in its row."""


def install(peer: Peer, most_seconds: float) -> None:
    """Make the peer's environment unless it stands already with these very packages; raises PeerAbsentError."""
    folder, wanted = VENVS / peer.venv, "\n".join(peer.packages)
    mark = folder / _MARK
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], most_seconds)
    _run([str(peer.python), "-m", "pip", "install", "--quiet", *peer.packages], most_seconds)
    mark.write_text(wanted, encoding="utf-8")


def _run(command: list[str], most_seconds: float) -> None:
    """Run a command of the installation; raises PeerAbsentError with its last words."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=most_seconds)
    except subprocess.CalledProcessError as error:
        words = (error.stderr or error.stdout or "no reason was given").strip().splitlines()
        raise PeerAbsentError(f"not installed: {words[-1]}") from None
    except (subprocess.TimeoutExpired, OSError) as error:
        raise PeerAbsentError(f"not installed: {error}") from None
