"""Whole runs in processes of their own, each of which may kill itself at the n-th call into the warehouse's code.

``python -m tests.warehouse.killable`` reads lines of ``<folder> <run> <kill at>``, forks for each, and answers
``killed`` or ``<calls> <state hash>``. It opens no database itself, so its forks start clean and at once.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from schemas.outcome import Outcome, Reason
from schemas.settings import Settings
from tasks.events.identity import resolve_events
from tasks.warehouse.checks import state_hash
from tasks.warehouse.connect import hold_lock, open_writer, transaction
from tasks.warehouse.loading import load_batch
from tasks.warehouse.recall import signatures, stored_mentions
from tasks.warehouse.resolving import save_events, save_stories
from tasks.warehouse.running import begin, finish, note_discovery
from tasks.warehouse.snapshot import publish
from tests.warehouse.build import a_batch, a_discovery, a_mention, a_run, a_source, an_article, coded, settled


class Death:
    """Counts calls into ``tasks/warehouse`` and ends the process at the one asked for, as a power cut would."""

    def __init__(self, kill_at: int) -> None:
        self.calls = 0
        self.kill_at = kill_at

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "/tasks/warehouse/" in frame.f_code.co_filename:
            self.calls += 1
            if self.calls == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)


def one_run(settings: Settings, number: int) -> str:
    """Two outlets, three batches of three links; the state hash at the end."""
    run, sources = a_run(number), [a_source("north"), a_source("south")]
    with hold_lock(settings):
        with open_writer(settings) as con:
            begin(con, run, sources)
        for source, parts in zip(sources, (2, 1), strict=True):
            batches = []
            for batch in range(parts):
                articles = [an_article(run, source, f"{batch}-{item}") for item in range(2)]
                items = [coded(article, a_mention(article, killed=batch + 1)) for article in articles]
                ended = [settled(run, source, f"{batch}-x", Outcome.REJECTED, Reason.INDEX_PAGE)]
                batches.append(a_batch(source, items, ended, number=batch))
            with open_writer(settings) as con:
                note_discovery(con, run, a_discovery(run, source, *batches))
            for loaded in batches:
                with open_writer(settings) as con:
                    load_batch(con, run, loaded)
        with open_writer(settings) as con, transaction(con):
            save_stories(con, {version: f"sty_{version}" for version in signatures(con)})
            resolution = resolve_events(stored_mentions(con))
            save_events(con, run, resolution.events, resolution.links)
        with open_writer(settings) as con:
            finish(con, run)
            state = state_hash(con)
        publish(settings)
    return state


def run_and_tell(folder: str, number: int, kill_at: int) -> None:
    """Run, die on the way where asked to, and else tell how many calls were made and the state reached."""
    death = Death(kill_at)
    sys.setprofile(death)
    state = one_run(Settings(data_dir=Path(folder)), number)
    sys.setprofile(None)
    sys.stdout.write(f"{death.calls} {state}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        folder, number, kill_at = line.split()
        child = os.fork()
        if child == 0:
            run_and_tell(folder, int(number), int(kill_at))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            sys.stdout.write("killed\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
