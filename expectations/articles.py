"""What a reading of an article's page must be to come in."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pandas as pd

from expectations.rules import (
    DIGEST,
    NOT_BLANK,
    WEB_ADDRESS,
    WEB_BEGAN,
    Rule,
    Suite,
    between,
    length,
    matches,
    not_after,
    one_of,
    present,
)
from transforms.records import DateBasis

_GRACE: Final = timedelta(days=1)  # as for feeds: local time is called UTC


def _with_limits(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the latest publication time that can be believed."""
    return frame.assign(believable_until=frame["captured_at"] + _GRACE)


SUITE: Final = Suite(
    table="articles",
    row_id="revision_id",
    required=(
        "article_id",
        "revision_id",
        "outlet_id",
        "capture_id",
        "url",
        "canonical_url",
        "title",
        "text",
        "published_at",
        "published_basis",
        "language",
        "text_digest",
        "captured_at",
    ),
    prepare=_with_limits,
    rules=(
        matches("article_id_is_a_digest", "article_id", DIGEST, "rows are merged by it"),
        matches("revision_id_is_a_digest", "revision_id", DIGEST, "evidence points to it"),
        matches("text_digest_is_a_digest", "text_digest", DIGEST, "changes are found by it"),
        present("capture_id_present", "capture_id", "a text must lead back to its bytes"),
        matches("capture_id_is_a_digest", "capture_id", DIGEST, "a text must lead back to its bytes"),
        matches("url_is_a_web_address", "url", WEB_ADDRESS, "it is printed as a link"),
        present("canonical_url_present", "canonical_url", "it names the article"),
        matches("canonical_url_is_a_web_address", "canonical_url", WEB_ADDRESS, "it is printed as a link"),
        present("title_present", "title", "an article without one is a list or an error page"),
        matches("title_not_blank", "title", NOT_BLANK, "a title of spaces is a broken template"),
        length("title_of_sensible_length", "title", 1, 1000, "a longer one is a text in the title's place"),
        present("text_present", "text", "nothing can be quoted from nothing"),
        matches("text_not_blank", "text", NOT_BLANK, "nothing can be quoted from nothing"),
        length("text_not_enormous", "text", None, 1_000_000, "a whole archive on one page is no article"),
        length("text_not_short", "text", 200, None, "a photograph's caption, or a wall before the article", "warning"),
        Rule(
            "text_decoded",
            "text",
            "ExpectColumnValuesToNotMatchRegex",
            {"column": "text", "regex": "\ufffd"},
            "replacement characters mean that the page's encoding was declared wrongly",
            "warning",
        ),
        present("language_known", "language", "an article in no known language cannot be coded", "warning"),
        matches("language_is_bcp47", "language", r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", "lexicons are chosen by it"),
        one_of("published_basis_known", "published_basis", tuple(basis.value for basis in DateBasis), "closed list"),
        not_after(
            "published_not_in_the_future",
            "published_at",
            "believable_until",
            "a day more than now is a wrong year or month, and would put the article in a wrong week",
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
