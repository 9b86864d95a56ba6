"""What others do with the same pages: run by ``benchmarks.fetch``, with an interpreter that has them.

    python -P benchmarks/peers.py '{"peer": "scrapy", "hosts": ["127.1.0.1"], "port": 8000, "pages": 10, "delay": 1.0}'

Needs nothing of this project, so a peer may live in an environment of its own. Prints one line of JSON: pages got,
seconds, CPU seconds and peak memory, measured from the first request to the last answer, imports left out. Exit code 2
where the peer is not installed.
"""

import json
import logging
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class Meter:
    """Seconds and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), _cpu()

    def read(self, pages: int) -> dict[str, float]:
        """The figures up to now."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wall, cpu = time.perf_counter() - self._wall, _cpu() - self._cpu
        return {"pages": pages, "seconds": wall, "cpu": cpu, "peak": peak}


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def urls_of(task: dict[str, Any]) -> list[str]:
    """The addresses, host after host, so that no two neighbours are of one host."""
    return [f"http://{host}:{task['port']}/news/{page}" for page in range(task["pages"]) for host in task["hosts"]]


def in_threads(task: dict[str, Any], get: Any) -> dict[str, float]:
    """``get(url)`` gives the length of the page, for each URL, in threads, without any manners."""
    meter = Meter()
    with ThreadPoolExecutor(task["threads"]) as threads:
        return meter.read(sum(1 for length in threads.map(get, urls_of(task)) if length))


def bare(task: dict[str, Any]) -> dict[str, float]:
    """``requests.get`` in a loop: what people write first."""
    import requests  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    return in_threads(task, lambda url: len(requests.get(url, timeout=30).content))


def news_please(task: dict[str, Any]) -> dict[str, float]:
    """What news-please fetches with, without its extraction."""
    from newsplease.crawler.simple_crawler import SimpleCrawler  # type: ignore  # noqa: PLC0415

    return in_threads(task, lambda url: len(SimpleCrawler.fetch_url(url) or ""))


def scrapy(task: dict[str, Any]) -> dict[str, float]:
    """Scrapy as its manual sets it for polite broad crawls: one request a host, the same delay, no AutoThrottle."""
    from scrapy import Request, Spider  # type: ignore  # noqa: PLC0415
    from scrapy.crawler import CrawlerProcess  # type: ignore  # noqa: PLC0415

    figures: dict[str, float] = {}

    class News(Spider):  # type: ignore[misc]
        name = "news"
        got = 0

        async def start(self) -> Any:
            self.meter = Meter()
            for url in urls_of(task):
                yield Request(url)

        def parse(self, response: Any) -> None:
            self.got += bool(response.body)

        def closed(self, reason: str) -> None:
            figures.update(self.meter.read(self.got))

    process = CrawlerProcess(
        {
            "AUTOTHROTTLE_ENABLED": False,
            "DOWNLOAD_DELAY": task["delay"],
            "RANDOMIZE_DOWNLOAD_DELAY": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "CONCURRENT_REQUESTS": len(task["hosts"]),
            "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
            "ROBOTSTXT_OBEY": True,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(News)
    process.start()
    return figures


PEERS = {"bare": bare, "scrapy": scrapy, "news-please": news_please}


def main() -> None:
    """Run the peer that the task names."""
    task = json.loads(sys.argv[1])
    logging.disable(logging.CRITICAL)
    try:
        figures = PEERS[task["peer"]](task)
    except ImportError as error:
        print(f"{task['peer']} is not installed for {sys.executable}: {error}", file=sys.stderr)
        sys.exit(2)
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
