"""What a page says of its reuse: ``X-Robots-Tag``, ``<meta name="robots">``, and TDMRep.

TDMRep: W3C Community Group final report, 10 May 2024, 6 (header) and 8 (meta element). Robots directives: the page
level controls that search engines document. ``noarchive`` speaks to whoever keeps copies. ``noindex`` and ``none``
count in the header only: as ``<meta>`` they stand on every challenge, cookie wall and error page, which have names of
their own further on; there they are noted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.outcome import Outcome, Reason
from schemas.source import Source
from tasks.web.fetching.reservations import Rule
from tasks.web.fetching.verdicts import Verdict
from tasks.web.http.response import Response

#: Bytes at the start of a page in which its <meta> elements are looked for.
_HEAD_BYTES = 65_536
#: Characters kept of what a page says.
_MAX_KEPT = 300
_AGENT = "firstdraft"
_AGAINST_IN_HEADER = {"noindex", "noarchive", "none"}
_AGAINST_IN_META = {"noarchive"}
#: Directives with a value: what stands before their colon is not the name of an agent.
_VALUED = {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
_META = re.compile(r"<meta\s[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z-]{1,20})\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Policy:
    """The words as they came, ``None`` where there were none, and what in them speaks against keeping the page."""

    robots_tag: str | None
    tdm_reservation: str | None
    against: str | None


def read_policy(answer: Response) -> Policy:
    """What an answer says in its header lines and ``<meta>`` elements; a header wins where both speak of TDM."""
    metas = _metas(answer.body)
    header, meta = answer.all_headers("X-Robots-Tag"), (*metas.get("robots", []), *metas.get(_AGENT, []))
    against = (_said(header) & _AGAINST_IN_HEADER) | (_said(meta) & _AGAINST_IN_META)
    tdm = [*answer.all_headers("tdm-reservation"), *metas.get("tdm-reservation", [])]
    words = [*sorted(against), *(["tdm-reservation: 1"] if tdm and tdm[0].strip() == "1" else [])]
    return Policy(_kept((*header, *meta)), _kept(tdm[:1]), ", ".join(words) or None)


def with_site_rule(policy: Policy, rule: Rule | None) -> Policy:
    """A page's policy with what its site reserves; the page's own word on it wins."""
    if rule is None or policy.tdm_reservation is not None:
        return policy
    word = f"{int(rule.reserved)} (tdmrep.json: {rule.location})"[:_MAX_KEPT]
    directive = f"tdm-reservation: {word}" if rule.reserved else None
    return replace(policy, tdm_reservation=word, against=", ".join(filter(None, (policy.against, directive))) or None)


def judge_policy(policy: Policy, source: Source) -> Verdict | None:
    """The end of a page whose publisher reserves it, where the source's entry says to respect that."""
    if policy.against is None or source.tdm == "note":
        return None
    detail = f"the publisher says {policy.against}; tdm: note in the source's entry keeps such pages"
    return Outcome.REJECTED, Reason.RESERVED, detail


def _said(lines: Sequence[str]) -> set[str]:
    return {word for line in lines for word in _directives(line)}


def _directives(line: str) -> list[str]:
    """The directives of one header line that speak to us: to all, or to our agent by name.

    >>> _directives("googlebot: noindex"), _directives("firstdraft: noarchive"), _directives("NoIndex, nofollow")
    ([], ['noarchive'], ['noindex', 'nofollow'])
    """
    agent, colon, rest = line.partition(":")
    name = agent.strip().lower()
    if colon and "," not in name and name not in _VALUED:
        if name != _AGENT:
            return []
        line = rest
    return [part.strip().lower() for part in line.split(",") if part.strip()]


def _metas(body: bytes) -> dict[str, list[str]]:
    """Content by name of the ``<meta>`` elements at the start of a page, comments left out."""
    head = body[:_HEAD_BYTES].decode("latin-1").split("<!--")
    shown = head[0] + " ".join(part.partition("-->")[2] for part in head[1:])
    contents: dict[str, list[str]] = {}
    for tag in _META.findall(shown):
        pairs = {name.lower(): value.strip("\"' \t\r\n") for name, value in _ATTRIBUTE.findall(tag)}
        if pairs.get("content"):
            contents.setdefault(pairs.get("name", "").lower(), []).append(pairs["content"])
    return contents


def _kept(lines: Sequence[str]) -> str | None:
    return "; ".join(" ".join(line.split()) for line in lines)[:_MAX_KEPT] or None
