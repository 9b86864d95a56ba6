import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reference.seeds import seed_path
from tasks.web.urls.canonical import MAX_URL_LENGTH, canonical_url, day_in, host_of, looks_like_trap, same_site

BASE = "https://www.example.org/news/"

SAME = [
    ("https://www.example.org/a", "HTTPS://WWW.EXAMPLE.ORG:443/a#comments"),
    ("https://www.example.org/a", " https://www.example.org./x/../a\n"),
    ("https://www.example.org/a", "/a?utm_source=rss&utm_medium=feed&fbclid=1&gclid=2"),
    ("https://www.example.org/a", "https://m.example.org/a"),
    ("https://www.example.org/a", "https://amp.example.org/a?amp=1"),
    ("https://www.example.org/a/", "https://www.example.org/a/amp/"),
    ("https://www.example.org/a?id=7", "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a?id=7&amp=1"),
    ("http://www.example.org/a", "https://cdn.ampproject.org/v/www.example.org/a"),
    ("https://www.example.org/a", "https://www.google.com/amp/s/www.example.org/a"),
    ("https://www.example.org/a.html", "https://www.example.org/a.amp.html"),
    ("https://www.example.org/a?id=7", "https://www.example.org/a;jsessionid=AB12?PHPSESSID=9&id=7"),
    ("https://www.example.org/a?b=2&c=3", "https://www.example.org/a?c=3&b=2"),
    ("https://www.example.org/%D8%B3", "https://www.example.org/س"),
    ("https://www.example.org/~x", "https://www.example.org/%7ex"),
    ("https://xn--mgba3a4f16a.example.org/", "https://ایران.example.org"),
]
APART = [
    ("https://example.org/?id=1", "https://example.org/?id=2"),
    ("https://example.org/?p=1", "https://example.org/?p=1&page=2"),
    ("https://example.org/?cid=1", "https://example.org/?cid=2"),
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a", "https://example.org/a/"),
    ("https://example.org/a", "http://example.org/a"),
    ("https://example.org/a", "https://www.example.org/a"),
    ("https://example.org/amp", "https://example.org/"),
    ("https://example.org/amp/x", "https://example.org/x"),
    ("https://m.news.example.org/a", "https://www.example.org/a"),
    ("https://example.org:8080/", "https://example.org/"),
    ("https://apple.com/", "https://xn--80ak6aa92e.com/"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
]
UNUSABLE = [
    "", "   ", "#top", "javascript:void(0)", "mailto:desk@example.org", "file:///etc/passwd", "ftp://example.org/x",
    "data:text/html,x", "tel:+963", "http://", "http://[::1", "http://.example.com/", "http://a b.org/",
    "http://user:pw@example.org/", "//evil/x", "http://example.org:99999/", "http://example.org:0/",
    "http://example.org/" + "x" * MAX_URL_LENGTH, "http://exa\ud800mple.org/",
]  # fmt: skip


@pytest.mark.parametrize(("key", "url"), SAME)
def test_one_page_has_one_key(key: str, url: str) -> None:
    assert canonical_url(url, BASE) == key


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_pages_have_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)
    assert canonical_url(one) is not None


@pytest.mark.parametrize("url", UNUSABLE[3:])
def test_what_is_no_page_has_none(url: str) -> None:
    assert canonical_url(url, BASE) is None


@pytest.mark.parametrize("url", UNUSABLE[:3])
def test_nothing_has_none(url: str) -> None:
    assert canonical_url(url) is None


_LINES = seed_path("tracking_parameters.txt").read_text().split("\n")
_NAMES = [line for line in _LINES if line and not line.startswith("#")]


def test_every_tracking_parameter_goes_and_no_other() -> None:
    for name in (name.replace("*", "x") for name in _NAMES):
        assert canonical_url(f"https://example.org/a?{name}=1&id=2") == "https://example.org/a?id=2"
        assert canonical_url(f"https://example.org/a?{name.upper()}") == "https://example.org/a"


_HOSTS = st.sampled_from(["ex.org", "m.ex.org", "EX.org:80", "пр.рф", "[::1]:8080", "127.1", "a.co.uk", "www.ex.org."])
_REST = st.text(st.sampled_from(list("aA.;:@%25/?=&#[]~+ éп_-①。\\\t|^\"<>{}'*(),!$u")), max_size=25)


@settings(max_examples=100)
@given(st.sampled_from(["http", "https", "HTTP"]), _HOSTS, _REST)
def test_the_rule_is_idempotent(scheme: str, host: str, rest: str) -> None:
    key = canonical_url(f"{scheme}://{host}/{rest}")
    assert key is None or canonical_url(key) == key


@pytest.mark.parametrize(
    ("found", "key"),
    [
        ("/topic.php?20815", "/topic.php?20815"),
        ("/topic.php?20815=", "/topic.php?20815="),
        ("/topic.php?20815&utm_source=a", "/topic.php?20815"),
        ("/?b&a=1&c=", "/?a=1&b&c="),
        ("/x?n=4&amp;utm_source=rss&amp;m=2", "/x?m=2&n=4"),
        ("/x?n=4?utm_source=rss", "/x?n=4"),
        ("/x?n=4;utm_source=rss", "/x?n=4"),
        ("/x;utm_source=rss", "/x"),
        ("/x?utm%5Fsource=rss&n=4", "/x?n=4"),
        ("/x?UTM_Campaign=A&fbclid&n=4#utm_medium=b", "/x?n=4"),
        ("/x?n=4;m=2", "/x?n=4%3Bm%3D2"),
        ("/x?what?", "/x?what%3F"),
    ],
)
def test_what_names_the_page_stays_and_how_a_reader_came_goes(found: str, key: str) -> None:
    assert canonical_url(f"https://www.example.org{found}") == f"https://www.example.org{key}"
    assert canonical_url(f"https://www.example.org{key}") == f"https://www.example.org{key}"


@settings(max_examples=60)
@given(st.text(max_size=50))
def test_no_text_breaks_it(text: str) -> None:
    for url in (text, f"http://{text}", f"https://ex.org/?{text}"):
        key = canonical_url(url, BASE)
        assert key is None or canonical_url(key) == key


@settings(max_examples=40)
@given(st.integers(), st.integers(), st.sampled_from(["id", "p", "story", "cid", "article_id", "n"]))
def test_ids_are_never_merged(one: int, other: int, name: str) -> None:
    keys = [canonical_url(f"https://ex.org/news.php?{name}={number}&utm_source=x") for number in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


_WORD = st.text(st.sampled_from("abcxyz019_-"), min_size=1, max_size=6)
_QUERY = st.lists(st.tuples(st.sampled_from(["id", "p", "s", "lang", "cid"]), _WORD), max_size=4)
_NOISE = ["utm_source=x", "FBCLID=1", "gclid=2", "PHPSESSID=ab", "jsessionid=9", "amp=1", "outputType=amp"]


@settings(max_examples=60)
@given(_WORD, _QUERY, st.sampled_from(_NOISE), st.integers(0, 4), st.booleans())
def test_noise_never_changes_a_key(path: str, query: list[tuple[str, str]], noise: str, at: int, session: bool) -> None:
    parts = [f"{name}={value}" for name, value in query]
    noisy = [*parts[:at], noise, *parts[at:]]
    plain = canonical_url(f"https://www.ex.org/{path}?{'&'.join(parts)}")
    tail = ";jsessionid=1F" if session else ""
    for host in ("WWW.ex.ORG:443", "m.ex.org", "amp.ex.org", "www.ex.org."):
        assert canonical_url(f"https://{host}/{path}{tail}?{'&'.join(noisy)}#top") == plain


@settings(max_examples=60)
@given(_WORD, _QUERY, _QUERY)
def test_only_the_order_of_a_query_is_forgotten(
    path: str, one: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    keys = [canonical_url(f"https://ex.org/{path}?{'&'.join(f'{n}={v}' for n, v in q)}") for q in (one, other)]
    assert (keys[0] == keys[1]) == (sorted(one) == sorted(other))


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://ex.org/2023/12/11/attack", "2023-12-11"),
        ("https://ex.org/en/news/2023/1/2/", "2023-01-02"),
        ("https://ex.org/2023-12-11/x", "2023-12-11"),
        ("https://ex.org/a/story-2023-12-11-x.html", "2023-12-11"),
        ("https://ex.org/2199/12/31/", "2199-12-31"),
        ("https://ex.org/2023/12/attack", None),
        ("https://ex.org/2023/13/11/attack", None),
        ("https://ex.org/2023/02/30/x", None),
        ("https://ex.org/x?d=/2023/12/11/", None),
        ("https://ex.org/news/20231211", None),
        ("https://ex.org/12/2023/12/11", None),
        ("https://ex.org/1/2023-12-112", None),
    ],
)
def test_the_day_in_an_address(url: str, day: str | None) -> None:
    found = day_in(url)
    assert (found and found.isoformat()) == day


def test_sites() -> None:
    assert same_site("https://english.example.com.tr/a", "http://www.example.com.tr/")
    assert not same_site("https://one.github.io/", "https://two.github.io/")
    assert not same_site("http://127.0.0.1/", "http://127.0.0.2/")
    assert not same_site("mailto:x", "mailto:x")
    assert host_of("http://[::1") == ""


def test_traps() -> None:
    assert looks_like_trap("https://ex.org/" + "/".join(str(n) for n in range(21)))
    assert looks_like_trap("https://ex.org/a/a/a/a")
    assert not looks_like_trap("https://ex.org/en/2023/12/12/attack")
