"""No floor is lowered in silence: `python -m bench.floors_history` reads the git history of the floors files.

A commit that lowers or removes a floor, or pins another digest of a file, must name that figure or file in its message.
A merge may keep what one side gave up since both parted, and nothing else. In a clone without the whole history the
commits that are there are read, and what is missing is said. Called by `gold`, too.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.figures import Floor, floors_in, pins_in

ROOT: Final = Path(__file__).parent.parent
FILES: Final = ("bench/floors.toml", "bench/gold_floors.toml")
BROKEN: Final = 1


@dataclass(frozen=True, slots=True)
class HistoryCheck:
    """What the history says: floors lowered in silence, and remarks on how much of it could be read."""

    problems: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Commit:
    """One commit that touches a floors file."""

    digest: str
    parents: tuple[str, ...]
    message: str


def check_history(root: Path = ROOT, files: Sequence[str] = FILES) -> HistoryCheck:
    """Return what the history of these files says, newest commit first."""
    shallow = _git(root, "rev-parse", "--is-shallow-repository")
    if shallow is None:
        return HistoryCheck((), ("There is no git history here: floors lowered in silence were not looked for.",))
    remarks = []
    if shallow.strip() == "true":
        count = (_git(root, "rev-list", "--count", "HEAD") or "0").strip()
        remarks.append(f"This clone is shallow: only its last {count} commits were looked at for lowered floors.")
    problems = [problem for file in files for commit in _commits(root, file) for problem in _silent(root, commit, file)]
    return HistoryCheck(tuple(problems), tuple(remarks))


def lowered(before: str, after: str) -> set[str]:
    """Return what the text of a floors file gives up against an earlier one: names of figures and of pinned files."""
    (old, old_pins), (new, new_pins) = _read(before), _read(after)
    figures = {name for name, floor in old.items() if name not in new or _is_lower(floor, new[name])}
    return figures | {name for name, digest in old_pins.items() if new_pins.get(name) != digest}


def _read(text: str) -> tuple[dict[str, Floor], dict[str, str]]:
    """Return floors and digests; a text that is no floors file holds none."""
    try:
        return floors_in(text), {name: pin.sha256 for name, pin in pins_in(text).items()}
    except (tomllib.TOMLDecodeError, TypeError):
        return {}, {}


def _is_lower(old: Floor, new: Floor) -> bool:
    """Say whether a floor allows what the old one did not."""
    falls = old.at_least is not None and (new.at_least is None or new.at_least < old.at_least)
    return falls or (old.at_most is not None and (new.at_most is None or new.at_most > old.at_most))


def _silent(root: Path, commit: _Commit, file: str) -> Iterator[str]:
    """Yield what a commit gave up without naming it."""
    names = _merged(root, commit, file) if len(commit.parents) > 1 else _given_up(root, commit.parents, commit, file)
    for name in sorted(names):
        if name not in commit.message:
            yield f"{commit.digest[:10]} lowers or pins anew {name} of {file}, and its message does not name it"


def _given_up(root: Path, parents: Sequence[str], commit: _Commit, file: str) -> set[str]:
    """Return what a commit gave up against any of these parents."""
    after = _text(root, commit.digest, file)
    return {name for parent in parents for name in lowered(_text(root, parent, file), after)}


def _merged(root: Path, commit: _Commit, file: str) -> set[str]:
    """Return what a merge gave up against a parent, save for what another parent gave up since both parted."""
    texts = {parent: _text(root, parent, file) for parent in commit.parents}
    after = _text(root, commit.digest, file)
    if all(text == after for text in texts.values()):
        return set()
    base = _text(root, (_git(root, "merge-base", "--octopus", *commit.parents) or "").strip(), file)
    since = {parent: lowered(base, text) for parent, text in texts.items()}
    by_all = set.intersection(*(lowered(text, after) for text in texts.values()))
    by_merge = {
        name
        for parent, text in texts.items()
        for name in lowered(text, after)
        if not any(name in given for other, given in since.items() if other != parent)
    }
    return by_all | by_merge


def _text(root: Path, commit: str, file: str) -> str:
    """Return a file as a commit has it; nothing where it has none."""
    return _git(root, "show", f"{commit}:{file}") or "" if commit else ""


def _commits(root: Path, file: str) -> Iterator[_Commit]:
    """Yield the commits that touch a file, and all merges; those at the edge of a shallow clone have no parents."""
    form = "--format=%H%x1f%P%x1f%B%x1e"
    own = _git(root, "log", "--full-history", "--no-merges", form, "HEAD", "--", file) or ""
    merges = _git(root, "log", "--merges", form, "HEAD") or ""
    for entry in filter(str.strip, (own + merges).split("\x1e")):
        digest, parents, message = entry.strip("\n").split("\x1f")
        yield _Commit(digest, tuple(parents.split()), message)


def _git(root: Path, *words: str) -> str | None:
    """Return what git prints, or None where it fails: no git, no repository, no such file in that commit."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout


def main() -> None:
    """Print what was found; end with 1 when a floor was lowered in silence."""
    check = check_history()
    print("\n".join([*check.remarks, *check.problems]) or "No floor was lowered in silence.")
    sys.exit(BROKEN if check.problems else 0)


if __name__ == "__main__":
    main()
