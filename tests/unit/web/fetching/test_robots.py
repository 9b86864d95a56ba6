import time

import pytest

from schemas.outcome import Reason
from tasks.web.fetching.robots import PARSE_LIMIT, Robots
from tasks.web.http.client import Client
from tasks.web.http.request_policy import OpenPolicy
from tasks.web.http.response import FetchError
from tests.unit.web.conftest import MakeSettings
from tests.unit.web.server import Script, Server, answer, redirect

RULES = b"User-agent: *\nDisallow: /private\n\nUser-agent: otherbot\nDisallow: /\n"


def _permit(
    server: Server, make_settings: MakeSettings, path: str = "/private/a", **changes: object
) -> float | FetchError:
    settings = make_settings(**changes)
    return Robots(Client(settings), settings).permit(server.url(path), OpenPolicy())


def _refused(verdict: float | FetchError) -> Reason | None:
    return verdict.reason if isinstance(verdict, FetchError) else None


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (answer(RULES), Reason.ROBOTS),
        (answer(b"\xef\xbb\xbf" + RULES), Reason.ROBOTS),
        (answer(b"\0" + RULES.replace(b"Dis", b"D\0is")), Reason.ROBOTS),
        (answer(b"\xff\xfe" + RULES.decode().encode("utf-16-le")), Reason.ROBOTS),
        (answer(RULES.replace(b"\n", b"\r")), Reason.ROBOTS),
        (answer(b"User-agent: FirstDraft/9.1 (any)\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), Reason.ROBOTS),
        (answer(b"User-agent: otherbot/1.0\nDisallow: /\n"), None),
        (answer(RULES, status=202), Reason.ROBOTS_UNREACHABLE),
        (answer(RULES, status=206), Reason.ROBOTS_UNREACHABLE),
        (answer(status=204), None),
        (answer(RULES.replace(b"\n", b"\r\n"), media="application/octet-stream"), Reason.ROBOTS),
        (answer(b"User-agent: firstdraft\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), Reason.ROBOTS),
        (answer(b"User-agent: firstdraft\nAllow: /\n\nUser-agent: *\nDisallow: /\n"), None),
        (answer(b"<!doctype html><title>Welcome</title>"), None),
        (answer(b""), None),
        (answer(status=404), None),
        (answer(status=401), None),
        (answer(status=403), None),
        (answer(status=410), None),
        (answer(status=429), Reason.ROBOTS_UNREACHABLE),
        (answer(status=500), Reason.ROBOTS_UNREACHABLE),
        (answer(status=503), Reason.ROBOTS_UNREACHABLE),
        (answer(b"<html>maintenance</html>", status=503), Reason.ROBOTS_UNREACHABLE),
        (b"", Reason.ROBOTS_UNREACHABLE),
        (redirect("/robots.txt"), None),
        (redirect("http://10.0.0.1/robots.txt"), Reason.ADDRESS),
    ],
)
def test_what_an_answer_means(
    server: Server, make_settings: MakeSettings, script: Script, reason: Reason | None
) -> None:
    server.routes["/robots.txt"] = script
    assert _refused(_permit(server, make_settings)) is reason


def test_silence_forbids(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/robots.txt"] = lambda talk: talk.wait()
    assert _refused(_permit(server, make_settings, read_timeout=0.05)) is Reason.ROBOTS_UNREACHABLE


def test_six_redirects_are_followed(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/robots.txt"] = redirect("/1")
    server.routes |= {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 6)}
    server.routes["/6"] = answer(RULES)
    assert _refused(_permit(server, make_settings)) is Reason.ROBOTS


def test_fewer_redirects_than_the_standard_wants_are_no_permission(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/robots.txt"] = redirect("/1")
    server.routes |= {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 9)}
    verdict = _permit(server, make_settings, max_redirects=3)
    assert _refused(verdict) is Reason.ROBOTS_UNREACHABLE
    assert "FIRSTDRAFT_MAX_REDIRECTS" in str(verdict)
    assert _permit(server, make_settings, max_redirects=5) == 0.0


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_the_rule_that_the_limit_cuts_through_is_no_rule(
    server: Server, make_settings: MakeSettings, newline: bytes
) -> None:
    start = b"User-agent: *" + newline + b"Disallow: /private" + newline
    filler = b"#" * (PARSE_LIMIT - len(start) - len(newline) - len(b"Disallow: /"))
    server.routes["/robots.txt"] = answer(start + filler + newline + b"Disallow: /late" + newline * 9)
    assert _permit(server, make_settings, "/a") == 0.0
    assert _refused(_permit(server, make_settings)) is Reason.ROBOTS


@pytest.mark.parametrize(
    ("lines", "delay"),
    [("Request-rate: 1/10", 10.0), ("Request-rate: 5/1m", 12.0), ("Request-rate: 1/2\nCrawl-delay: 7", 7.0)],
)
def test_a_request_rate_is_a_delay_too(server: Server, make_settings: MakeSettings, lines: str, delay: float) -> None:
    server.routes["/robots.txt"] = answer(f"User-agent: *\n{lines}\nDisallow: /private\n".encode())
    assert _permit(server, make_settings, "/a") == delay


def test_the_first_500_kib_count_and_it_is_told_that_more_was_there(
    server: Server, make_settings: MakeSettings, caplog: pytest.LogCaptureFixture
) -> None:
    filler = b"Disallow: /x/" + b"y" * 87 + b"\n"
    late = RULES + filler * (PARSE_LIMIT // len(filler)) + b"Disallow: /late\n" * 10_000
    server.routes["/robots.txt"] = answer(late)
    assert _refused(_permit(server, make_settings)) is Reason.ROBOTS
    assert _permit(server, make_settings, "/late") == 0.0
    assert "longer than 500 KiB" in caplog.text


@pytest.mark.parametrize(
    ("word", "delay"),
    [("7", 7.0), ("0.5", 0.5), ("-5", 0.0), ("nan", 0.0), ("inf", 0.0), ("soon", 0.0), ("120", 120.0)],
)
def test_crawl_delays(server: Server, make_settings: MakeSettings, word: str, delay: float) -> None:
    server.routes["/robots.txt"] = answer(f"User-agent: *\nCrawl-delay: {word}\nDisallow: /private\n".encode())
    assert _permit(server, make_settings, "/a") == delay


@pytest.mark.parametrize(("word", "told"), [("86400", "86400 s"), ("1e9", "1e+09 s"), ("120.5", "120.5 s")])
def test_a_delay_beyond_patience_defers(server: Server, make_settings: MakeSettings, word: str, told: str) -> None:
    server.routes["/robots.txt"] = answer(f"User-agent: *\nCrawl-delay: {word}\n".encode())
    verdict = _permit(server, make_settings, "/a")
    assert _refused(verdict) is Reason.RATE_LIMITED
    assert isinstance(verdict, FetchError)
    assert told in verdict.detail
    assert "120 s of FIRSTDRAFT_MAX_DELAY_SECONDS" in verdict.detail


def test_rules_are_kept_a_day_and_failures_ten_minutes(server: Server, make_settings: MakeSettings) -> None:
    now = 0.0
    settings = make_settings()
    robots = Robots(Client(settings), settings, clock=lambda: now)
    server.routes["/robots.txt"] = answer(status=500)
    assert _refused(robots.permit(server.url("/a"), OpenPolicy())) is Reason.ROBOTS_UNREACHABLE
    now = 599.0
    server.routes["/robots.txt"] = answer(RULES)
    assert _refused(robots.permit(server.url("/a"), OpenPolicy())) is Reason.ROBOTS_UNREACHABLE
    now = 601.0
    assert robots.permit(server.url("/a"), OpenPolicy()) == 0.0
    now = 601.0 + 23 * 3600
    assert _refused(robots.permit(server.url("/private"), OpenPolicy())) is Reason.ROBOTS
    assert len(server.heard) == 2
    now += 3700
    assert robots.permit(server.url("/a"), OpenPolicy()) == 0.0
    assert len(server.heard) == 3


GROUP = b"User-agent: firstdraft\n%s\nUser-agent: otherbot\nDisallow: /private\n\nUser-agent: *\nAllow: /\n"


@pytest.mark.parametrize(
    "between",
    [
        b"Crawl-delay: 0.5",
        b"crawl-delay 0.5",
        b"Request-rate: 4/1m",
        b"Visit-time: 0600-0845",
        b"Sitemap: https://news.firstdraft.test/map.xml",
        b"Clean-param: ref /",
        b"# nothing",
        b"",
        b"Crawl-delay: 0.5\n\n# second\nUser-agent: thirdbot\nNoindex: /x",
    ],
)
def test_only_a_rule_ends_the_agents_of_a_group(server: Server, make_settings: MakeSettings, between: bytes) -> None:
    server.routes["/robots.txt"] = answer(GROUP % between, media="text/plain")
    assert _refused(_permit(server, make_settings)) is Reason.ROBOTS
    assert _refused(_permit(server, make_settings, "/public")) is None


def test_a_group_that_follows_rules_is_not_ours(server: Server, make_settings: MakeSettings) -> None:
    lines = (b"User-agent: firstdraft", b"Disallow: /a", b"Crawl-delay: 0.5", b"User-agent: otherbot", b"Disallow: /b")
    server.routes["/robots.txt"] = answer(b"\r\n".join(lines))
    assert _permit(server, make_settings, "/b") == 0.5
    assert _refused(_permit(server, make_settings, "/a")) is Reason.ROBOTS


def test_a_delay_is_for_the_agents_before_it(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/robots.txt"] = answer(b"User-agent: slowbot\nCrawl-delay: 90\nUser-agent: *\nDisallow: /a\n")
    assert _permit(server, make_settings, "/b") == 0.0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<!doctype html><html><head><title>Welcome</title></head><body>\nAllow us</body></html>", "an HTML page"),
        (b"<html>\n<body>Page not found</body></html>", "an HTML page"),
        (b'{"error": "no such file"}', "not one line of a robots.txt"),
        (b"# all are welcome\n", ""),
        (b"", ""),
        (RULES, ""),
        (b"Sitemap: https://news.firstdraft.test/map.xml\n", ""),
    ],
)
def test_what_stands_in_the_place_of_robots_txt_is_named(
    server: Server, make_settings: MakeSettings, caplog: pytest.LogCaptureFixture, body: bytes, told: str
) -> None:
    server.routes["/robots.txt"] = answer(body)
    settings = make_settings()
    robots = Robots(Client(settings), settings)
    robots.permit(server.url("/a"), OpenPolicy())
    odd = robots.oddities()[server.url("/robots.txt")]
    assert odd.startswith(told)
    assert bool(odd) is bool(told)
    assert (told in caplog.text) if told else not caplog.records


@pytest.mark.parametrize("name", ["agent{}", "*agent{}", "agent{}/1.0 # one of many"])
def test_ten_thousand_agents_before_as_many_rules_take_no_time(
    server: Server, make_settings: MakeSettings, name: str
) -> None:
    agents = "".join(f"User-agent: {name.format(number)}\n" for number in range(10_000))
    rules = "".join(f"Disallow: /x{number}\n" for number in range(10_000))
    server.routes["/robots.txt"] = answer(f"{agents}User-agent: *\n{rules}".encode())
    begun = time.process_time()
    limits = {"max_body_bytes": 1 << 20, "read_timeout": 5, "total_timeout": 10}
    assert _refused(_permit(server, make_settings, "/x9999", **limits)) is Reason.ROBOTS
    assert _permit(server, make_settings, "/y", **limits) == 0
    assert time.process_time() - begun < 5
