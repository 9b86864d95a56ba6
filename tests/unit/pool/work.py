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
