"""An alert arrives where it was asked for, with its links, and not twice."""

from schemas.alert import Alert
from tests.flows.conftest import Demo, Mailbox


def test_an_alert_arrives_once(mailbox: Mailbox, demo: Demo) -> None:
    from flows.automations import _block_for  # noqa: PLC0415 - the environment comes first
    from tasks.alert import tell  # noqa: PLC0415

    address, posted = mailbox
    _block_for(address).save("firstdraft-newsroom", overwrite=True)
    alert = Alert(name="killed", about="Persons killed", where="killed_best > 0", to=("newsroom",))
    settings = demo.settings.model_copy(update={"site_url": "https://desk.test/site"})
    told = tell(settings, [alert])
    message = posted.get(timeout=20)
    assert f"({told['killed']})" in message["subject"]
    assert "https://desk.test/site/event/" in message["body"]
    assert tell(settings, [alert]) == {"killed": 0}
    assert posted.empty()


def test_an_address_nobody_keeps_is_told_the_next_time(demo: Demo) -> None:
    from tasks.alert import tell  # noqa: PLC0415

    alert = Alert(name="nobody-there", about="Persons killed", where="killed_best > 0", to=("nowhere",))
    assert tell(demo.settings, [alert]) == {}
    assert tell(demo.settings, [alert]) == {}
