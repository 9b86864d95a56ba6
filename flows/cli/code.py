"""The command that codes one text, so that whoever edits a seed or doubts a row sees what is read and why."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.shared import Json, out, print_json, working

Published = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The local day of publication, which words such as Monday count from."),
]
Country = Annotated[str | None, typer.Option(help="The country of the outlet, ISO 3166 alpha-2: a hint for places.")]


def code(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input; its first line may be the title.")],
    published: Published = None,
    country: Country = None,
    as_json: Json = False,
) -> None:
    """Code one text and show every event with the words behind it; nothing is fetched, nothing kept.

    Example: firstdraft code article.txt --published 2023-12-11
    """
    from tasks.console.coded import coded_json, show_coded  # noqa: PLC0415
    from tasks.events.document import Document  # noqa: PLC0415
    from tasks.events.mentions import code_text  # noqa: PLC0415
    from tasks.text.page.language import read_language  # noqa: PLC0415

    text = _text(file)
    first, _, body = text.partition("\n")
    title = first.strip() if body.strip() else None
    day = published.date() if published else None
    with working("reading"):
        language = read_language(text, None)
        mentions = code_text(Document("art_text", "ver_text", title, text, language, day, country=country))
    if as_json:
        print_json(coded_json(mentions))
        return
    if not language.startswith("en"):
        out.print(f"the text is read as {language}; the coder reads English")
    show_coded(out, text, mentions)


def _text(file: str) -> str:
    """The text of a file or of standard input, line ends as the coder knows them."""
    if file == "-":
        return sys.stdin.read().replace("\r\n", "\n")
    path = Path(file)
    if not path.is_file():
        raise typer.BadParameter(f"{file}: no such file")
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{file}: not UTF-8 text ({error.reason}); for a page, save its text") from error
