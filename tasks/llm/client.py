"""One request to an OpenAI-compatible server, by the official client; every fault comes back as a value.

The key is read from the environment when a client is made and goes nowhere else: it is no setting, so it is in no
log line, flow parameter or row, and what a server says in its errors is not repeated, for servers repeat keys.
"""

import ipaddress
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import LlmError
from schemas.llm import Said
from schemas.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

#: A larger body is no answer to a question about an article.
_MOST_BYTES = 4 << 20
#: What stands in place of the key if a server gives it back.
_HIDDEN = "[key]"
#: The client wants one; servers that need none pass it over.
_NO_KEY = "none"


class _Secret(BaseSettings):
    """The key, apart from the settings that flows hand on."""

    model_config = SettingsConfigDict(env_prefix="FIRSTDRAFT_", env_file=".env", extra="ignore", frozen=True)

    llm_key: SecretStr = SecretStr("")


@dataclass(frozen=True, slots=True)
class Answer:
    """How one question ended: ``content`` is set if the model answered. ``attempts`` counts requests sent.

    Tokens are the server's count, or ``None`` if it gives none.
    """

    said: Said
    detail: str
    attempts: int
    content: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Part):
    content: str | None = None


class _Choice(_Part):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Part):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(_Part):
    """What is read of a server's answer."""

    choices: tuple[_Choice, ...]
    usage: _Usage | None = None


class Server:
    """A server with its client; made by :func:`server`, safe to share by threads."""

    def __init__(self, client: "OpenAI", secret: str, settings: Settings) -> None:
        self._client, self._secret, self._settings = client, secret, settings

    def ask(self, messages: Sequence[Mapping[str, str]], form: Mapping[str, Any], attempts: int) -> Answer:
        """Ask once, and again after passing faults (429, 5xx, timeouts), ``attempts`` times in all."""
        import openai  # noqa: PLC0415 - an extra

        sent = _Count()
        try:
            body = self._send(messages, form, attempts, sent)
        except (openai.OpenAIError, OSError, OverflowError, ValueError) as error:
            kind, detail = self._fault(error)
            return Answer(kind, detail, sent.requests)
        return self._read(body, sent.requests)

    def _fault(self, error: Exception) -> tuple[Said, str]:
        """What an error says, in our words alone."""
        import openai  # noqa: PLC0415 - an extra

        match error:
            case openai.APITimeoutError() | TimeoutError():
                failure = Said.TIMEOUT, f"no whole answer within {self._settings.llm_timeout:g} s"
            case openai.APIStatusError():
                kind = Said.SERVER_ERROR if error.status_code >= 500 else Said.REFUSED
                failure = _SAID.get(error.status_code, kind), f"status {error.status_code}"
            case openai.APIConnectionError() | OSError():
                failure = Said.UNREACHABLE, type(error.__cause__ or error).__name__
            case OverflowError():
                failure = Said.TOO_LONG, f"the answer has more than {_MOST_BYTES} bytes"
            case _:
                failure = Said.BAD_REPLY, type(error).__name__
        return failure

    def _send(
        self, messages: Sequence[Mapping[str, str]], form: Mapping[str, Any], attempts: int, sent: "_Count"
    ) -> bytes:
        """The body of an answer. Raises ``TimeoutError`` if it is slow, ``OverflowError`` if it is long.

        The body is read here piece by piece: the client's own limit is between two pieces, not for all of them.
        """
        options = self._settings.llm_options
        limit = {} if "max_completion_tokens" in options else {"max_tokens": self._settings.llm_reply_tokens}
        body: dict[str, Any] = {"model": self._settings.llm_model, "messages": list(messages), **form}
        client = self._client.with_options(max_retries=attempts - 1)
        create: Any = client.chat.completions.with_streaming_response.create
        with _counting(sent), create(**body, extra_body={**limit, **options}) as response:
            return _whole(_pieces(response.iter_bytes()), time.monotonic() + self._settings.llm_timeout)

    def _read(self, body: bytes, requests: int) -> Answer:
        try:
            completion = _Completion.model_validate_json(body)
        except ValidationError as error:
            return Answer(
                Said.BAD_REPLY, f"no answer in the form of the protocol: {error.errors()[0]['type']}", requests
            )
        usage = completion.usage
        tokens = (usage.prompt_tokens, usage.completion_tokens) if usage else (None, None)
        choice = completion.choices[0] if completion.choices else None
        if choice is None or not choice.message.content:
            return Answer(Said.REFUSED, "it gave no answer", requests, None, *tokens)
        if choice.finish_reason == "length":
            told_limit = f"the answer is longer than {self._settings.llm_reply_tokens} tokens"
            return Answer(Said.TOO_LONG, told_limit, requests, None, *tokens)
        content = choice.message.content
        if self._secret:
            content = content.replace(self._secret, _HIDDEN)
        return Answer(Said.ANSWERED, "", requests, content, *tokens)


class Asked(Protocol):
    """What questions are put to."""

    def ask(self, messages: Sequence[Mapping[str, str]], form: Mapping[str, Any], attempts: int) -> Answer:
        """How a question ended; the article is the last of the messages."""
        ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """A folder of replies in the place of a server: the one whose ``title`` is the article's. The demo has such."""

    folder: Path

    def ask(self, messages: Sequence[Mapping[str, str]], form: Mapping[str, Any], attempts: int) -> Answer:
        """The reply that was written down for an article of this title."""
        title = json.loads(messages[-1]["content"])["title"]
        for file in sorted(self.folder.glob("*.json")):
            reply = json.loads(file.read_text(encoding="utf-8"))
            if reply["title"] == title:
                return Answer(Said.ANSWERED, "", 1, json.dumps({"events": reply["events"]}, ensure_ascii=False), 0, 0)
        return Answer(Said.REFUSED, "no reply is written down for an article of this title", 1, None, 0, 0)


@contextmanager
def server(settings: Settings) -> Iterator[Asked]:
    """The server of the settings, checked. Raises :class:`LlmError` saying which setting is wrong."""
    if (recorded := _folder(settings)) is not None:
        yield Recorded(recorded)
        return
    check(settings)
    import openai  # noqa: PLC0415 - an extra

    secret = _Secret().llm_key.get_secret_value()
    http = openai.DefaultHttpx2Client(
        follow_redirects=False, timeout=settings.llm_timeout, event_hooks={"request": [_count]}
    )
    client = openai.OpenAI(
        api_key=secret or _NO_KEY, base_url=settings.llm_url, timeout=settings.llm_timeout, http_client=http
    )
    with client:
        yield Server(client, secret, settings)


def host_of(settings: Settings) -> str:
    """Where the model is asked: host and port."""
    return urlsplit(settings.llm_url).netloc


def _folder(settings: Settings) -> Path | None:
    """The folder of replies a ``file`` address names."""
    parts = urlsplit(settings.llm_url)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def check(settings: Settings) -> None:
    """See that a model can be asked at all, without asking it. Raises :class:`LlmError` saying what is wrong."""
    if _folder(settings) is not None:
        return
    parts = urlsplit(settings.llm_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not settings.llm_model:
        raise LlmError("FIRSTDRAFT_LLM needs FIRSTDRAFT_LLM_URL (http://127.0.0.1:11434/v1) and FIRSTDRAFT_LLM_MODEL")
    if parts.username or parts.password or parts.query:
        raise LlmError(
            "FIRSTDRAFT_LLM_URL contains a user name, a password or a query: give the key as FIRSTDRAFT_LLM_KEY"
        )
    if _Secret().llm_key.get_secret_value() and parts.scheme == "http" and not _is_near(parts.hostname):
        raise LlmError(
            f"the key would go to {parts.hostname} without encryption: use https, or leave FIRSTDRAFT_LLM_KEY empty"
        )
    try:
        import openai  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise LlmError("the extra llm is not installed: uv sync --extra llm") from error


def _is_near(host: str) -> bool:
    """Return True if a host is this machine, or an address of a private network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def _pieces(read: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a body. Raises ``TimeoutError`` or ``ConnectionError`` if it breaks off."""
    try:
        yield from read
    except Exception as error:  # noqa: BLE001 - the client hands on whatever its transport raises, by whatever name
        raise (TimeoutError if "timeout" in type(error).__name__.lower() else ConnectionError) from None


def _whole(pieces: Iterator[bytes], deadline: float) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > _MOST_BYTES:
            raise OverflowError
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(body)


_SAID = {401: Said.UNAUTHORIZED, 403: Said.UNAUTHORIZED, 408: Said.TIMEOUT, 413: Said.TOO_LONG, 429: Said.RATE_LIMITED}


class _Counting(threading.local):
    """The count of the question this thread is asking: the client sends its retries by itself."""

    sent: "_Count | None" = None


@dataclass(slots=True)
class _Count:
    """Requests sent for one question."""

    requests: int = 0


_COUNTING = _Counting()


@contextmanager
def _counting(sent: _Count) -> Iterator[None]:
    _COUNTING.sent = sent
    try:
        yield
    finally:
        _COUNTING.sent = None


def _count(_: object) -> None:
    if _COUNTING.sent is not None:
        _COUNTING.sent.requests += 1
