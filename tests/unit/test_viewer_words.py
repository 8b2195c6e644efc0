"""Every word of the viewer stands in its catalogues, in both languages; pages hold no sentence of their own."""

import ast
import importlib
import re
import string
from pathlib import Path

import pytest

import coopsim_viz
from coopsim.i18n import Text
from coopsim.scenario import EVENTS
from coopsim_viz import words
from coopsim_viz.pages.shocks import AT_HAND

HERE = Path(coopsim_viz.__file__).parent
NAMES = {"coopsim", "toml"}
SHOWN = {"Text", "Button", "Card", "Error", "Warning", "Info", "Success", "Title", "Checkbox", "InputText",
         "InputFloat", "InputInt", "SliderFloat", "SliderInt", "Select", "Markdown", "Choice", "Search", "Area",
         "Several"}  # fmt: skip


def letters(text):
    """What of a text is words: no markup, no placeholders."""
    return [w for w in re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>|\{[^}]*\}", " ", text)) if w not in NAMES]


def literal(node):
    """The text of a literal, what is filled in as {}; nothing for what is no literal."""
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def stray_literals(source):
    """Literal words that a module shows: first argument or label of a component, or the text of its HTML."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        method = isinstance(call.func, ast.Attribute)
        name = call.func.attr if method else getattr(call.func, "id", "")
        catalogue = (
            name == "Text" and not method
        )  # Text(fr, en) is how words are kept; solara.Text shows them
        shown = list(call.args[:1]) if name in SHOWN and not catalogue else []
        shown += [
            k.value for k in call.keywords if k.arg in ("label", "children", "unsafe_innerHTML", "message")
        ]
        texts = [literal(value) for value in shown]
        found += [f"{call.lineno}: {text}" for text in texts if letters(text)]
    return found


def stray_text(template):
    """Words between the tags of a template."""
    text = re.sub(r"(?s)\{% block (?:style|script) %\}.*?\{% endblock %\}", "", template)
    text = re.sub(r"(?s)<(script|style|code|pre)\b.*?</\1>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text)
    attributes = re.findall(r"""(?<![:@\w-])(?:aria-label|title|alt|placeholder)=["']([^"']*)["']""", text)
    between = re.findall(r">([^<>]*)<", text)
    return [t.strip() for t in (*between, *attributes) if letters(t)]


@pytest.mark.parametrize("path", sorted((HERE / "pages").glob("*.py")), ids=lambda p: p.name)
def test_no_page_has_words_of_its_own(path):
    assert stray_literals(path.read_text(encoding="utf-8")) == []


TEMPLATES = [
    *HERE.glob("pages/*.vue"),
    *(path for path in HERE.glob("*/*.j2") if path.parent.name != "templates"),
]


@pytest.mark.parametrize("path", sorted(TEMPLATES), ids=lambda p: p.name)
def test_no_template_has_words_of_its_own(path):
    assert stray_text(path.read_text(encoding="utf-8")) == []


def test_strays_would_be_found():
    assert stray_literals("solara.Text('Bonjour la salle')") == ["1: Bonjour la salle"]
    assert stray_literals("solara.Text(f'{n} votes cast')") == ["1: {} votes cast"]
    assert stray_literals("solara.HTML(tag='p', unsafe_innerHTML='<b>Hello you</b>')") == [
        "1: <b>Hello you</b>"
    ]
    assert stray_literals("solara.Text(word('report', lang))") == []
    assert stray_text("<p>{{ w.a }} Hello</p><img alt='A map'>") == ["Hello", "A map"]
    assert stray_text("<script>let hello = 'you'</script><p :title=\"w.b\">{{ w.a }}</p>") == []


def catalogues():
    for module in (
        "coopsim_viz.words",
        "coopsim_viz.report.words",
        "coopsim_viz.compare.words",
        "coopsim_viz.explorer.words",
    ):
        for name, table in vars(importlib.import_module(module)).items():
            if isinstance(table, dict) and table and all(isinstance(v, Text) for v in table.values()):
                yield pytest.param(table, id=f"{module.split('.')[-2]}.{name}")


SAME = {"here", "lane", "phone", "change", "question", "data", "animation", "atelier", "quorum", "table", "source",
        "unit", "year", "svg", "png", "pause", "votes", "branch", "distance", "prediction"}  # fmt: skip


@pytest.mark.parametrize("table", list(catalogues()))
def test_both_languages_say_the_same_things(table):
    def fields(text):
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)

    for name, text in table.items():
        assert text.fr.strip(), name
        assert text.en.strip(), name
        assert fields(text.fr) == fields(text.en), name
        assert text.fr != text.en or name in SAME or not letters(text.fr) or text.fr.istitle(), name


def test_every_event_has_a_name_that_a_room_understands():
    assert set(EVENTS) - set(words.EVENT_NAMES) == set()
    assert set(words.QUICK) == set(AT_HAND)
    for what, amount, _ in AT_HAND.values():
        assert EVENTS[what].low <= amount <= EVENTS[what].high
