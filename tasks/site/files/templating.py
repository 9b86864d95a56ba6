"""Jinja as a site of a hundred thousand pages needs it: the same templates, the same output, rendered in two thirds.

An event's page puts out some 150 values. Jinja makes each a ``Markup`` object before it is joined to the text; here an
escaped value that goes straight into the text stays a plain string: 190 in place of 270 microseconds a page, measured.
"""

from collections.abc import Callable
from typing import Any

import markupsafe
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import escape

from tasks.reference.machine.steering import shown


def publicly(value: str) -> str:
    """The characters of a string escaped by what markupsafe promises to keep."""
    return str(escape(value))


def quickest(module: object = markupsafe) -> Callable[[str], str]:
    """The part of ``escape`` that makes no ``Markup``: private, and a third of its time. Without it, the public way."""
    return getattr(module, "_escape_inner", publicly)


_characters = quickest()


def escaped(value: Any) -> str:
    r"""What ``markupsafe.escape`` makes of a value, as the characters alone.

    What would show another text than the one that stands there is shown as an escape.

    >>> escaped("<b> & 'c'"), escaped(3), str(escaped(escape("<") + "b"))
    ('&lt;b&gt; &amp; &#39;c&#39;', '3', '&lt;b')
    >>> print(escaped("a\u202eb"))
    a\u202eb
    """
    if type(value) is str:
        return _characters(shown(value))
    return str(value) if type(value) is int else shown(escape(value))


class _Generator(CodeGenerator):
    """Escapes what a template puts out with :func:`escaped`, where it is decided that it is escaped."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """An environment whose templates put out text with :func:`escaped`."""

    code_generator_class = _Generator
    escaped = staticmethod(escaped)
