"""All stored texts coded with the present codebook and coder, batch by batch; each batch is kept once it is done.

So a run that is killed goes on where it was. A kept coding counts only for the very text, codebook and program that it
was made with. It writes nothing into the warehouse. Called by `recode`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from pebble import ProcessExpired

import transforms
from codebook.load import Codebook
from flows.home import RunFailed
from flows.json_lines import read_lines
from flows.progress import current
from flows.reading import worker_pool
from flows.settings import Settings
from transforms.recoding import code_texts, coded_from
from transforms.records import ArticleText, CodedArticle, digest

TEXTS_PER_BATCH = 200


def recoded(texts: pd.DataFrame, codebook: Codebook, settings: Settings, kept: Path) -> list[CodedArticle]:
    """Return what the coder says of each text (rows of `read.latest_revisions`), in their order.

    `kept` is the file of codings made so far. Raises RunFailed where a batch takes too long or kills its worker.
    """
    articles = [text_of(row) for row in texts.to_dict("records")]
    keys = [_key(article, codebook) for article in articles]
    known = {line["key"]: line["coded"] for line in read_lines(kept)}
    missing = {key: article for key, article in zip(keys, articles, strict=True) if key not in known}
    for batch, records in _coded(missing, codebook, settings):
        _keep(kept, batch, records)
        known |= dict(zip(batch, records, strict=True))
    return [coded_from(known[key]) for key in keys]


def text_of(row: dict[Any, Any]) -> ArticleText:
    """Return a stored revision as the coder takes it."""
    published = None if pd.isna(row["published_at"]) else row["published_at"].to_pydatetime()
    return ArticleText(
        id=row["article_id"],
        title=row["title"],
        text=row["text"],
        published_at=published,
        url=row["canonical_url"],
        outlet=row["outlet_id"],
        outlet_country=_known(row["outlet_country"]),
        language=_known(row["language"]),
        time_zone=row["time_zone"],
    )


def _known(value: Any) -> str | None:
    """Return a cell's text, None where it is empty."""
    return None if pd.isna(value) else str(value)


def _key(article: ArticleText, codebook: Codebook) -> str:
    """Return what a coding depends on, as a digest."""
    return digest(coder_digest(), codebook.digest, repr(article))


@cache
def coder_digest() -> str:
    """Return the SHA-256 over the program that codes."""
    total = hashlib.sha256()
    for path in sorted(Path(transforms.__file__ or "").parent.glob("*.py")):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def _coded(
    missing: dict[str, ArticleText], codebook: Codebook, settings: Settings
) -> Iterator[tuple[Sequence[str], list[dict[str, Any]]]]:
    """Yield the keys and codings of each batch; a single batch is not worth starting workers for."""
    names = list(missing)
    batches = [names[start : start + TEXTS_PER_BATCH] for start in range(0, len(names), TEXTS_PER_BATCH)]
    with current().stage("code texts again", len(batches)) as advance:
        if len(batches) <= 1:
            for batch in batches:
                yield batch, code_texts([missing[key] for key in batch], codebook)
                advance()
            return
        deadline = settings.run.page_deadline_seconds * TEXTS_PER_BATCH
        with worker_pool(settings.run.processes) as pool:
            futures = [
                pool.schedule(code_texts, args=([missing[key] for key in batch], codebook), timeout=deadline)
                for batch in batches
            ]
            for batch, future in zip(batches, futures, strict=True):
                yield batch, _result(future, missing[batch[0]].id)
                advance()


def _result(future: Any, first_id: str) -> list[dict[str, Any]]:
    """Return the codings of a batch; raises RunFailed where there are none."""
    try:
        records: list[dict[str, Any]] = future.result()
    except (FutureTimeout, ProcessExpired, MemoryError) as error:
        raise RunFailed(
            f"coding the {TEXTS_PER_BATCH} texts from article {first_id} on did not come to its end "
            f"({type(error).__name__}); what was coded before is kept, and nothing was stored"
        ) from None
    return records


def _keep(kept: Path, keys: Sequence[str], records: Sequence[dict[str, Any]]) -> None:
    """Add a batch to the file of codings; a line that a crash tears is coded again."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps({"key": key, "coded": record}, ensure_ascii=False) for key, record in zip(keys, records, strict=True)
    ]
    with kept.open("a", encoding="utf-8") as handle:
        handle.write("\n" + "\n".join(lines) + "\n")
