"""Whole nights in processes of their own that may be made to die, fail, run out of space, or meet each other.

``python -m tests.warehouse.proofs.nights`` reads requests as lines of JSON (``client.py`` makes them): for each process
its steps. It forks for each, and answers with a line. What takes seconds to load is loaded once, before the forks; no
database is opened here, so that the forks start clean.
"""

import gc
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schemas.errors import FirstdraftError
from schemas.settings import Settings
from tasks.reference.machine import failpoints
from tests.warehouse.proofs.newsroom import a_night, sources, visiting
from tests.warehouse.proofs.plain import Inline, make_plain

_EXECUTOR: list[Executor] = [Inline()]
_CLOCKS = {"cpu": (signal.ITIMER_PROF, signal.SIGPROF), "wall": (signal.ITIMER_REAL, signal.SIGALRM)}
_FAILED = 1


def night(asked: dict[str, Any]) -> dict[str, Any]:
    """One night by the flows: ingest, then the report, if asked for; the state reached."""
    from flows.ingest import ingest  # noqa: PLC0415
    from flows.report import report_on  # noqa: PLC0415

    run, visitor = a_night(asked["run"], asked.get("night"), asked.get("origin", "nightly"))
    settings = visiting(_settings(asked), asked["port"], visitor, impatient=asked.get("impatient", False))
    settings = settings.model_copy(update={"lock_wait_seconds": asked.get("wait", 0.0)})
    with _measured() as inside:
        summary = ingest(run, sources(), settings)
    if asked.get("report"):
        report_on(settings)
    return told_of(settings) | {"discovered": summary.discovered, "outcomes": summary.outcomes, **inside}


@contextmanager
def _measured() -> Iterator[dict[str, float]]:
    """What passes between the opening of a run and its closing: seconds of CPU and of the clock."""
    from flows import pipeline  # noqa: PLC0415

    began, inside = [0.0, 0.0], {"cpu_inside": 0.0, "seconds_inside": 0.0}
    opened, closed = vars(pipeline)["open_run"], vars(pipeline)["close_run"]

    def opening(*args: Any) -> Any:
        memory = opened(*args)
        began[:] = time.process_time(), time.monotonic()
        return memory

    def closing(*args: Any) -> Any:
        inside.update(cpu_inside=time.process_time() - began[0], seconds_inside=time.monotonic() - began[1])
        return closed(*args)

    vars(pipeline).update(open_run=opening, close_run=closing)
    try:
        yield inside
    finally:
        vars(pipeline).update(open_run=opened, close_run=closed)


def rebuild(asked: dict[str, Any]) -> dict[str, Any]:
    """The warehouse made again from captures and ledger."""
    from flows.rebuild import rebuild_from  # noqa: PLC0415

    done = rebuild_from(_settings(asked).model_copy(update={"workers": 0}))
    return {"state": done.state_hash, "same": done.same, "findings": [str(finding) for finding in done.findings]}


def forget(asked: dict[str, Any]) -> dict[str, Any]:
    """A page erased by its address; the state reached. One that is erased already is told as such."""
    from flows.forget import forget as erase  # noqa: PLC0415
    from schemas.errors import UnknownIdError  # noqa: PLC0415

    settings = _settings(asked)
    try:
        erase(asked["url"], "asked for", settings)
    except UnknownIdError:
        return told_of(settings) | {"unknown": True}
    return told_of(settings) | {"unknown": False}


def compact(asked: dict[str, Any]) -> dict[str, Any]:
    """The warehouse written anew."""
    from tasks.warehouse.care.compact import compact as write_anew  # noqa: PLC0415

    write_anew(_settings(asked))
    return told_of(_settings(asked))


def checkpoint(asked: dict[str, Any]) -> dict[str, Any]:
    """The log written into the file, slowly, and the process killed so many seconds after that began."""
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    with open_writer(_settings(asked)) as con:
        con.execute("SET debug_checkpoint_scan_sleep_ms = 20")  # after each table's rows, before they stand
        _kill_in("wall", asked["killed_in"])
        con.execute("CHECKPOINT").fetchall()
    return {}


def reprocess(asked: dict[str, Any]) -> dict[str, Any]:
    """All captures read again."""
    import flows.reprocess as again  # noqa: PLC0415

    os.environ |= {"FIRSTDRAFT_DATA_DIR": asked["folder"], "FIRSTDRAFT_WORKERS": "0"}
    vars(again)["select_sources"] = lambda *_: sources()
    again.reprocess()
    return told_of(_settings(asked))


def command(asked: dict[str, Any]) -> dict[str, Any]:
    """A command as a person gives it; how it ended, what it said, and the state reached."""
    from typer.testing import CliRunner  # noqa: PLC0415

    from flows.cli import app  # noqa: PLC0415

    os.environ |= {"FIRSTDRAFT_DATA_DIR": asked["folder"], "FIRSTDRAFT_WORKERS": "0"}
    done = CliRunner().invoke(app, asked["words"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return told_of(_settings(asked)) | {"exit": done.exit_code, "said": done.output}


def check(asked: dict[str, Any]) -> dict[str, Any]:
    """Ledger, archive and warehouse compared."""
    from tasks.care.verify import verify  # noqa: PLC0415

    found = verify(_settings(asked))
    damaged = [str(finding) for finding in found.findings if finding.damaged]
    return {"whole": found.whole, "findings": damaged, "told": len(found.findings)}


def look(asked: dict[str, Any]) -> dict[str, Any]:
    """Nothing done; what state it is in."""
    return told_of(_settings(asked))


def told_of(settings: Settings) -> dict[str, Any]:
    """The state, the process's resources, and the sizes of what is on disk."""
    from tasks.warehouse.care.checks import state_hash, table_states  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    log = settings.warehouse_path.with_name(settings.warehouse_path.name + ".wal")
    left = log.stat().st_size if log.exists() else 0
    with open_writer(settings) as con:
        state, tables = state_hash(con), table_states(con)
        running = con.execute("SELECT count(*) FROM runs WHERE state = 'running'").fetchall()[0][0]
    return {
        "state": state,
        "tables": tables,
        "running": running,
        "wal": left,
        "warehouse": settings.warehouse_path.stat().st_size,
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": len(list(Path("/proc/self/task").iterdir())),
        "resident": int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096,
    }


_DOINGS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "night": night,
    "rebuild": rebuild,
    "forget": forget,
    "compact": compact,
    "checkpoint": checkpoint,
    "reprocess": reprocess,
    "command": command,
    "verify": check,
    "look": look,
}


def _settings(asked: dict[str, Any]) -> Settings:
    return Settings(data_dir=Path(asked["folder"]))


def one_step(asked: dict[str, Any]) -> dict[str, Any]:
    """A step, with its fault armed; what came of it, an error included."""
    failpoints.arm(asked.get("fault", ""))
    passes = failpoints.count_passes() if not asked.get("fault") else {}
    _EXECUTOR[0] = ThreadPoolExecutor(asked["threads"]) if asked.get("threads") else Inline()
    try:
        told = {"end": "done", **_DOINGS[asked.get("do", "night")](asked)}
    except Exception as error:  # noqa: BLE001 - the edge of a process: what the command line would tell
        told = {"end": "failed", "error": f"{type(error).__name__}: {error}", "stack": traceback.format_exc()[-3000:]}
        told["code"] = getattr(error, "exit_code", _FAILED) if isinstance(error, FirstdraftError) else _FAILED
    finally:
        _EXECUTOR[0].shutdown()
        failpoints.arm("")
    return told | {"passes": dict(passes)}


def in_child(steps: list[dict[str, Any]], pipe: int) -> None:
    """The steps, one after the other in this process; each told as soon as it is over."""
    first = steps[0]
    if first.get("file_limit"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (first["file_limit"], first["file_limit"]))
    if first.get("kill_after"):
        _once_open(lambda: _kill_in(first["clock"], first["kill_after"]))
    time.sleep(first.get("late", 0.0))
    for step in steps:
        os.write(pipe, json.dumps(one_step(step)).encode() + b"\n")


def _once_open(then: Callable[[], None]) -> None:
    """Have something done as soon as a run of this process has opened: its first row stands, nothing is asked yet."""
    from flows import pipeline  # noqa: PLC0415

    opened = vars(pipeline)["open_run"]

    def opening(*args: Any) -> Any:
        memory = opened(*args)
        then()
        return memory

    vars(pipeline)["open_run"] = opening


def _kill_in(clock: str, seconds: float) -> None:
    """By the kernel, with the signal's own effect: no handler, nothing tidied up, in the midst of whatever it is."""
    timer, sent = _CLOCKS[clock]
    signal.signal(sent, signal.SIG_DFL)
    signal.setitimer(timer, seconds)


def fork(steps: list[dict[str, Any]], barrier: int) -> tuple[int, int]:
    """A child for the steps, waiting at the barrier; its process id, and where its answers are read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.read(barrier, 1)
        in_child(steps, writing)
        os._exit(0)
    os.close(writing)
    return child, reading


def serve(asked: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """All the processes asked for at once; how each of them fared."""
    barrier, start = os.pipe()
    children = [fork(steps, barrier) for steps in asked]
    os.write(start, b"!" * len(children))
    answers = []
    for child, reading in children:
        with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
            steps = [json.loads(line) for line in pipe]
        _, status, used = os.wait4(child, 0)
        told = {"pid": child, "killed": os.WIFSIGNALED(status), "cpu": used.ru_utime + used.ru_stime, "steps": steps}
        answers.append(told)
    os.close(barrier)
    os.close(start)
    return answers


def warm_up() -> None:
    """Load everything a night needs, without a database: flows, models, gazetteers."""
    import pyarrow.parquet  # noqa: F401, PLC0415

    from schemas.article import Article  # noqa: PLC0415
    from tasks.events.coder.code import code_article  # noqa: PLC0415
    from tasks.text.article import read_article  # noqa: PLC0415
    from tasks.web.urls.canonical import canonical_url  # noqa: PLC0415
    from tests.warehouse.build import a_run, an_article  # noqa: PLC0415
    from tests.warehouse.proofs.newsroom import page  # noqa: PLC0415

    make_plain(lambda: _EXECUTOR[0])
    source = sources()[0]
    kept = an_article(a_run(), source, "x").page
    article = read_article(kept, page("north", 1), source, canonical_url)
    if not isinstance(article, Article):
        raise TypeError(article)
    code_article(article, source.country)
    gc.collect()
    gc.freeze()  # or every child's first collection copies all of it


def main() -> None:
    """Serve until the input ends."""
    warm_up()
    os.write(1, b"ready\n")
    for line in sys.stdin:
        answers = serve(json.loads(line))
        os.write(1, json.dumps(answers).encode() + b"\n")


if __name__ == "__main__":
    main()
