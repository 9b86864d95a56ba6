"""What the tests have children do."""

import os
import signal
import time


def double(number: int) -> int:
    return 2 * number


def spin(_: int) -> None:
    while True:
        pass


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def swallow(mebibytes: int) -> int:
    return len(bytearray(mebibytes << 20))


def crash(_: int) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail(_: int) -> None:
    raise ValueError("no such page")


def pid(_: int) -> int:
    return os.getpid()


def say(text: str) -> str:
    print(text)  # noqa: T201 - what a library might do
    return text


def slow_at_first(mark: str) -> str:
    """Leaves a mark and waits for whoever kills it; with the mark there it is quick."""
    try:
        with open(mark, "x", encoding="utf-8") as file:  # noqa: PTH123 - "x" is what matters
            file.write(str(os.getpid()))
    except FileExistsError:
        return "read"
    time.sleep(60)
    return "not killed"


def write_running(folder: str, number: int) -> int:
    """How many of these calls are under way, this one included; dies where it is told to be the one that is alone."""
    mark = os.path.join(folder, f"{number}-{os.getpid()}")  # noqa: PTH118
    with open(mark, "w", encoding="utf-8"):  # noqa: PTH123
        time.sleep(0.05)
    seen = len([name for name in os.listdir(folder) if "-" in name])  # noqa: PTH208
    tried = os.path.join(folder, f"tried{number}")  # noqa: PTH118
    if number == 0 and not os.path.exists(tried):  # noqa: PTH110
        with open(tried, "w", encoding="utf-8"):  # noqa: PTH123
            pass
        os.remove(mark)  # noqa: PTH107
        os.kill(os.getpid(), signal.SIGKILL)
    os.remove(mark)  # noqa: PTH107
    return seen
