"""Who is told how: each kind of address through the block of Prefect's that speaks its way."""

import queue
import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.flows.conftest import Mailbox


class Smtp(socketserver.StreamRequestHandler):
    """As much of SMTP as one mail needs (RFC 5321)."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.posted.put(mail.decode())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def mail() -> Iterator[tuple[int, "queue.SimpleQueue[str]"]]:
    """A mail server on loopback: its port, and what came."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        server.posted = queue.SimpleQueue()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], server.posted  # type: ignore[attr-defined]
        server.shutdown()


def test_an_address_of_mail_gets_a_mail(mail: tuple[int, "queue.SimpleQueue[str]"]) -> None:
    from flows.automations import _block_for  # noqa: PLC0415 - the environment comes first

    port, posted = mail
    address = f"mailto://127.0.0.1:{port}?smtp=127.0.0.1&from=firstdraft@example.org&to=desk@example.org&format=text"
    _block_for(address).notify("2 of 40 sources down", "firstdraft")  # type: ignore[unused-coroutine]
    told = posted.get(timeout=20)
    assert "To: desk@example.org" in told
    assert "Subject: firstdraft" in told
    assert "2 of 40 sources down" in told


def test_any_other_address_gets_json_and_is_kept_as_a_secret(mailbox: Mailbox) -> None:
    from flows.automations import _block_for  # noqa: PLC0415

    block = _block_for(f"{mailbox.address}?token=s3cret")
    block.notify('"quoted"\nlines', "firstdraft")  # type: ignore[unused-coroutine]
    assert mailbox.posted.get(timeout=20) == {"subject": "firstdraft", "body": '"quoted"\nlines'}
    assert "s3cret" not in repr(block)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://hooks.slack.com/services/T000/B000/XXXX", "SlackWebhook"),
        ("mailtos://user:pw@mail.example.org?to=desk@example.org", "SlackWebhook"),
        ("https://hooks.example.org/x", "CustomWebhookNotificationBlock"),
    ],
)
def test_slack_and_mail_go_by_apprise_the_rest_by_post(address: str, kind: str) -> None:
    from flows.automations import _block_for  # noqa: PLC0415

    assert type(_block_for(address)).__name__ == kind
