"""The two template environments: HTML and Markdown. What they print is cleaned and escaped without being asked.

Called by `weekly` and `quality`. The style sheet is put into the page, so a page is one file.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import clean, words
from transforms.records import QUOTE_LIMIT_CHARACTERS

_TEMPLATES: Final = Path(__file__).parent / "templates"
_FILTERS: Final[dict[str, Any]] = {
    "kind": words.kind,
    "country": words.country,
    "countries": words.countries,
    "language": words.language,
    "language_tag": clean.language_tag,
    "listed": lambda parts: words.listed(list(parts)),
    "number": words.number,
    "counted": words.counted,
    "outcome": words.outcome,
    "day": words.day,
    "day_of": words.day_of,
    "event_date": words.event_date,
    "shortened": clean.shortened,
    "quotation": lambda text: clean.shortened(text, QUOTE_LIMIT_CHARACTERS),
}


@cache
def html_environment() -> Environment:
    """Return the environment of pages; every value is cleaned, then escaped."""
    environment = _environment(autoescape=True, finalize=clean.for_html)
    environment.filters |= {"web_address": clean.web_address, "as_lines": clean.as_lines}
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment.globals |= {"style": Markup(style), "policy": _policy(style)}  # noqa: S704 - our own file
    return environment


@cache
def markdown_environment() -> Environment:
    """Return the environment of Markdown texts; every value is cleaned, and escaped for Markdown."""
    # Jinja's own escaping is for HTML; `for_markdown` takes its place, and escapes everything that is no Markup.
    environment = _environment(autoescape=False, finalize=clean.for_markdown)
    environment.filters |= {"link": clean.markdown_link}
    return environment


def _environment(**options: Any) -> Environment:
    """Return an environment with the filters that both kinds of template use."""
    environment = Environment(  # noqa: S701 - the callers say how to escape
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    environment.filters |= _FILTERS
    return environment


def _policy(style: str) -> str:
    """Return a content security policy that admits this style sheet and nothing else: no script, no request."""
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"
