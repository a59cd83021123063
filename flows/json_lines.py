"""Files of JSON lines that are only ever appended to and must survive a machine that loses power.

A line is on the disk when `append_line` returns. One that was torn is passed over by `read_lines`, and never takes the
line after it along. Called by `journal` and `ledger`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def append_line(path: Path, line: Mapping[str, Any]) -> None:
    """Append one line that reaches the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(line, ensure_ascii=False, default=str) + "\n"
    with path.open("ab") as handle:
        handle.write((b"" if _ends_whole(path) else b"\n") + text.encode())
        handle.flush()
        os.fsync(handle.fileno())


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every readable line in order; nothing where there is no file."""
    if not path.exists():
        return
    with path.open("rb") as handle:
        for text in handle:
            try:
                line = json.loads(text)
            except ValueError:
                continue  # torn by a machine that lost power
            if isinstance(line, dict):
                yield line


def _ends_whole(path: Path) -> bool:
    """Say whether the file is empty or ends with a whole line."""
    if path.stat().st_size == 0:
        return True
    with path.open("rb") as handle:
        handle.seek(-1, os.SEEK_END)
        return handle.read(1) == b"\n"
