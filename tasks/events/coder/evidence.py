"""Evidence: the characters each field of a mention was read from, and the check that they say so."""

from dataclasses import replace

from schemas.mention import EventMention


class NotInTextError(ValueError):
    """A value was about to get into a mention that its text does not hold."""


def checked(text: str, mention: EventMention) -> EventMention:
    """The mention itself. Raises :class:`NotInTextError` if a quote is not what its characters say."""
    quotes = [(piece.start, piece.end, piece.quote) for piece in mention.evidence]
    quotes += [(claim.start, claim.end, claim.quote) for claim in mention.claims]
    quotes += [(part.start, part.end, part.quote) for part in mention.victims]
    for start, stop, quote in quotes:
        if not quote or text[start:stop] != quote:
            raise NotInTextError(f"{mention.mention_id}: {quote!r} is not in the text at {start}")
    return mention


def as_written(text: str, mention: EventMention) -> EventMention:
    """A mention read from another case of a text with its quotes as the text has them."""
    evidence = tuple(replace(piece, quote=text[piece.start : piece.end]) for piece in mention.evidence)
    claims = tuple(replace(claim, quote=text[claim.start : claim.end]) for claim in mention.claims)
    return replace(mention, evidence=evidence, claims=claims)
