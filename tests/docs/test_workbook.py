"""The answers of the students' workbooks are what the engine gives, in both languages alike."""

import json
import re
from pathlib import Path

import pytest

from coopsim.lab import run_lab

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("tutorials/labs-workbook.md", "fr/cahier-laboratoires.md")
ROW = re.compile(r"^\| `([\w-]+)` \| (.+?) \| `(\w+)` \| (\S+) \|$", flags=re.MULTILINE)
WORDS = {"yes": True, "oui": True, "no": False, "non": False}


def answers(page):
    """Rows of a page: lab, parameters, result, value as printed with a point."""
    rows = ROW.findall((DOCS / page).read_text(encoding="utf-8"))
    return [(lab, changed, result, value.replace(",", ".")) for lab, changed, result, value in rows]


def commands(page):
    found = re.findall(
        r"^coopsim (?:--lang \w+ )?(lab .*)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE
    )
    return [line for line in found if "--html" not in line]


def test_both_workbooks_ask_and_answer_the_same():
    english, french = map(answers, PAGES)
    assert len(english) >= 16
    translated = {True: "yes", False: "no"}
    assert [(*row[:3], translated.get(WORDS.get(row[3]), row[3])) for row in french] == english
    assert commands(PAGES[0]) == commands(PAGES[1])


@pytest.mark.parametrize(("lab", "changed", "result", "value"), answers(PAGES[0]))
def test_an_answer_is_what_the_engine_gives(lab, changed, result, value):
    given = {name: json.loads(text) for name, text in re.findall(r"`(\w+)=([^`]+)`", changed)}
    found = run_lab(lab, given)
    assert found.ok
    simulated = found.results[result].simulated
    if value in WORDS:
        assert simulated is WORDS[value]
    else:
        places = len(value.partition(".")[2])
        assert f"{simulated:.{places}f}" == value
