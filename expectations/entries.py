"""What an item of a feed must be to come in."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pandas as pd

from expectations.rules import (
    DIGEST,
    NOT_BLANK,
    WEB_ADDRESS,
    WEB_BEGAN,
    Suite,
    between,
    length,
    matches,
    not_after,
    present,
)

_GRACE: Final = timedelta(days=1)  # outlets write local time and call it UTC; the zones of the region reach +6


def _with_limits(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the latest publication time that can be believed."""
    return frame.assign(believable_until=frame["seen_at"] + _GRACE)


SUITE: Final = Suite(
    table="feed_entries",
    row_id="entry_id",
    required=("entry_id", "outlet_id", "capture_id", "article_id", "url", "title", "published_at", "seen_at"),
    prepare=_with_limits,
    rules=(
        matches("entry_id_is_a_digest", "entry_id", DIGEST, "rows are merged by it"),
        matches("capture_id_is_a_digest", "capture_id", DIGEST, "an item must lead back to its bytes"),
        present("capture_id_present", "capture_id", "an item must lead back to its bytes"),
        present("seen_at_present", "seen_at", "without it nobody can say what was new"),
        matches("url_is_a_web_address", "url", WEB_ADDRESS, "feeds give mailto:, javascript: and bare paths"),
        present("article_id_present", "article_id", "an item without a usable link cannot be followed", "warning"),
        present("title_present", "title", "RSS allows items without a title; the page will have one", "warning"),
        matches("title_not_blank", "title", NOT_BLANK, "a title of spaces is a broken template"),
        length("title_of_sensible_length", "title", 1, 1000, "a longer one is a text in the title's place"),
        length("summary_of_sensible_length", "summary", None, 200_000, "a page in the summary's place", "warning"),
        not_after(
            "published_not_in_the_future",
            "published_at",
            "believable_until",
            "a day more than now is a wrong year or month, and would put the item in a wrong week",
        ),
        between(
            "published_after_the_web_began",
            "published_at",
            WEB_BEGAN,
            None,
            "1970 and 0001 are what a missing date looks like in some systems",
        ),
    ),
)
