"""One Jinja environment a language, its literal sentences translated while compiling.

``_("…")`` with a literal becomes the words themselves, so a page pays nothing for being
translated, and ``icon("…")`` its drawing; a sentence with values, ``_("…", name=value)``, is
filled when rendered. A missing Amazigh sentence is said in Arabic, in an element of its own
``lang``, except inside a tag.
"""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, nodes
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer

from portal import formatting
from portal.drawings import STAR, bar, icon
from portal.languages import LANGUAGES, marked, say, sentence
from services.messages import Words


class Translator(NodeTransformer):
    """Replaces each literal ``_()`` of a template by its words in one language."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.inside_tag = False

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        """Translate what stands in the page's text; note when it stands inside a tag, also around an ``if``."""
        for index, child in enumerate(node.nodes):
            if isinstance(child, nodes.TemplateData):
                if "<" in child.data or ">" in child.data:
                    self.inside_tag = child.data.rfind("<") > child.data.rfind(">")
            elif is_literal(child) and not self.inside_tag:
                node.nodes[index] = self._words(child)
            elif is_pictogram(child):
                node.nodes[index] = _text(icon(*[argument.value for argument in child.args]), child.lineno)
        return self.generic_visit(node)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Translate what stands elsewhere: an attribute, an argument of a macro."""
        if is_literal(node):
            text, _ = sentence(self.code, node.args[0].value)
            return nodes.Const(text, lineno=node.lineno)
        return self.generic_visit(node)

    def _words(self, node: nodes.Call) -> nodes.Node:
        text, spoken = sentence(self.code, node.args[0].value)
        return _text(marked(text, spoken, self.code), node.lineno)


def _text(text: str, lineno: int) -> nodes.Node:
    """What is known while compiling, as one piece with the template's own text around it."""
    return nodes.TemplateData(str(text), lineno=lineno)


def is_pictogram(node: nodes.Node) -> bool:
    """Whether ``node`` is ``icon("a literal")``."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "icon"
        and all(isinstance(argument, nodes.Const) for argument in node.args)
        and not node.kwargs
    )


def is_literal(node: nodes.Node) -> bool:
    """Whether ``node`` is ``_("a literal")`` without values."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "_"
        and len(node.args) == 1
        and isinstance(node.args[0], nodes.Const)
        and not node.kwargs
    )


class TranslatedEnvironment(Environment):
    """An environment that speaks one language."""

    code: str

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = Parser(self, source, name, filename).parse()
        return Translator(self.code).visit(template)


@cache
def environment(code: str) -> TranslatedEnvironment:
    """The environment of one language, made once a process."""
    made = TranslatedEnvironment(
        loader=PackageLoader("portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.code = code
    made.globals.update(
        language=LANGUAGES[code],
        languages=LANGUAGES,
        icon=icon,
        star=STAR,
        _=lambda key, **values: say(Words(key, values), code),
        counted=lambda one, many, count, **values: say(Words(one, {"count": count, **values}, plural=many), code),
    )
    made.filters.update(bar=bar, small_icon=lambda name: icon(name, "small"))
    formatting.add_filters(made, code)
    return made


def render_template(name: str, code: str, context: dict[str, Any]) -> str:
    """Render one template in one language."""
    return environment(code).get_template(name).render(context)
