"""A verdict as a row: what was judged, what it settles, and how to find its words again."""

import json
from datetime import date, datetime

from schemas.errors import ReviewError
from schemas.keys import sha256_hex
from schemas.review import Correction, Review, ShownMention, Verdict
from tasks.reviewing.fields import FIELDS, said, settled, sides


def judge(
    mention: ShownMention, verdict: Verdict, what: Correction | str | None, note: str, reviewer: str, at: datetime
) -> Review:
    """The row of a verdict on a mention as it was shown.

    ``what`` is the correction, or the field that is accepted; ``None`` for the mention as a whole. To accept is to
    settle the values seen: a later reading that differs does not take their place. Raises :class:`ReviewError` if
    the parts do not fit together.
    """
    if (verdict is Verdict.CORRECT) is not isinstance(what, Correction):
        raise ReviewError("only a correction has a value, and it needs one")
    if isinstance(what, str) and (verdict is Verdict.REJECT or what not in FIELDS):
        raise ReviewError(
            f"{what}: accept one of the fields {', '.join(FIELDS)}; a mention can only be rejected as a whole"
        )
    if not reviewer.strip():
        raise ReviewError("name the reviewer with --by")
    field = what.field if isinstance(what, Correction) else what or ""
    changes, actors = _settles(mention, verdict, what)
    return Review(
        mention_id=mention.mention_id,
        field=field,
        verdict=verdict.value,
        said=_json(said(mention)),
        value=what.value if isinstance(what, Correction) else None,
        changes=_json(changes),
        actors=None if actors is None else _json(actors),
        article_id=mention.article_id,
        version_id=mention.version_id,
        trigger_start=mention.trigger_start,
        trigger_end=mention.trigger_end,
        trigger=mention.trigger,
        sentence_sha256=sha256_hex(mention.sentence.encode()),
        sub_event_type=str(mention.values["sub_event_type"]),
        coder=mention.coder,
        coder_version=mention.coder_version,
        confidence=mention.confidence,
        note=note.strip(),
        reviewer=reviewer.strip(),
        reviewed_at=at,
    )


def _settles(mention: ShownMention, verdict: Verdict, what: Correction | str | None) -> tuple[object, object]:
    """The columns and the sides a verdict settles."""
    if isinstance(what, Correction):
        return what.changes, what.actors
    if verdict is Verdict.REJECT:
        return {}, None
    fields = (what,) if what else FIELDS
    return settled(mention, fields), sides(mention, fields)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_day)


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
