"""The command that shows how an article changed."""

from flows.cli.shared import Demo, Json, out, print_json, settings_of


def diff(article: str, as_json: Json = False, demo_data: Demo = False) -> None:
    """Show what changed between the versions of an article, by its id or its address.

    Example: firstdraft diff https://example.org/2023/12/story --demo
    """
    from tasks.console.diff import diff_json, show_versions  # noqa: PLC0415
    from tasks.text.copies.worddiff import differences  # noqa: PLC0415
    from tasks.warehouse.publish.diff import versions_of  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415
    from tasks.web.urls.canonical import canonical_url  # noqa: PLC0415

    with open_reader(settings_of(demo_data)) as con:
        versions = versions_of(con, article, canonical_url(article))
    changes = differences(versions)
    if as_json:
        print_json(diff_json(versions, changes))
    else:
        show_versions(out, versions, changes)
