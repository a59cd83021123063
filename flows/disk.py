"""Room on the disk: looked at before a run writes anything, so that none dies half way for want of it.

It removes nothing; `flows/housekeeping.py` does. Called when a run is opened.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.home import Home, RunFailed


def require_room(home: Home, min_free_bytes: int, copies: int = 1) -> None:
    """Raise RunFailed, naming the cure, unless each disk of the home folder has this much room.

    `copies` more of the warehouse must fit beside it: publishing and rebuilding write one before they give up the old.
    """
    warehouse_bytes = home.warehouse.stat().st_size if home.warehouse.exists() else 0
    for folder, needed in (
        (home.captures, min_free_bytes),
        (home.warehouse.parent, min_free_bytes),
        (home.published.parent, min_free_bytes + copies * warehouse_bytes),
    ):
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise RunFailed(_in_words(folder, free, needed))


def size_in_words(size: int) -> str:
    """Return a size as people read it."""
    return f"{size / 1e9:,.1f} GB" if size >= 1_000_000_000 else f"{size / 1e6:,.0f} MB"


def _in_words(folder: Path, free: int, needed: int) -> str:
    """Return what is wrong, and what can be done about it."""
    return (
        f"{folder}: {size_in_words(free)} free, {size_in_words(needed)} needed; nothing was written. Make room, or "
        "set keep_captures_days or keep_captures_bytes under [housekeeping] in monitor.toml and run "
        "`monitor housekeeping`, or lower min_free_bytes there."
    )
