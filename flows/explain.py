"""`monitor code --explain`: why the coder said what it said, for a person: in colour in a terminal, else in plain text.

Articles are written by strangers: what would steer a terminal or turn the direction of the text is shown as a sign.
Called by `cli`; what it prints comes from `transforms/explaining.py`.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from rich.console import Console
from rich.text import Text

from codebook.load import Codebook
from flows.code import BadLine, code_file
from flows.settings import Settings
from transforms.explaining import Explanation, MarkKind, SentenceTold, explain
from transforms.records import ArticleText, CodedArticle

_STYLES: dict[MarkKind, str] = {
    "act": "bold red",
    "organisation": "bold green",
    "media": "cyan",
    "place": "yellow",
    "cue": "magenta",
}
_SPACES = str.maketrans(dict.fromkeys("\t\n\r\v\f\x85\u2028\u2029", " "))


def explain_file(file: Path, out: Path | None, settings: Settings, console: Console | None = None) -> list[BadLine]:
    """Code a file as `code_file` does, and print why each article was coded so; return the lines that were bad."""
    screen = console or Console(highlight=False, soft_wrap=True)
    is_coloured = screen.is_terminal and not screen.no_color

    def look(article: ArticleText, coded: CodedArticle, codebook: Codebook) -> None:
        screen.print(page_of(explain(article, coded, codebook), is_coloured=is_coloured), soft_wrap=True)

    if is_coloured:
        screen.print(Text("  ").join(Text(kind, style) for kind, style in _STYLES.items()))
    return code_file(file, out, settings, look)


def page_of(found: Explanation, *, is_coloured: bool) -> Text:
    """Return an explanation as text, its marks as colours or, without them, as words behind what is marked."""
    coded = found.coded
    page = Text()
    page.append(f"{harmless(coded.id)}: {harmless(found.title)}\n", "bold")
    page.append(
        f"language {harmless(coded.language or 'unknown')}, relevance {coded.relevance} ({coded.confidence:.2f})\n"
    )
    for line in (*found.remarks, *(f"struck: {one}" for one in found.struck)):
        page.append(f"- {harmless(line)}\n", "dim")
    for told in found.sentences:
        page.append(f"\n{told.place}: ", "bold")
        page.append_text(_marked(told, is_coloured=is_coloured))
        page.append("".join(f"\n  - {harmless(remark)}" for remark in told.remarks) + "\n")
    for number, (line, remarks) in enumerate(found.drafts, start=1):
        page.append(f"\npossible event {number}: {harmless(line)}", "bold")
        page.append("".join(f"\n  - {harmless(remark)}" for remark in remarks) + "\n")
    return page


def harmless(text: str) -> str:
    """Return a text of equal length in which nothing steers a terminal, hides or turns the direction of writing."""
    return "".join(
        "\ufffd" if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co"} else one for one in text.translate(_SPACES)
    )


def _marked(told: SentenceTold, *, is_coloured: bool) -> Text:
    """Return a sentence with its marks."""
    text = Text(harmless(told.text))
    if is_coloured:
        for mark in told.marks:
            text.stylize(_STYLES[mark.kind], mark.start, mark.end)
        return text
    plain = text.plain
    for mark in reversed(told.marks):
        plain = f"{plain[: mark.start]}[{plain[mark.start : mark.end]}|{mark.kind}]{plain[mark.end :]}"
    return Text(plain)
