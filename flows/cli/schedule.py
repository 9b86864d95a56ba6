"""Commands that put the flows on a schedule: serve, deploy, notify."""

import os
import sys
from typing import Annotated, cast

import typer

from flows.cli.shared import Demo, Json, err, out, prepare_prefect, print_json, settings_of, working
from schemas.errors import ServiceError
from schemas.settings import Settings
from tasks.console.render import show_rows
from tasks.service.api import healthy
from tasks.service.instance import serving

Name = Annotated[str, typer.Option(help="What to call the address: lower case, digits, hyphens.")]


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the server and its pages.")] = 4200,
    host: Annotated[
        str, typer.Option(help="Address to bind; any but loopback needs PREFECT_SERVER_API_AUTH_STRING.")
    ] = "127.0.0.1",
    without_worker: Annotated[
        bool, typer.Option("--without-worker", help="The server alone; a worker runs elsewhere.")
    ] = False,
) -> None:
    """Start Prefect's server, a worker and the schedule, and keep them together until Ctrl-C or SIGTERM.

    If one of them dies, it is named, the others are stopped, and the exit code is 1. The server asks for a secret,
    which is made and kept in data/serve.env; `firstdraft doctor` shows how to use it.

    Example: firstdraft serve --port 4201
    """
    from flows.serve import serve as keep_up

    raise typer.Exit(keep_up(Settings(), host, port, _say, with_worker=not without_worker))


def deploy(
    pool_type: Annotated[str, typer.Option(help="Type of the pool, where it is made now.")] = "process",
    as_json: Json = False,
) -> None:
    """Register pool, deployments and the watch over heartbeats with the server of PREFECT_API_URL.

    `firstdraft serve` does it by itself. Runs will work in the folder this is called from.

    Example: PREFECT_API_URL=http://127.0.0.1:4200/api firstdraft deploy
    """
    api = _reach()
    from flows.deploy import deploy as register

    with working("registering pool, automation and deployments"):
        names = register(pool_type)
    if as_json:
        print_json({"api": api, "deployments": names})
    else:
        out.print(f"deployed at {api}: {', '.join(names)}", highlight=False, soft_wrap=True)


def notify(
    address: Annotated[str, typer.Argument(help="A Slack webhook, any http(s) address, or mailtos://...")],
    name: Name = "desk",
    as_json: Json = False,
) -> None:
    """Have the server tell an address of runs that fail, crash, end degraded, or do not come.

    Slack webhooks and mailto(s):// addresses are spoken to in their own way, other addresses get JSON by POST.

    Example: firstdraft notify https://hooks.slack.com/services/T000/B000/XXXX --name newsroom
    """
    if not name.replace("-", "").isalnum() or name != name.lower():
        raise typer.BadParameter(f"--name {name}: lower case, digits and hyphens only")
    _reach()
    from flows.automations import notify as tell

    with working("making block and automations"):
        names = [made.name for made in tell(address, name)]
    if as_json:
        print_json({"automations": names})
        return
    for made in names:
        out.print(made, highlight=False, soft_wrap=True)


def alerts(
    name: Annotated[str | None, typer.Argument(help="An alert of seeds/alerts.yml to try; nothing is sent.")] = None,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """List the alerts, with how many events each finds and how many nobody was told of yet; or try one.

    Example: firstdraft alerts many-killed --demo
    """
    from tasks.reference.seeds.alerts import load_alerts
    from tasks.site.wording.headlines import headline
    from tasks.warehouse.publish.alerting import found_by, last_run, read_told, untold
    from tasks.warehouse.store.connect import open_reader

    settings = settings_of(demo_data)
    all_alerts = load_alerts()
    if name is not None and name not in {alert.name for alert in all_alerts}:
        raise typer.BadParameter(f"{name}: seeds/alerts.yml has {', '.join(alert.name for alert in all_alerts)}")
    rows: list[dict[str, object]] = []
    with open_reader(settings) as con:
        for alert in all_alerts:
            if name not in (None, alert.name):
                continue
            events = found_by(con, alert)
            fresh = untold(events, read_told(settings.alerts_dir, alert), last_run(con))
            counts = {"events": len(events), "untold": len(fresh), "every": alert.every, "to": list(alert.to)}
            named = {"headlines": [headline(row) for row in events]} if name else {}
            rows.append({"name": alert.name, "about": alert.about, "where": alert.where, **counts, **named})
    if as_json:
        print_json(rows)
        return
    columns = ("name", "about", "where", "events", "untold", "every")
    show_rows(out, columns, [tuple(row[column] for column in columns) for row in rows])
    for line in cast("list[str]", rows[0]["headlines"]) if name else ():
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def api(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 4300,
    host: Annotated[
        str, typer.Option(help="Address to bind; any but loopback needs PREFECT_SERVER_API_AUTH_STRING.")
    ] = "127.0.0.1",
    demo_data: Demo = False,
) -> None:
    """Serve the published snapshot read-only: events, mentions, changes, claims, sources; its page is /docs.

    Example: firstdraft api --demo
    """
    from flows.api import serve_api

    serve_api(settings_of(demo_data), host, port)


def _reach() -> str:
    """The address of the server, put where Prefect looks for it. Raises :class:`ServiceError` if there is none."""
    who = serving(Settings().data_dir)
    api = os.environ.get("PREFECT_API_URL") or (who.api if who else "")
    if not api:
        raise ServiceError("no server is named in PREFECT_API_URL, and none serves here: `firstdraft serve` starts one")
    if not healthy(api):
        raise ServiceError(f"no Prefect server answers at {api}: start it, or set PREFECT_API_URL to another")
    os.environ["PREFECT_API_URL"] = api
    prepare_prefect()
    return api


def _say(line: str) -> None:
    """A line as it comes: a service manager's log takes it from here."""
    target = err if line.startswith("stopping") else out
    target.file.write(line + "\n")
    target.file.flush()
    sys.stdout.flush()
