"""What a terminal shows of an article's versions: words that went struck out, words that came underlined."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from schemas.version import Difference, Edit, EditKind, StoredVersion
from tasks.reference.machine.steering import shown

#: Words of an unchanged stretch shown on each side of a change.
_AROUND = 12
_STYLES = {EditKind.SAME: "", EditKind.REMOVED: "red strike", EditKind.ADDED: "green underline"}
#: If there are no colours: wdiff's marks.
_MARKS = {EditKind.SAME: ("", ""), EditKind.REMOVED: ("[-", "-]"), EditKind.ADDED: ("{+", "+}")}


def show_versions(console: Console, versions: Sequence[StoredVersion], differences: Sequence[Difference]) -> None:
    """The article, each version with its dates, and the changes from one to the next."""
    last = versions[-1]
    console.print(Text(shown(last.title or "(no title)"), style="bold"))
    console.print(Text(f"{last.article_id}  {last.source_id}  {last.canonical_url}", style="dim"), soft_wrap=True)
    _show_version(console, 1, versions[0])
    for number, difference in enumerate(differences, 2):
        _show_version(console, number, difference.new)
        gone, came = difference.words(EditKind.REMOVED), difference.words(EditKind.ADDED)
        console.print(Text(f"   {gone} words removed, {came} added", style="dim"))
        for name, edits in (("title", difference.title), ("text", difference.text)):
            if any(edit.kind is not EditKind.SAME for edit in edits):
                marked = not console.color_system or not console.is_terminal
                console.print(Text(f"   {name}: ").append(_line(edits, marked)), soft_wrap=not console.is_terminal)
    if not differences:
        console.print(Text("   one version: nothing has changed since it was first seen"))


def diff_json(versions: Sequence[StoredVersion], differences: Sequence[Difference]) -> dict[str, object]:
    """The same for machines: versions without their texts, and every edit."""
    return {
        "article_id": versions[0].article_id,
        "source_id": versions[0].source_id,
        "canonical_url": versions[0].canonical_url,
        "versions": [_version_json(version) for version in versions],
        "differences": [
            {
                "old_version_id": item.old.version_id,
                "new_version_id": item.new.version_id,
                "words_removed": item.words(EditKind.REMOVED),
                "words_added": item.words(EditKind.ADDED),
                "title": [{"kind": str(edit.kind), "text": edit.text} for edit in item.title],
                "text": [{"kind": str(edit.kind), "text": edit.text} for edit in item.text],
            }
            for item in differences
        ],
    }


def _show_version(console: Console, number: int, version: StoredVersion) -> None:
    parts = [f"{number}. first seen {version.first_seen_at:%Y-%m-%d %H:%M} UTC"]
    if version.published_day:
        parts.append(f"published {version.published_day}")
    if version.modified_at:
        parts.append(f"modified {version.modified_at:%Y-%m-%d %H:%M} UTC")
    if version.completeness != "full":
        parts.append(version.completeness.replace("_", " "))
    if version.superseded:
        parts.append("a reading of the same bytes that newer code replaced")
    parts.append(version.version_id + (" (current)" if version.current else ""))
    console.print(Text("  ".join(parts), style="bold" if version.current else ""), soft_wrap=True)
    if version.correction_note:
        console.print(Text(f"   note: {shown(version.correction_note)}", style="yellow"))


def _version_json(version: StoredVersion) -> dict[str, object]:
    names = ("version_id", "content_sha256", "title", "first_seen_at", "published_day", "modified_at")
    more = ("correction_note", "completeness", "capture_id", "current", "superseded")
    return {name: getattr(version, name) for name in (*names, *more)}


def _line(edits: Sequence[Edit], marked: bool) -> Text:
    line = Text()
    for edit in _shortened(edits):
        before, after = _MARKS[edit.kind] if marked else ("", "")
        line.append(f"{before}{shown(edit.text)}{after}", style=_STYLES[edit.kind])
    return line


def _shortened(edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits, of long unchanged stretches only what stands beside a change."""
    for at, edit in enumerate(edits):
        words = edit.text.split(" ")
        if edit.kind is not EditKind.SAME or len(words) <= 2 * _AROUND:
            yield edit
            continue
        head = " ".join(words[:_AROUND]) + " " if at else ""
        tail = " " + " ".join(words[-_AROUND:]) if at + 1 < len(edits) else ""
        yield Edit(edit.kind, f"{head}[…]{tail}")
