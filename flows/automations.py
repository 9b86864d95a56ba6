"""What the Prefect server does by itself: notice runs that died, and tell somebody of what needs looking at.

Prefect's own automations and blocks, made through its API; making them again brings them up to date.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

from prefect.automations import Automation
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.types import SecretDict
from pydantic import SecretStr

#: What every deployment of prefect.yaml is tagged with, and the runs inside its runs.
TAG = "firstdraft"
HEARTBEAT = "firstdraft: a run without a heartbeat has crashed"
#: Beats lie 30 s apart (prefect.yaml): four of them missing.
SILENCE = timedelta(seconds=120)
_RUN: dict[str, str | list[str]] = {"prefect.resource.id": "prefect.flow-run.*"}
#: The server may have runs of others, which beat more slowly: only what carries our tag is meant.
_TAGGED = ResourceSpecification({"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"})
_ENDS = ("Completed", "Failed", "Cancelled", "Crashed")
#: The flows of prefect.yaml; those that run inside them say nothing by themselves.
_OURS = ("nightly", "backfill", "reprocess", "report", "verify")
#: After so long without a night that was completed, somebody should look.
A_NIGHT = timedelta(hours=36)
_BODY = """{{ flow.name }} / {{ flow_run.name }}: {{ flow_run.state.name }}
{{ flow_run.state.message }}
{{ flow_run|ui_url }}"""
_MISSED = "No nightly run was completed for 36 hours. `firstdraft doctor` on the machine says why."


def watch_heartbeats(silence: timedelta = SILENCE) -> Automation:
    """Runs killed with their worker stay RUNNING for ever and keep their place; this one calls them crashed."""
    return _kept(
        Automation(
            name=HEARTBEAT,
            description="Made by `firstdraft deploy`.",
            trigger=EventTrigger(
                after={"prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.heartbeat", *(f"prefect.flow-run.{state}" for state in _ENDS)},
                match=ResourceSpecification(_RUN),
                match_related=_TAGGED,
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=silence,
            ),
            actions=[
                ChangeFlowRunState(
                    name="Crashed",
                    force=False,
                    state=StateType.CRASHED,
                    message=f"no heartbeat for {silence.total_seconds():.0f} s: its process was killed or its machine "
                    "went down. The next run takes up what it had fetched.",
                )
            ],
        )
    )


def notify(address: str, name: str) -> tuple[Automation, ...]:
    """Tell an address of runs that failed, crashed or ended degraded, and of a night that did not come.

    Args:
        address: A Slack webhook; any other http(s) address, which gets a POST of JSON with `subject` and `body`; or an
            address of Apprise, as `mailtos://user:password@mail.example.org?to=desk@example.org`.
        name: Lower case, digits and hyphens; several addresses have several names.
    """
    block = cast("UUID", _block_for(address).save(f"firstdraft-{name}", overwrite=True))
    notifier = SendNotification(block_document_id=block, subject="firstdraft", body=_BODY)
    missed = SendNotification(block_document_id=block, subject="firstdraft", body=_MISSED)
    ends = _trigger(_OURS, *(f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut")))
    degraded = _trigger(_OURS, "prefect.flow-run.Completed", message="degraded*")
    night = _trigger(("nightly",), "prefect.flow-run.Completed", within=A_NIGHT)
    made = (
        ("of failures", ends, notifier),
        ("of degraded runs", degraded, notifier),
        ("of missed nights", night, missed),
    )
    return tuple(
        _kept(Automation(name=f"firstdraft: tell {name} {what}", trigger=trigger, actions=[action]))
        for what, trigger, action in made
    )


def _trigger(flows: Sequence[str], *events: str, message: str = "", within: timedelta | None = None) -> EventTrigger:
    """Runs of some flows that end so, with such a message; with ``within``, that none does for so long."""
    return EventTrigger(
        expect=set(events),
        match=ResourceSpecification(_RUN | ({"prefect.state-message": message} if message else {})),
        match_related=[
            _TAGGED,
            ResourceSpecification({"prefect.resource.role": "flow", "prefect.resource.name": list(flows)}),
        ],
        posture=Posture.Proactive if within else Posture.Reactive,
        threshold=1,
        within=within or timedelta(0),
    )


def _block_for(address: str) -> NotificationBlock:
    """Prefect's Slack block hands whatever it is given to Apprise, which speaks e-mail too."""
    if not address.startswith(("http://", "https://")) or address.startswith("https://hooks.slack"):
        return SlackWebhook(url=SecretStr(address))
    return CustomWebhookNotificationBlock(
        name="firstdraft",
        url="{{address}}",  # among the secrets, for an address is often a key
        json_data={"subject": "{{subject}}", "body": "{{body}}"},
        headers=None,
        cookies=None,
        secrets=SecretDict({"address": address}),
    )


def _kept(wanted: Automation) -> Automation:
    """Made, or brought up to date if there is one of that name."""
    try:
        there = cast("Automation", Automation.read(name=wanted.name))
    except ValueError:
        return cast("Automation", wanted.create())
    if (there.trigger, there.actions) == (wanted.trigger, wanted.actions):
        return there  # an update would begin anew, and forget the runs that are being watched
    wanted.id = there.id
    wanted.update()
    return wanted
