"""Imported once by the process from which page readers are forked: reads a small page, so that each starts warm.

The extractor and the language model load their data at first use; done here, that happens once and not once a reader.
"""

from datetime import UTC, datetime

from transforms.articles import read_article
from transforms.records import Capture, CaptureKind, Outcome, Outlet, Request, Response

_URL = "https://warm.example/2025/09/16/page"
_PAGE = b"<html><head><title>A page</title></head><body><article><h1>A page</h1>" + b"<p>Some words.</p>" * 20
_OUTLET = Outlet("warm", "Warm", None, "KZ", ("en",), "online", None, None, None, "UTC", None, ())

read_article(
    Capture(
        "warm",
        Request(CaptureKind.PAGE, "warm", _URL),
        Response(Outcome.FETCHED, _URL, 200, (("Content-Type", "text/html"),), _PAGE),
        datetime(2025, 9, 16, tzinfo=UTC),
        "",
        0,
    ),
    _OUTLET,
    None,
)
