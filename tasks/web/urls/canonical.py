"""The canonical URL rule, in one place: two addresses of one page get one key, two pages never do.

What the rule does: host in lower case, as an A-label, without a trailing dot; default ports, fragments, session ids and
tracking parameters gone; dot segments resolved; percent-encoding and the order of the query normalised (w3lib); AMP
paths and parameters gone, a page of an AMP cache read as the page it was made of; a mobile or AMP host that sits right
under the registrable domain read as ``www.``.

What it leaves alone, on purpose:

* the scheme. A key that says https for a site that only speaks http would be an address nobody can open, and where a
  site answers http with a redirect to https, the article takes its URL from the page that answered. So http and https
  of one page cost one further fetch, never a wrong link;
* ``www.``, trailing slashes, doubled slashes and the case of paths: servers may tell them apart;
* every parameter that ``seeds/tracking_parameters.txt`` does not name. courlan's list is wider and drops ``cid``,
  ``eid``, ``uid`` and ``source``, under which content systems keep their article ids.

The key is for comparing. What is fetched is the address as it was found.
"""

import ipaddress
import re
import unicodedata
from collections import Counter
from datetime import date
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from courlan import extract_domain
from w3lib.url import canonicalize_url

from tasks.reference.seeds import seed_path
from tasks.reference.words.daytext import month_names
from tasks.reference.words.masking import masked_query

#: Characters; browsers and servers stop between 2,083 and 8,192, and percent-encoded Arabic slugs are long.
MAX_URL_LENGTH = 4096
#: Heritrix: TooManyPathSegmentsDecideRule (20) and PathologicalPathDecideRule (2 repeats).
MAX_SEGMENTS = 20
MAX_REPEATS = 2

_DEFAULT_PORTS = {"http": 80, "https": 443}
_AMP_PARAMETERS = {"amp": {"", "1", "true", "amp"}, "outputtype": {"amp"}, "output": {"amp"}}
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/;?#]*", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?<=[^/])/amp/?$", re.IGNORECASE)
_AMP_FILE = re.compile(r"(?<=[^/])\.amp(?=\.html?$)", re.IGNORECASE)
#: How AMP caches and viewers address a page: /c/s/host/path, s for https (amp.dev, "AMP Cache URL format").
_AMP_CACHE_HOST = re.compile(r"^(?:[a-z0-9-]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)$")
_AMP_CACHE_PATH = re.compile(r"^/(?:c|v|wp)/(?P<https>s/)?(?P<rest>[^/]+\.[^/]+(?:/.*)?)$")
_AMP_VIEWER_HOST = re.compile(r"^www\.google\.[a-z.]{2,6}$")
_AMP_VIEWER_PATH = re.compile(r"^/amp/(?P<https>s/)?(?P<rest>[^/]+\.[^/]+(?:/.*)?)$")
_MOBILE_HOST = re.compile(r"^(?:m|mobile|amp)\.(?=.)")
_HOST = re.compile(r"^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$")
_DAY_IN_PATH = re.compile(
    r"(?<![\d/-])/(?:[^/]{0,40}[-_])?(?P<year>(?:19|2\d)\d\d)(?P<sep>[/-])(?P<month>\d\d?)(?P=sep)(?P<day>\d\d?)(?!\d)",
    re.ASCII,
)
_NAMED_DAY_IN_PATH = re.compile(
    r"/(?P<year>(?:19|2\d)\d\d)(?P<sep>[/-])(?P<month>[A-Za-z]{3,10})(?P=sep)(?P<day>\d\d?)(?=[/-]|$)", re.ASCII
)
#: A parameter behind a second question mark, or a semicolon, as careless link builders append them.
_TAIL = re.compile(r"[?;][^?;&/]*")
#: Stands for the value of a parameter that has none, while the query is put in order.
_BARE = "firstdraft-bare"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The key of a URL, or ``None`` where it can be no page: another scheme, no host, credentials, over-long.

    ``base`` resolves relative addresses. Idempotent.

    >>> canonical_url("HTTP://News.Example.ORG:80/a/../b?utm_source=x&id=2&b=1#top")
    'http://news.example.org/b?b=1&id=2'
    >>> canonical_url("/2023/12/11/attack/amp/?fbclid=abc", base="https://m.example.org/feed/")
    'https://www.example.org/2023/12/11/attack/'
    >>> canonical_url("https://example.org/a;jsessionid=1F?PHPSESSID=2") == canonical_url("https://example.org/a")
    True
    >>> canonical_url("https://пример.рф/новости")
    'https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8'
    >>> canonical_url("https://example-org.cdn.ampproject.org/c/s/example.org/2023/attack?id=1")
    'https://example.org/2023/attack?id=1'
    >>> canonical_url("https://example.org/read.php?1423")
    'https://example.org/read.php?1423'
    >>> canonical_url("https://example.org/?id=1&amp;utm_source=a"), canonical_url("https://example.org/?id=1?utm_id=2")
    ('https://example.org/?id=1', 'https://example.org/?id=1')
    >>> canonical_url("https://example.org/?id=1") == canonical_url("https://example.org/?id=2")
    False
    >>> [canonical_url(u) for u in ("javascript:alert(1)", "http://[::1", "http://.example.com", "http://a:b@c.org/")]
    [None, None, None, None]
    """
    absolute = _absolute(url, base)
    # Undoing one encoding may lay bare the next (a%2575tm_x), so go on until nothing changes: that is the fixed point.
    for _ in range(5):
        if absolute is None:
            return None
        key = _normalise(absolute)
        if key == absolute:
            return key
        absolute = key
    return None


def host_of(url: str) -> str:
    """The host of a URL in lower case and A-label form, without port; ``""`` where there is none.

    >>> host_of("https://WWW.Example.org:8443/x")
    'www.example.org'
    """
    try:
        return ascii_host(urlsplit(url).hostname or "") or ""
    except ValueError:
        return ""


def same_site(a: str, b: str) -> bool:
    """Whether two URLs belong to one registrable domain (public suffix list), or to one address.

    >>> same_site("https://english.enabbaladi.net/x", "https://www.enabbaladi.net/")
    True
    >>> same_site("https://a.example.co.uk/", "https://b.other.co.uk/")
    False
    """
    site = site_of(host_of(a))
    return bool(site) and site == site_of(host_of(b))


@lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """The registrable domain of a host; the host itself for addresses and single labels.

    A suffix the list does not know (``.test``) counts as one label, which is the list's own default rule.

    >>> site_of("www.bbc.co.uk"), site_of("127.0.0.1"), site_of("north.firstdraft.test")
    ('bbc.co.uk', '127.0.0.1', 'firstdraft.test')
    """
    if not host or _is_address(host) or "." not in host:
        return host
    known: str | None = extract_domain(f"http://{host}/")
    return known or ".".join(host.split(".")[-2:])


def day_in(url: str) -> date | None:
    """The day an address names in its path, whole and with a four-digit year; ``None`` where it names none.

    >>> str(day_in("https://example.org/en/2023/12/11/attack")), day_in("https://example.org/2023/12/attack-11")
    ('2023-12-11', None)
    >>> str(day_in("https://example.org/news/2023-12-11-attack")), day_in("https://example.org/story-20231399")
    ('2023-12-11', None)
    >>> str(day_in("https://example.org/world/2023/dec/11/attack"))
    '2023-12-11'
    """
    path = urlsplit(url).path
    found = _DAY_IN_PATH.search(path) or _NAMED_DAY_IN_PATH.search(path)
    if found is None:
        return None
    word = found["month"].lower()
    try:
        return date(int(found["year"]), int(word) if word.isdigit() else month_names().get(word, 0), int(found["day"]))
    except ValueError:
        return None


def looks_like_trap(url: str) -> bool:
    """Whether a path is a spider trap: too many segments, or one segment again and again.

    >>> looks_like_trap("https://example.org/a/b/a/b/a/b"), looks_like_trap("https://example.org/2023/12/12/x")
    (True, False)
    """
    segments = [part for part in urlsplit(url).path.split("/") if part]
    return len(segments) > MAX_SEGMENTS or max(Counter(segments).values(), default=0) > MAX_REPEATS


def ascii_host(host: str) -> str | None:
    """A host as DNS and TLS want it (lower-case A-labels; an IPv6 address without brackets), or ``None``.

    Full-width digits and ideographic full stops become plain ones, so an address cannot hide behind them.

    >>> ascii_host("①②⑦。⓪.⓪.①"), ascii_host("EXAMPLE.org."), ascii_host("a b.org")
    ('127.0.0.1', 'example.org', None)
    """
    if ":" in host:
        return str(ipaddress.IPv6Address(host)) if _is_address(host) else None
    try:
        plain = unicodedata.normalize("NFKC", host).encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        return None
    return plain if _HOST.match(plain) and ".." not in plain else None


def _absolute(url: str, base: str | None) -> str | None:
    """The URL without surrounding blanks and inner line breaks, resolved; ``None`` where that cannot be."""
    cleaned = _CONTROL.sub("", url.strip())
    if not cleaned or len(cleaned) > MAX_URL_LENGTH:
        return None
    try:
        return urljoin(base, cleaned) if base else cleaned
    except ValueError:
        return None


def _normalise(url: str) -> str | None:
    """One pass of the rule."""
    try:
        parts = urlsplit(_out_of_cache(url))
        authority = _authority(parts)
        if authority is None:
            return None
        path = _AMP_PATH.sub("/", _TAIL.sub(_kept_tail, _SESSION_IN_PATH.sub("", parts.path))) or "/"
        path = _AMP_FILE.sub("", path)
        key = canonicalize_url(urlunsplit((parts.scheme, authority, path, _query(parts.query), "")))
        key = key.replace(f"={_BARE}", "")
    except ValueError:  # what urllib and w3lib raise for brackets, ports and surrogates
        return None
    return key if len(key) <= MAX_URL_LENGTH else None


def _out_of_cache(url: str) -> str:
    """The address of the page that an AMP cache or viewer shows; any other as it is. Raises ``ValueError``."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    for hosts, paths in ((_AMP_CACHE_HOST, _AMP_CACHE_PATH), (_AMP_VIEWER_HOST, _AMP_VIEWER_PATH)):
        if hosts.match(host) and (shown := paths.match(parts.path)):
            scheme = "https" if shown["https"] else "http"
            return f"{scheme}://{shown['rest']}" + (f"?{parts.query}" if parts.query else "")
    return url


def _authority(parts: SplitResult) -> str | None:
    """Host and, where it is not the default, port; ``None`` for what no page has. Raises ``ValueError``."""
    default = _DEFAULT_PORTS.get(parts.scheme)
    host = ascii_host(parts.hostname or "")
    if default is None or not host or "@" in parts.netloc or parts.port == 0:
        return None
    if "." not in host and ":" not in host and host != "localhost":
        return None
    host = _desktop_host(host)
    name = f"[{host}]" if ":" in host else host
    return name if parts.port in (None, default) else f"{name}:{parts.port}"


def _desktop_host(host: str) -> str:
    """``m.example.org`` as ``www.example.org``, where nothing but the registrable domain follows."""
    rest = _MOBILE_HOST.sub("", host)
    return f"www.{rest}" if rest != host and "." in rest and site_of(rest) == rest else host


def _query(query: str) -> str:
    """A query without tracking, session and AMP parameters; of keys, tokens and signatures only a hash.

    What stands between two ampersands without ``=`` stays so: ``?1423`` is an address, ``?1423=`` may be none.
    """
    whole = (_TAIL.sub(_kept_tail, part) for part in query.replace("&amp;", "&").split("&"))
    kept = masked_query("&".join(part for part in whole if part and not _is_noise(part)))
    return "&".join(part if "=" in part else f"{part}={_BARE}" for part in kept.split("&") if part)


def _kept_tail(found: re.Match[str]) -> str:
    """What follows a second ``?`` or a ``;``: nothing where it only says how a reader came."""
    return "" if "=" in found[0] and _is_noise(found[0][1:]) else found[0]


def _is_noise(parameter: str) -> bool:
    names, prefixes = _tracking()
    name, _, value = parameter.partition("=")
    name = name.lower()
    return name in names or name.startswith(prefixes) or value.lower() in _AMP_PARAMETERS.get(name, ())


@lru_cache(maxsize=1)
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    """Names and prefixes of ``seeds/tracking_parameters.txt``."""
    text = seed_path("tracking_parameters.txt").read_text(encoding="utf-8")
    words = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    prefixes = tuple(word.removesuffix("*") for word in words if word.endswith("*"))
    return frozenset(word for word in words if not word.endswith("*")), prefixes


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
