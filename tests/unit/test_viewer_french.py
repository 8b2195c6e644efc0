"""No English on a French page: every plain page, the traces of Pourquoi ?, against every catalogue of words."""

import html
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coopsim.comparison.values import VALUE_NAMES
from coopsim.comparison.words import GROUPS, UNITS, VERDICTS
from coopsim.i18n import Text, set_lang
from coopsim.indicators import INDICATORS
from coopsim.report.texts import PAGE
from coopsim.scenario import load_scenario
from coopsim_viz import stage as stages
from coopsim_viz import words
from coopsim_viz.compare.words import COMPARE
from coopsim_viz.explorer.words import EXPLORE
from coopsim_viz.pages import why
from coopsim_viz.pages.levers import choices, help_of, levers, shown
from coopsim_viz.report.words import WORDS
from coopsim_viz.room import Option, Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.room.frame import trace
from coopsim_viz.room.told import told
from coopsim_viz.server import data_words, phones
from coopsim_viz.server.data_page import data_page
from coopsim_viz.server.limits import Rate
from coopsim_viz.stage import Stage
from tests.system.parts import small

TABLES = (
    words.BOARD, words.PAGES, words.EVENT_NAMES, words.QUICK, words.PHONE, words.DATA, words.LAB, words.STABILITY,
    COMPARE, EXPLORE, WORDS, PAGE, UNITS, VERDICTS, GROUPS, VALUE_NAMES, why.LABELS, why._TERMS,
    data_words.SECTIONS, data_words.TABLES,
)  # fmt: skip
LEAST = 6  # letters: shorter words are often French as well
FRENCH_TOO = {"report", "Quorum", "quorum", "service", "Explorer"}


def english():
    """Texts that differ between the languages."""
    texts = [text for table in TABLES for text in table.values() if isinstance(text, Text)]
    texts += [indicator.label for indicator in INDICATORS]
    for text in texts:
        if len(text.en) >= LEAST and text.en.lower() not in text.fr.lower() and text.en not in FRENCH_TOO:
            yield re.sub(r"\{\w+\}", "{}", text.en)


ENGLISH = sorted(
    {part.strip() for text in english() for part in text.split("{}") if len(part.strip()) >= LEAST}
)


def visible(page: str) -> str:
    """What of a page is read in French: no script, nothing that says it is English or a name in code."""
    page = re.sub(r"(?s)<(script|style|code)\b.*?</\1>", " ", page)
    page = re.sub(r"(?s)<(\w+)[^>]*\blang=\"en\"[^>]*>.*?</\1>", " ", page)
    attributes = " ".join(re.findall(r"(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"", page))
    return html.unescape(re.sub(r"<[^>]*>", " ", page) + " " + attributes)


def strays(page: str) -> list[str]:
    seen = " ".join(visible(page).split())
    return [
        text for text in ENGLISH if text in seen and re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", seen)
    ]


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(phones, "asked", Rate(1000.0, 10_000.0))
    set_lang("fr")
    room = Room({"A": small({"name": "a"}), "B": small({"name": "b"})}, tmp_path / "session", seed=2)
    room.opened()
    made = Stage(room, Driver(room), address="http://room.test", code="ABC234")
    stages.put(made)
    yield made
    made.close()
    stages._STAGE.clear()
    set_lang("en")


def evening(room):
    room.live(4)
    room.shock("drought", 0.5)
    room.shock("pact_founded", 1.0, ["B"], ["T01", "T02"])
    room.amend({"position.catalyst": "hired", "position.pact_presidency": "rotating"})
    room.live(9)
    token = room.assembly.join("nature")
    ballot = room.assembly.open_ballot("Partager ?", [Option("Non"), Option("Oui")])
    room.assembly.vote(token, ballot.id, 1)
    room.assembly.close_ballot()


def test_strays_would_be_found():
    assert "Search figures and parameters" in ENGLISH
    assert strays("<p>Search figures and parameters</p>") == ["Search figures and parameters"]
    assert "hired facilitator" in strays("<p>A : hired facilitator</p>")
    assert strays('<td lang="en">Search figures and parameters</td><code>hired facilitator</code>') == []


def test_no_plain_page_says_english(stage):
    evening(stage.room)
    token = f"?jeton={stage.token}&lang=fr"
    paths = ["/donnees?lang=fr", "/laboratoire?lang=fr", "/laboratoire/fish-war?lang=fr", f"/stabilite{token}",
             f"/comparer{token}", f"/explorer{token}", "/siege/ABC234?lang=fr", "/bilan", "/siege/AAAAAA",
             "/laboratoire/trust?lang=fr", f"/bilan{token}"]  # fmt: skip
    with TestClient(Starlette(routes=phones.ROUTES), base_url="http://room.test") as client:
        found = {path: strays(client.get(path).text) for path in paths}
    assert {path: some for path, some in found.items() if some} == {}


def test_the_data_of_the_shipped_case_are_in_french():
    page = data_page(load_scenario("figeac-cooperation"), "fr")
    assert strays(page) == []
    assert page.count("<details>") > 30


def test_what_a_room_changed_is_told_in_french(stage):
    evening(stage.room)
    changes = [
        told(change, "fr") for branch in stage.room.tree.branches.values() for change in branch.changes
    ]
    assert any("animateur recruté" in text and "tournante" in text for text in changes)
    assert strays(f"<p>{' '.join(changes)}</p>") == []


def test_a_trace_shows_no_code_of_the_journal(stage):
    evening(stage.room)
    for lane in stage.room.lanes.values():
        journal = lane.lived().journal
        assert journal
        for row in range(len(journal)):
            found = trace(journal, row)
            table = why._rows(stage, found, "fr") + why._arguments(found, "fr")
            assert not re.search(r"\b[a-z]+_[a-z_]+\b", visible(table)), table
            assert strays(table) == []
            assert "-0" not in table
            kind, outcome = str(found["kind"]), str(found.get("outcome", ""))
            assert kind not in visible(table).split()
            assert outcome == "" or outcome not in visible(table).split()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_two_rules_are_offered_by_one_name_and_none_by_its_key(lang):
    names = [shown(key, lang) for key in levers()]
    assert len(set(names)) == len(names)
    assert [name for name in names if re.search(r"\w\.\w+_\w", name)] == []


def test_every_rule_that_may_be_amended_is_offered_in_french():
    for key in levers():
        text = " · ".join([help_of(key, "fr"), *choices(key, "fr"), words.PAGES["value"].fr])
        assert strays(f"<p>{html.escape(text)}</p>") == [], key
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", text), text
