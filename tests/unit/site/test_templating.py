"""Templates put out what Jinja with autoescape puts out, character for character."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from tasks.reference.machine.steering import shown
from tasks.site.files import templating
from tasks.site.files.templating import Templates, escaped, publicly, quickest

_TEMPLATE = '{% for part in parts %}<b title="{{ part }}">{{ part }}{{ part ~ "<i>" }}{{ own }}</b>{% endfor %}'
_VALUES = st.one_of(st.text(), st.integers(), st.none(), st.floats(), st.booleans(), st.text().map(Markup))


@settings(deadline=None)  # each compiles two templates
@given(st.lists(_VALUES))
def test_the_same_as_jinja(parts: list[object]) -> None:
    own = Markup("<em>ours</em>")
    plain = Environment(autoescape=True).from_string(_TEMPLATE).render(parts=parts, own=own)
    assert Templates(autoescape=True).from_string(_TEMPLATE).render(parts=parts, own=own) == shown(plain)


@given(_VALUES)
def test_one_value_is_escaped_as_markupsafe_does(value: object) -> None:
    assert str(escaped(value)) == shown(str(escape(value)))


def test_what_is_not_escaped_stays_so() -> None:
    assert Templates(autoescape=False).from_string("{{ part }}").render(part="<b>") == "<b>"


@given(st.text())
def test_the_public_way_gives_the_same_characters(text: str) -> None:
    assert publicly(shown(text)) == escaped(text)
    assert type(publicly(text)) is str


def test_a_markupsafe_without_its_private_part_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert quickest(SimpleNamespace(escape=escape)) is publicly
    monkeypatch.setattr(templating, "_characters", publicly)
    made = Templates(autoescape=True).from_string("<p>{{ part }}</p>").render(part="<b> & 'c'")
    assert made == "<p>&lt;b&gt; &amp; &#39;c&#39;</p>"
