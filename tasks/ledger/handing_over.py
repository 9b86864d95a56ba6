"""Pages of a run handed to the Wayback Machine's save API, slowly, each answer kept.

Off by default: it tells a third party what is read here. Another archive's copy, made at the same time, is proof that
does not rest on us.
"""

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from tasks.ledger.services import post

#: Answers after which asking on would be rude.
_STOP = frozenset({429, 503})


def hand_over(
    urls: Iterable[str], saved_list: Path, api: str, key: str, delay: float, sleep: Callable[[float], None] = time.sleep
) -> int:
    """Ask the archive to save each page that it was not asked for yet; how many were asked.

    ``key`` is ``access:secret`` of archive.org, or empty. Answers are lines of JSON in ``saved_list``. Stops if the
    archive says that it is too much. Raises :class:`StampError` if nobody answers.
    """
    done = (
        {json.loads(line)["url"] for line in saved_list.read_text(encoding="utf-8").splitlines()}
        if saved_list.exists()
        else set()
    )
    saved_list.parent.mkdir(parents=True, exist_ok=True)
    headers = {"Accept": "application/json"} | ({"Authorization": f"LOW {key}"} if key else {})
    count = 0
    with saved_list.open("a", encoding="utf-8") as file:
        for url in (url for url in dict.fromkeys(urls) if url not in done):
            if count:
                sleep(delay)
            code, answer = _ask(api, url, headers)
            if code in _STOP:
                break
            count += 1
            row = {"url": url, "asked_at": datetime.now(UTC).isoformat(), "status": code, "answer": answer}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
    return count


def _ask(api: str, url: str, headers: dict[str, str]) -> tuple[int, object]:
    answer = post(api, {"url": url}, headers)
    try:
        return answer.status, json.loads(answer.body)
    except ValueError:
        return answer.status, answer.body[:500].decode("utf-8", "replace")
