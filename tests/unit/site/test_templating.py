"""Templates put out what Jinja with autoescape puts out, character for character."""

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from tasks.site.templating import Templates, escaped

_TEMPLATE = '{% for part in parts %}<b title="{{ part }}">{{ part }}{{ part ~ "<i>" }}{{ own }}</b>{% endfor %}'
_VALUES = st.one_of(st.text(), st.integers(), st.none(), st.floats(), st.booleans(), st.text().map(Markup))


@given(st.lists(_VALUES))
def test_the_same_as_jinja(parts: list[object]) -> None:
    own = Markup("<em>ours</em>")
    plain = Environment(autoescape=True).from_string(_TEMPLATE).render(parts=parts, own=own)
    assert Templates(autoescape=True).from_string(_TEMPLATE).render(parts=parts, own=own) == plain


@given(_VALUES)
def test_one_value_is_escaped_as_markupsafe_does(value: object) -> None:
    assert str(escaped(value)) == str(escape(value))


def test_what_is_not_escaped_stays_so() -> None:
    assert Templates(autoescape=False).from_string("{{ part }}").render(part="<b>") == "<b>"
