"""Mentions as tasks of Label Studio, with our spans as predictions, and its annotations back as verdicts.

The format is Label Studio's own JSON (https://labelstud.io/guide/tasks): a task has ``data`` and ``predictions``; its
export adds ``annotations`` whose ``result`` holds regions of ``labels`` with the characters they cover, and ``choices``
and ``textarea`` of the whole. A value is changed by marking other words, or by writing it into the field's box.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from schemas.errors import ReviewError
from schemas.review import ShownMention, Verdict
from tasks.reviewing.fields import FIELDS, read_correction, said
from tasks.reviewing.sheet import Judged, Refused, read_as

#: The field each piece of evidence belongs to.
_FIELD_OF = {"trigger": "type", "initiator": "initiators", "target": "targets"}
_MARKED = tuple(field for field in FIELDS if field != "status")
_COLOURS = ("#8e1b1b", "#5c4a8a", "#1b5e8e", "#3b6e22", "#8a5a12", "#00675b", "#a3006d", "#555555", "#7a7a00")
#: Reads the value of a field from marked words: ``None`` if it cannot.
ReadWords = Callable[[str, str], str | None]


def config() -> str:
    """The labelling interface, to be pasted into the project's settings."""
    labels = "".join(
        f'<Label value="{field}" background="{colour}"/>' for field, colour in zip(_MARKED, _COLOURS, strict=True)
    )
    boxes = "".join(
        f'<Header value="{field}"/><TextArea name="{field}" toName="text" maxSubmissions="1" editable="true"/>'
        for field in FIELDS
    )
    return (
        '<View><Header value="$title"/><HyperText name="link" value="$url"/>'
        f'<Labels name="label" toName="text">{labels}</Labels><Text name="text" value="$text"/>'
        '<Choices name="verdict" toName="text" choice="single-radio">'
        '<Choice value="accept"/><Choice value="reject"/></Choices>'
        f'{boxes}<TextArea name="note" toName="text" placeholder="why"/></View>\n'
    )


def tasks(mentions: Iterable[ShownMention]) -> str:
    """The tasks as JSON for Label Studio's import."""
    return json.dumps([_task(mention) for mention in mentions], ensure_ascii=False, indent=1) + "\n"


def _task(mention: ShownMention) -> dict[str, Any]:
    about = {
        "text": mention.context,
        "mention_id": mention.mention_id,
        "read": read_as(mention),
        "title": mention.title or "",
        "url": mention.url,
        "source": mention.source_id,
        "published": str(mention.published_day or ""),
    }
    prediction = {
        "model_version": f"{mention.coder} {mention.coder_version}",
        "score": mention.confidence,
        "result": [*_regions(mention), *_boxes(mention)],
    }
    return {"data": about, "predictions": [prediction]}


def _regions(mention: ShownMention) -> Iterator[dict[str, Any]]:
    for number, piece in enumerate(mention.evidence):
        field = _FIELD_OF.get(piece.field, piece.field)
        start, stop = piece.start - mention.context_start, piece.end - mention.context_start
        if field in _MARKED and start >= 0 and mention.context[start:stop] == piece.quote:
            value = {"start": start, "end": stop, "text": piece.quote, "labels": [field]}
            region: dict[str, Any] = {"id": f"r{number}", "from_name": "label", "to_name": "text", "type": "labels"}
            yield region | {"value": value} | ({} if piece.confidence is None else {"score": piece.confidence})


def _boxes(mention: ShownMention) -> Iterator[dict[str, Any]]:
    for field, value in said(mention).items():
        box = {"id": f"v-{field}", "from_name": field, "to_name": "text", "type": "textarea"}
        yield box | {"value": {"text": [value]}}


def read_tasks(
    text: str, find: Callable[[str], ShownMention | None], read_words: ReadWords
) -> Iterator[tuple[Judged | Refused, str]]:
    """What annotated tasks decide, each with who annotated it. Raises :class:`ReviewError` for what is no export."""
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise ReviewError(f"this is no JSON of Label Studio: {error}") from error
    if not isinstance(parsed, list) or not all(isinstance(task, dict) and "data" in task for task in parsed):
        raise ReviewError("this is no export of Label Studio: a list of tasks with `data` is wanted (export as JSON)")
    for task in parsed:
        for annotation in task.get("annotations") or ():
            if annotation.get("was_cancelled"):
                continue
            for decision in _judged(task["data"], annotation, find, read_words):
                yield decision, _who(annotation)


def _who(annotation: Mapping[str, Any]) -> str:
    by = annotation.get("completed_by")
    annotator = by.get("email") if isinstance(by, dict) else by
    return f"label studio {annotator}" if annotator is not None else "label studio"


def _judged(
    data: Mapping[str, Any],
    annotation: Mapping[str, Any],
    find: Callable[[str], ShownMention | None],
    read_words: ReadWords,
) -> Iterator[Judged | Refused]:
    mention_id = str(data.get("mention_id", ""))
    mention = find(mention_id)
    try:
        if mention is None:
            raise ReviewError("no mention has this id any more")
        if data.get("read") != read_as(mention) or data.get("text") != mention.context:
            raise ReviewError("it was read again since the tasks were written: export it anew")
        yield from _decisions(mention, annotation.get("result") or (), read_words)
    except ReviewError as error:
        yield Refused(mention_id, str(error))


def _decisions(mention: ShownMention, result: Iterable[Mapping[str, Any]], read_words: ReadWords) -> list[Judged]:
    """All that an annotation decides. Raises :class:`ReviewError` if a part of it does not fit."""
    parts = list(result)
    note = " ".join(_texts(parts, "note"))
    verdicts = [choice for part in parts if part.get("type") == "choices" for choice in part["value"]["choices"]]
    corrections = [read_correction(words, mention) for words in _changes(mention, parts, read_words)]
    if "reject" in verdicts:
        if corrections:
            raise ReviewError("rejected and corrected at once")
        return [Judged(mention, Verdict.REJECT, None, note)]
    made = [Judged(mention, Verdict.CORRECT, correction, note) for correction in corrections]
    return [*made, Judged(mention, Verdict.ACCEPT, None, note)] if "accept" in verdicts else made


def _changes(mention: ShownMention, parts: list[Mapping[str, Any]], read_words: ReadWords) -> Iterator[str]:
    """``field=value`` of each field whose box or whose marked words are others than we gave."""
    values = said(mention)
    ours = _spans(list(_regions(mention)), mention)
    theirs = _spans(parts, mention)
    for field in FIELDS:
        written = "; ".join(_texts(parts, field)).strip()
        if written != values.get(field, "").strip():
            yield f"{field}={written or 'none'}"
        elif theirs.get(field, []) != ours.get(field, []):
            yield f"{field}={_from_words(field, theirs.get(field, []), mention, read_words)}"


def _texts(parts: Iterable[Mapping[str, Any]], name: str) -> list[str]:
    texts = [
        part["value"].get("text") for part in parts if part.get("type") == "textarea" and part["from_name"] == name
    ]
    return [line for text in texts for line in (text if isinstance(text, list) else [text]) if line]


def _spans(parts: Iterable[Mapping[str, Any]], mention: ShownMention) -> dict[str, list[tuple[int, int]]]:
    """The marked words by field, in text order. Raises :class:`ReviewError` for a span that is not what it says."""
    by_field: dict[str, list[tuple[int, int]]] = {}
    for part in parts:
        if part.get("type") != "labels":
            continue
        value = part["value"]
        start, stop = int(value["start"]), int(value["end"])
        if not 0 <= start < stop <= len(mention.context) or mention.context[start:stop] != value.get("text"):
            raise ReviewError(f"the span {start}-{stop} does not hold {value.get('text')!r}")
        for label in value["labels"]:
            if label not in _MARKED:
                raise ReviewError(f"{label!r} is no field of ours")
            by_field.setdefault(label, []).append((start, stop))
    return {field: sorted(set(spans)) for field, spans in by_field.items()}


def _from_words(field: str, spans: list[tuple[int, int]], mention: ShownMention, read_words: ReadWords) -> str:
    """The value that marked words give a field. Raises :class:`ReviewError` if they give none."""
    if not spans:
        return "none"
    words = [mention.context[start:stop] for start, stop in spans]
    if field in ("initiators", "targets"):
        return "; ".join(words)
    if field == "place":
        return words[0]
    value = read_words(field, words[0])
    if value is None:
        raise ReviewError(f"{field}: {words[0]!r} gives no value by itself: write it into the box of {field}")
    return value
