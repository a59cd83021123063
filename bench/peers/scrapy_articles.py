"""scrapy with trafilatura in its callback: run by the peer's own Python, knows nothing of this project.

    python scrapy_articles.py URLS PROCESSES

Each process takes every so-many-th host. Robots.txt is not asked for, up to eight requests go to one host at once:
scrapy is not slowed by manners that our own client keeps. Prints one line of JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class Articles(scrapy.Spider):
    """Asks for the addresses that it is given and keeps the length of each article's text."""

    name = "articles"

    def __init__(self, urls: list[str], lengths: list[int]) -> None:
        super().__init__()
        self.urls, self.lengths = urls, lengths

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield every address."""
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Extract the text alone."""
        document = trafilatura.bare_extraction(
            response.text, url=response.url, fast=True, include_comments=False, with_metadata=False
        )
        if document and document.text:
            self.lengths.append(len(document.text))


def crawl(urls: list[str]) -> list[int]:
    """Return the lengths of the texts at these addresses."""
    lengths: list[int] = []
    process = CrawlerProcess(SETTINGS)
    process.crawl(Articles, urls=urls, lengths=lengths)
    process.start()
    return lengths


def main() -> None:
    """Crawl, in this process or in several."""
    urls, processes = Path(sys.argv[1]).read_text().split(), int(sys.argv[2])
    hosts = {host: number for number, host in enumerate(dict.fromkeys(urlsplit(url).netloc for url in urls))}
    parts = [[url for url in urls if hosts[urlsplit(url).netloc] % processes == part] for part in range(processes)]
    started = time.perf_counter()
    if processes == 1:
        lengths = crawl(urls)
    else:
        with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=1) as pool:
            lengths = [length for some in pool.map(crawl, parts, chunksize=1) for length in some]
    seconds = time.perf_counter() - started
    print(json.dumps({"articles": len(lengths), "characters": sum(lengths), "seconds": seconds}))


if __name__ == "__main__":
    main()
