"""Stamps by an authority of our own (openssl), checked against the ledger; pages handed to an archive, each once."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from schemas.errors import StampError
from schemas.ledger import Closed
from tasks.ledger.append import open_ledger
from tasks.ledger.handing_over import hand_over
from tasks.ledger.stamping import check_stamps, hand_to_calendar, stamp

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="stamps are made with openssl")
RUN = "run_0123456789abcdef0123"
CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Authority of the tests
[ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


class Authority:
    """A certificate of its own, and replies to queries."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, folder / "tsa.cnf"
        folder.mkdir()
        self.config.write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self.openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-config", str(self.config), "-extensions",
            "ext", "-keyout", str(folder / "tsa.key"), "-out", str(self.certificate),
        )  # fmt: skip

    @property
    def certificate(self) -> Path:
        return self.folder / "tsa.pem"

    def reply(self, query: bytes) -> bytes:
        asked, answered = self.folder / "q.tsq", self.folder / "a.tsr"
        asked.write_bytes(query)
        self.openssl("ts", "-reply", "-config", str(self.config), "-queryfile", str(asked), "-out", str(answered))
        return answered.read_bytes()

    def openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=120)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "tsa")


@pytest.fixture
def served(authority: Authority) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(authority.reply(query))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
        server.shutdown()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    written = open_ledger(folder, 1 << 20)
    written.append(Closed(RUN, datetime(2024, 5, 3, tzinfo=UTC), 0, {}, None, 20))
    written.sync()
    return folder


def test_a_stamp_is_kept_and_holds(tmp_path: Path, ledger: Path, authority: Authority, served: str) -> None:
    made = stamp(tmp_path / "stamps", ledger, RUN[:8], served)
    assert (made.run_id, made.seq) == (RUN, 1)
    assert made.stamped_at.startswith(f"{datetime.now(UTC):%Y-%m-%dT}")
    (finding,) = check_stamps(tmp_path / "stamps", ledger, authority.certificate)
    assert (finding.what, finding.damaged) == ("stamped", False)


def test_a_stamp_of_another_ledger_or_authority_does_not_hold(
    tmp_path: Path, ledger: Path, authority: Authority, served: str
) -> None:
    stamps = tmp_path / "stamps"
    stamp(stamps, ledger, RUN, served)
    stranger = Authority(tmp_path / "stranger")
    (finding,) = check_stamps(stamps, ledger, stranger.certificate)
    assert (finding.what, finding.damaged) == ("stamp_unproven", True)
    held = stamps / f"{RUN}.json"
    held.write_text(json.dumps(json.loads(held.read_text()) | {"sha256": "0" * 64}))
    (finding,) = check_stamps(stamps, ledger, authority.certificate)
    assert (finding.what, finding.damaged) == ("stamp_differs", True)


def test_what_cannot_be_stamped_is_told(tmp_path: Path, ledger: Path) -> None:
    with pytest.raises(StampError, match="no closed run"):
        stamp(tmp_path / "stamps", ledger, "run_f", "http://127.0.0.1:9/tsa")
    with pytest.raises(StampError, match="nobody answers"):
        stamp(tmp_path / "stamps", ledger, RUN, "http://127.0.0.1:9/tsa")
    assert list(check_stamps(tmp_path / "stamps", ledger, None)) == []


NONCE, PROMISE = b"\xf0\x02ab\x08", b"\x00\x83\xdf\xe3\r.\xf9\x0c\x8e\x16\x15https://calendar.test"
BLOCK = b"\xf1\x01z\x08\x00\x05\x88\x96\rs\xd7\x19\x01\x03\xc0\x84="


@pytest.fixture
def calendar() -> Iterator[str]:
    """A calendar on this machine: it promises a block for any hash, as the protocol has it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            digest = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200 if self.path == "/digest" and len(digest) == 32 else 404)
            self.end_headers()
            self.wfile.write(NONCE + PROMISE)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_calendars_proof_is_checked_up_to_its_promise_and_then_to_its_block(
    tmp_path: Path, ledger: Path, calendar: str
) -> None:
    stamps = tmp_path / "stamps"
    handed = hand_to_calendar(stamps, ledger, RUN, calendar)
    (finding,) = check_stamps(stamps, ledger, None)
    assert (finding.what, finding.damaged) == ("stamp_pending", False)
    assert "https://calendar.test" in finding.detail

    proof = stamps / handed.reply
    proof.write_bytes(proof.read_bytes().removesuffix(PROMISE) + b"\xff" + PROMISE + BLOCK)
    root = sha256(b"z" + sha256(bytes.fromhex(handed.sha256) + b"ab").digest()).digest()[::-1].hex()
    (finding,) = check_stamps(stamps, ledger, None)
    assert (finding.what, finding.damaged) == ("stamped", False)
    assert f"Bitcoin block 1000000 if its Merkle root is {root}" in finding.detail


@pytest.mark.parametrize(
    "spoilt", [b"", b"\x08", NONCE, NONCE + PROMISE[:-1], NONCE + PROMISE + b"\x08", b"\x07" + PROMISE]
)
def test_a_proof_that_is_cut_or_of_unknown_steps_proves_nothing(
    tmp_path: Path, ledger: Path, calendar: str, spoilt: bytes
) -> None:
    stamps = tmp_path / "stamps"
    proof = stamps / hand_to_calendar(stamps, ledger, RUN, calendar).reply
    proof.write_bytes(proof.read_bytes().removesuffix(NONCE + PROMISE) + spoilt)
    (finding,) = check_stamps(stamps, ledger, None)
    assert (finding.what, finding.damaged) == ("stamp_unproven", True)


def test_an_answer_without_end_is_not_read_to_its_end(tmp_path: Path, ledger: Path) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(PROMISE * 1000)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(StampError, match="more than 100,000 bytes"):
            hand_to_calendar(tmp_path / "stamps", ledger, RUN, f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()


def test_a_calendar_that_gives_no_proof_is_told(tmp_path: Path, ledger: Path, calendar: str) -> None:
    with pytest.raises(StampError, match="HTTP 404"):
        hand_to_calendar(tmp_path / "stamps", ledger, RUN, f"{calendar}/elsewhere")
    assert list(check_stamps(tmp_path / "stamps", ledger, None)) == []


def test_pages_are_handed_over_once_and_slowly(tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(429 if len(asked) > 2 else 200)
            self.end_headers()
            self.wfile.write(b'{"job_id": "spn2-1"}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        api, kept, waited = f"http://127.0.0.1:{server.server_address[1]}/save", tmp_path / "saved.jsonl", list[float]()
        urls = ["https://paper.test/1", "https://paper.test/2"]
        assert hand_over(urls, kept, api, "", 3.0, waited.append) == 2
        assert waited == [3.0]
        assert hand_over([*urls, "https://paper.test/3"], kept, api, "", 3.0, waited.append) == 0
        server.shutdown()
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [(row["url"], row["answer"]) for row in rows] == [(url, {"job_id": "spn2-1"}) for url in urls]
