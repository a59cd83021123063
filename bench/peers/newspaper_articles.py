"""newspaper4k as its users run it, download and parse: run by the peer's own Python, knows nothing of this project.

    python newspaper_articles.py URLS PROCESSES

newspaper would load the list of public suffixes from the
network; it takes the copy that tldextract brings. Prints one line of JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from pathlib import Path

import newspaper
from tldextract import tldextract

tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())


def length_of(url: str) -> int:
    """Return how many characters of text the article at an address has."""
    article = newspaper.Article(url, fetch_images=False, memorize_articles=False)
    try:
        article.download()
        article.parse()
    except newspaper.ArticleException:
        return 0
    return len(article.text)


def main() -> None:
    """Fetch and parse every address."""
    urls, processes = Path(sys.argv[1]).read_text().split(), int(sys.argv[2])
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        lengths = [length for length in pool.imap_unordered(length_of, urls, 2) if length]
    seconds = time.perf_counter() - started
    print(json.dumps({"articles": len(lengths), "characters": sum(lengths), "seconds": seconds}))


if __name__ == "__main__":
    main()
