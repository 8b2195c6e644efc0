"""The glossaries hold the same words in both languages, and the words that the screen and the reports use."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from coopsim.catalogue import records
from coopsim.comparison import words as report_words
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME
from coopsim.report import texts as report_texts
from coopsim_viz import words as viewer_words

DOCS = Path(__file__).parents[2] / "docs"
FRENCH = (DOCS / "fr" / "glossaire.md").read_text(encoding="utf-8")
ENGLISH = (DOCS / "glossary.md").read_text(encoding="utf-8")
# Acronyms of general language, and names that are not words of this model.
COMMON = {"PDF", "CSV", "SVG", "PNG", "TOML", "HTML", "SHA", "QR", "ET", "OU", "RGPD"}
BOARD = ("lane", "plane", "baseline", "holds", "amendment", "shock", "choice", "win", "broke")


def rows(page):
    found = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", page, flags=re.MULTILINE)
    return [row for row in found if row[2] not in ("ce que c'est ici", "what it is here")]


def texts(value):
    """Every text inside a module's value."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def shown():
    for module in (report_words, report_texts, viewer_words):
        for value in list(vars(module).values()):
            yield from texts(value)
    yield from (indicator.label for indicator in BY_NAME.values())
    for kind in ("rules", "moves"):
        yield from (record["label"] for record in records(kind))


def test_both_pages_hold_the_same_words():
    french, english = rows(FRENCH), rows(ENGLISH)
    assert len(french) >= 80
    assert {(f, e) for f, e, _ in french} == {(f, e) for e, f, _ in english}
    assert len({f for f, _, _ in french}) == len(french)
    assert len({e for e, _, _ in english}) == len(english)


def test_every_acronym_of_screen_and_reports_is_explained():
    used = {word for text in shown() for word in re.findall(r"\b[A-ZÉÈ]{2,}\b", text.fr)}
    assert {"CFE", "SCOP"} <= used
    named = set(re.findall(r"\b[A-ZÉÈ]{2,}\b", FRENCH))
    assert sorted(used - COMMON - named) == []


@pytest.mark.parametrize("key", BOARD)
def test_the_words_of_the_board_are_explained(key):
    assert viewer_words.BOARD[key].fr.lower() in FRENCH.lower()


def test_the_words_of_verdicts_and_grades_are_explained():
    for word in ("mieux", "moins bien", "pas d'écart net", "mesuré", "littérature", "hypothèse"):
        assert word in FRENCH
    for word in ("better", "worse", "no clear difference", "measured", "literature", "assumption"):
        assert word in ENGLISH
