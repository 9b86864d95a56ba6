"""Secrets in addresses are masked, pages stay apart, and nothing else is touched."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reference.words import masking
from tasks.reference.words.masking import masked, masked_all
from tasks.web.urls.canonical import canonical_url


def test_the_examples_hold() -> None:
    assert doctest.testmod(masking).failed == 0


@pytest.mark.parametrize(
    "address",
    [
        "https://user:SECRET@a.org/feed",
        "https://SECRET@a.org/feed",
        "https://a.org/?token=SECRET",
        "https://a.org/?ACCESS_TOKEN=SECRET#top",
        "https://a.org/feed?session_token=SECRET",
        "https://a.org/feed?sessionToken=SECRET&x-csrf-token=SECRET",
        "https://a.org/feed?key=SECRET",
        "https://a.org/feed?id=3&KEY=SECRET&app_secret=SECRET&x-api-key=SECRET&session_key=SECRET",
        "https://a.org/x?id=1&api_key=SECRET&b=2",
        "https://a.org/x?id=1;sessionid=SECRET;b=2",
        "https://cdn.org/x?X-Amz-Signature=SECRET&X-Amz-Credential=SECRET%2F2024",
        "https://cdn.org/x?Policy=SECRETa1SECRETa1SECRETa1",
        "https://maps.org/?key=AIzaSECRET0123456789abcdef",
        "feed https://a.org/?sig=SECRET: http_error (gone); and https://b.org/?pwd=SECRET",
        "[link](https://a.org/?jwt=SECRET.SECRET.SECRET)",
        "https://a.org/news;jsessionid=SECRET?page=2",
        "https://a.org/login#access_token=SECRET&state=1",
        "https://a.org/go?to=https://b.org/?token=SECRET&x=1",
        "https://a.org/go?to=https%3A%2F%2Fb.org%2Fx%3Fid%3D1%26token%3DSECRET%26b%3D2&x=1",
        "HTTPSConnectionPool(host='a.org', port=443): Max retries exceeded with url: /feed?apikey=SECRET (Caused by x)",
    ],
)
def test_a_secret_is_masked(address: str) -> None:
    found = masked(address)
    assert "SECRET" not in found
    assert masked(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "https://a.org/?id=1&page=2",
        "https://a.org/?sid=budget-2024",
        "https://a.org/?keys=2024&monkey=3",
        "https://a.org/secret/token/password?q=token",
        "a token=abc without an address",
        "mail me@a.org or see https://a.org/@handle",
        "https://a.org/?keyword=abc&tokens=5",
        "https://a.org/news;page=2?id=5#top=1",
        "https://a.org/go?to=https%3A%2F%2Fb.org%2Fx%3Fid%3D1%26b%3D2",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_two_addresses_stay_two_and_one_stays_one() -> None:
    one, other = (canonical_url(f"https://a.org/x?token={word}") for word in ("a", "b"))
    assert one != other
    assert one == canonical_url("https://a.org/x?token=a")
    assert one == canonical_url(one or "") == masked(one or "")


def test_what_stands_beside_a_secret_stays() -> None:
    assert masked("https://a.org/news;jsessionid=ab?page=2") == "https://a.org/news;jsessionid=~fb8e20fc?page=2"
    told = masked("https://a.org/go?to=https%3A%2F%2Fb.org%2Fx%3Ftoken%3Dab%26b%3D2&x=1")
    assert told == "https://a.org/go?to=https%3A%2F%2Fb.org%2Fx%3Ftoken%3D~fb8e20fc%26b%3D2&x=1"


def test_lists_and_structs_are_masked_too() -> None:
    told = masked_all([{"url": "https://a.org/?token=x", "verified_on": None}, 5])
    assert "token=x" not in str(told)
    assert told[1] == 5


@given(st.text(max_size=60))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    for told in (text, f"https://a.org/?token={text}", f"https://{text}@a.org/", f"https://a.org/;sid={text}?a={text}"):
        assert masked(masked(told)) == masked(told)
