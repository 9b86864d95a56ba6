"""The command that gives disk space back."""

from flows.cli.shared import Demo, Json, err, out, print_json, settings_of


def compact(as_json: Json = False, demo_data: Demo = False) -> None:
    """Write the warehouse anew without the room of deleted rows; killed on the way, the old file stays.

    Example: firstdraft compact
    """
    from tasks.console.bars import growth_bar  # noqa: PLC0415
    from tasks.warehouse.care.compact import compact as write_anew  # noqa: PLC0415
    from tasks.warehouse.publish.snapshot import publish  # noqa: PLC0415
    from tasks.warehouse.store.lock import hold_lock  # noqa: PLC0415

    settings = settings_of(demo_data)
    file = settings.warehouse_path
    size = file.stat().st_size if file.exists() else 0
    with (
        hold_lock(settings),
        growth_bar(err if as_json else out, "compact", file.parent, f".{file.name}.compact*", size),
    ):
        done = write_anew(settings)
        publish(settings)
    if as_json:
        print_json({"path": done.path, "before": done.before, "after": done.after})
        return
    share = 1 - done.after / done.before
    told = f"{done.path}: {done.before / 1e6:.1f} MB before, {done.after / 1e6:.1f} MB after ({share:.0%} less)"
    out.print(told, markup=False, highlight=False, soft_wrap=True)
