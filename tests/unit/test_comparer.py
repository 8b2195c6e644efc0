"""Comparer over HTTP: who may ask, progress, cancel, the answer, its exports; nothing of the address is trusted."""

import csv
import io
import re
import threading
import time
import tomllib
from html import unescape

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coopsim.errors import ScenarioError
from coopsim.scenario import load_scenario
from coopsim_viz import stage as stages
from coopsim_viz.compare import jobs, question_of
from coopsim_viz.compare.sides import choices, shipped_titles
from coopsim_viz.compare.words import COMPARE
from coopsim_viz.room import Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.server import phones
from coopsim_viz.stage import Stage
from tests.system.parts import small

PAIR = {"a": "branche-0", "b": "branche-2", "mondes": "2", "graine": "3"}


@pytest.fixture
def stage(tmp_path):
    room = Room({"A": small({"name": "a"}), "B": small({"name": "b"})}, tmp_path / "session", seed=2)
    room.opened()
    room.live(2)
    room.amend({"payoff.subsidy.max": 0.0}, ["B"])
    made = Stage(room, Driver(room), address="http://room.test", code="ABC234")
    stages.put(made)
    yield made
    made.close()
    stages._STAGE.clear()


@pytest.fixture
def server(stage):
    with TestClient(Starlette(routes=phones.ROUTES), base_url="http://room.test") as client:
        yield client


def over(stage) -> threading.Event:
    """An event that is set when a comparison is over."""
    event = threading.Event()
    stage.comparisons._told = event.set
    return event


def test_only_the_facilitator_compares(server, stage):
    assert server.get("/comparer").status_code == 403
    assert server.post("/comparer", data=PAIR).status_code == 403
    assert server.get("/comparer/etat?cle=x&jeton=guess").status_code == 404
    assert server.get("/comparer/x/resume.csv").status_code == 403
    assert stage.comparisons.jobs == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"b": "branche-0"}, "differ"),
        ({"b": "branche-9"}, "no such branch"),
        ({"b": "branche-" + "9" * 60}, "no such branch"),
        ({"b": "../../etc/passwd"}, "no shipped scenario"),
        ({"b": "figeac-cooperation"}, "same case"),
        ({"mondes": "1"}, "2 – 200"),
        ({"mondes": "1e3"}, "2 – 200"),
        ({"graine": "-1"}, "graine"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_words(server, stage, change, told):
    page = server.post("/comparer?lang=en", data=PAIR | change | {"jeton": stage.token})
    assert told in page.text
    assert 'role="alert"' in page.text
    assert stage.comparisons.jobs == []


def test_an_address_alone_starts_nothing(server, stage):
    fields = "&".join(f"{name}={value}" for name, value in PAIR.items())
    page = unescape(server.get(f"/comparer?{fields}&lang=fr&jeton={stage.token}").text)
    assert COMPARE["not_yet"].fr in page
    assert '<option value="branche-2" selected>' in page
    assert stage.comparisons.jobs == []


def test_branches_and_shipped_scenarios_can_be_chosen(stage):
    found = {row["id"]: row for row in choices(stage.room)}
    assert {"branche-0", "branche-1", "branche-2", "figeac-cooperation"} <= set(found)
    assert "fish-war" not in found  # laboratories have their own page
    assert found["branche-2"]["here"]
    assert shipped_titles()["figeac-cooperation"][0] == load_scenario("figeac-cooperation").title.fr


def test_both_sides_bear_names_of_their_own(stage):
    question = question_of(stage.room, PAIR)
    assert len({spec.name for spec in question.scenarios}) == 2
    assert question.key == question_of(stage.room, PAIR).key
    assert question.key != question_of(stage.room, PAIR | {"graine": "4"}).key
    with pytest.raises(ScenarioError):
        question_of(stage.room, {"a": "", "b": ""})


def test_a_comparison_is_lived_shown_and_taken_away(server, stage):
    done = over(stage)
    page = server.post("/comparer?lang=en", data=PAIR | {"jeton": stage.token})
    assert page.status_code == 200  # sent on to the address of the question
    assert page.url.params["a"] == "branche-0"
    assert done.wait(240)
    job = stage.comparisons.jobs[0]
    assert (job.state, job.error, job.done, job.total) == ("done", "", 4, 4)
    page = server.get(str(page.url).replace("lang=fr", "lang=en"))
    text = page.text
    assert text.count('aria-label="Jobs at the workplace') >= 1
    assert "<h2>Paired differences</h2>" in text
    french = server.get(str(page.url).replace("lang=en", "lang=fr")).text
    assert [word.en for word in COMPARE.values() if word.en != word.fr and f">{word.en}<" in french] == [
        "English"
    ][1:]
    other = server.get(f"{page.url}&ind=companies&ind=%3Cscript%3E").text
    assert "Employer establishments" in re.findall(r"<figcaption>(.*?)</figcaption>", other, re.DOTALL)[0]
    take_away(server, stage, job, text)
    again = stage.comparisons.ask(question_of(stage.room, PAIR))
    assert again == job  # the same question is lived once


def take_away(server, stage, job, text) -> None:
    """Every file that the page offers; none that it does not."""
    for address in re.findall(r'href="(/comparer/[^"]+/[^"]+)"', text):
        assert server.get(address.replace("&amp;", "&")).status_code == 200
    token = f"jeton={stage.token}"
    rows = list(csv.DictReader(io.StringIO(server.get(f"/comparer/{job.key}/trajectoires.csv?{token}").text)))
    assert {row["seed"] for row in rows} == {"3", "4"}
    lived = tomllib.loads(server.get(f"/comparer/{job.key}/B.toml?{token}").text)
    assert load_scenario(lived).hash == question_of(stage.room, PAIR).scenarios[1].hash
    assert "<rect" in server.get(f"/comparer/{job.key}/jobs.svg?{token}&lang=en").text
    for file in ("compare.json", "..%2Fsession.jsonl", "picture-jobs-en.json", "nothing.svg", "..svg"):
        assert server.get(f"/comparer/{job.key}/{file}?{token}").status_code == 404
    assert server.get(f"/comparer/..%2F..%2Fx/resume.csv?{token}").status_code == 404


def test_a_restart_finds_the_answer_again(stage):
    question = question_of(stage.room, PAIR)
    place = stage.comparisons.folder / question.key
    place.mkdir(parents=True)
    (place / "compare.json").write_text("{}", encoding="utf-8")
    fresh = jobs.Comparisons(stage.room.folder, lambda: None)
    assert fresh.ask(question).state == "done"
    assert fresh._processes == {}


def test_a_long_comparison_is_stopped_at_once_and_may_begin_again(server, stage):
    done = over(stage)
    form = PAIR | {"jeton": stage.token, "mondes": "200"}
    page = server.post("/comparer?lang=en", data=form)
    key = stage.comparisons.jobs[0].key
    assert f'data-follow="{key}"' in page.text
    followed = server.get(f"/comparer/etat?cle={key}&jeton={stage.token}").json()
    assert not followed["over"]
    assert followed["total"] == 400
    since = time.monotonic()
    server.post("/comparer?lang=en", data=form | {"faire": "arreter", "cle": key})
    assert done.wait(30)
    assert stage.comparisons.job(key).state == "cancelled"
    while stage.comparisons._processes and time.monotonic() < since + 30:
        done.wait(0.05)
    assert stage.comparisons._processes == {}
    assert stage.comparisons.answer(key) is None
    assert server.get(f"/comparer/etat?cle={key}&jeton={stage.token}").json()["over"]


def test_a_broken_comparison_says_so(stage, monkeypatch):
    question = question_of(stage.room, PAIR)
    stage.comparisons.folder.parent.mkdir(parents=True, exist_ok=True)
    stage.comparisons.folder.write_text("a file where the folder should be", encoding="utf-8")
    done = over(stage)
    stage.comparisons.ask(question)
    assert done.wait(120)
    job = stage.comparisons.job(question.key)
    assert job.state == "failed"
    assert job.error
