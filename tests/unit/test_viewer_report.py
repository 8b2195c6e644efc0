"""The report as page and as PDF, the passport on the page of the data, the page of the pacts' stability."""

import json
import re
import shutil
import subprocess
import sys
import threading
import types
from typing import ClassVar

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coopsim.errors import ScenarioError
from coopsim.indicators import SYSTEM
from coopsim_viz import stage as stages
from coopsim_viz.report import pdf, report_html, write_pdf
from coopsim_viz.report.drawing import curves
from coopsim_viz.room import Option, Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.room.robust import verdicts
from coopsim_viz.server import passport, phones
from coopsim_viz.server.limits import Rate
from coopsim_viz.stage import Stage
from tests.system.parts import small

SPEC = types.SimpleNamespace(case_name="c", spec=types.SimpleNamespace(case=types.SimpleNamespace(name=None)))
SLOTS = ("jobs", "naf_consumed_ha", "low_flow_share", "broadleaf_ratio")


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(phones, "asked", Rate(1000.0, 10_000.0))
    room = Room({"A": small({"name": "a"}), "B": small({"name": "b"})}, tmp_path / "session", seed=2)
    room.opened()
    made = Stage(room, Driver(room), address="http://room.test", code="ABC234")
    made.holdings._worlds = 2
    stages.put(made)
    yield made
    made.close()
    stages._STAGE.clear()


@pytest.fixture
def server(stage):
    with TestClient(Starlette(routes=phones.ROUTES), base_url="http://room.test") as client:
        yield client


@pytest.fixture
def promised(tmp_path):
    steps = [
        {
            "name": "work",
            "title": {"fr": "Du travail", "en": "Work"},
            "indicator": "jobs",
            "at_least": 1.0,
            "by": 2026,
        },
        {"name": "far", "needs": ["work"], "indicator": "jobs", "at_least": 1e9, "by": 2027},
    ]
    lanes = {"A": small({"name": "a"}), "B": small({"name": "b", "theory_of_change": steps})}
    room = Room(lanes, tmp_path / "promised", seed=2)
    room.opened()
    yield room
    room.close()


def test_promise_and_proof_of_the_lane_that_promised(promised):
    room = promised
    room.live(3)
    assert "promesse et preuve" not in report_html(room, SLOTS, "unemployment", "fr")  # no year is over yet
    room.live(4)
    text = report_html(room, SLOTS, "unemployment", "fr")
    assert "promesse et preuve – B" in text
    assert "promesse et preuve – A" not in text
    told = text.split("promesse et preuve – B")[1].split("</table>")[0]
    assert "Du travail" in told
    assert "tenu en 2026" in told
    assert "échéance après ce qui est simulé" in told


def test_an_axis_does_not_go_below_what_can_never_be_negative():
    lanes = {"A": np.zeros(8), "B": np.zeros(8)}
    axis = re.findall(r"text-anchor='end'>([^<]+)<", curves(lanes, "low_flow_share", 2026, 8, {}))
    assert axis
    assert all(not text.startswith(("-", "\N{MINUS SIGN}")) for text in axis), axis
    losses = {"A": np.array([-2.0, 3.0])}
    axis = re.findall(r"text-anchor='end'>([^<]+)<", curves(losses, "net_budget_eur_per_head", 2026, 8, {}))
    assert any(text.startswith(("-", "\N{MINUS SIGN}")) for text in axis), axis


def evening(room):
    room.live(4)
    room.shock("drought", 0.5)
    room.shock("pact_founded", 1.0, ["B"], ["T01", "T02"])
    room.live(6)
    token = room.assembly.join("nature")
    ballot = room.assembly.open_ballot("Partager ?", [Option("Non"), Option("Oui")])
    room.assembly.vote(token, ballot.id, 1)
    room.assembly.close_ballot()
    room.assembly.predict(token, "A", "jobs", 11, 5000.0)
    room.rename(2, "La sécheresse")


def worlds(step):
    """Ends of four worlds in which B is above A by about ``step`` in every indicator."""
    base = np.ones(len(SYSTEM))
    return verdicts({s: {"A": base * s, "B": base * s + step + 0.01 * s} for s in range(1, 5)}, 4)


class TestReport:
    def test_it_holds_what_the_evening_was(self, stage):
        evening(stage.room)
        text = report_html(stage.room, SLOTS, "unemployment", "fr", worlds(1.0))
        for said in ("Sécheresse", "Partager ?", "Oui", "La sécheresse", "pacte", "différence nette",
                     "stroke='#00795c'", "Ce que cette simulation ne dit pas", "pas encore atteint"):  # fmt: skip
            assert said in text, said
        assert text.count("<svg") == 6
        assert "http" not in text.replace("http://www.w3.org", "")  # nothing is asked from outside

    def test_a_difference_that_may_be_luck_is_told_so(self, stage):
        stage.room.live(2)
        unclear = verdicts(
            {s: {"A": np.ones(len(SYSTEM)), "B": np.ones(len(SYSTEM)) + (-1) ** s} for s in range(6)}
        )
        text = report_html(stage.room, SLOTS, "unemployment", "fr", unclear)
        assert "peut être le hasard" in text
        assert "différence nette" not in text

    def test_worlds_that_end_even_have_no_difference(self):
        even = verdicts({s: {"A": np.ones(len(SYSTEM)), "B": np.ones(len(SYSTEM))} for s in range(4)})
        assert set(even.mean.values()) == {0.0}
        assert set(even.above.values()) == set(even.below.values()) == {0}

    def test_the_interval_is_that_of_paired_differences(self):
        found = worlds(1.0)
        gaps = np.array([1.01, 1.02, 1.03, 1.04])
        half = 3.182446 * gaps.std(ddof=1) / 2  # Student, three degrees of freedom
        assert found.mean["jobs"] == pytest.approx(1.025)
        assert found.high["jobs"] - found.mean["jobs"] == pytest.approx(half, rel=1e-4)

    def test_english_is_whole(self, stage):
        evening(stage.room)
        text = report_html(stage.room, SLOTS, "unemployment", "en", worlds(1.0))
        assert "clear difference" in text
        assert "What this simulation does not say" in text
        assert "Sécheresse" not in text.replace("La sécheresse", "")


class TestPdf:
    @pytest.fixture
    def page(self, tmp_path):
        place = tmp_path / "bilan.html"
        place.write_text("<!doctype html><title>x</title><p>Bilan é", encoding="utf-8")
        return place

    def without_weasyprint(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "weasyprint", None)  # importing it fails

    def test_weasyprint_is_taken_where_it_is(self, page, monkeypatch):
        asked = {}

        class Html:
            def __init__(self, string, url_fetcher):
                asked["text"], asked["fetch"] = string, url_fetcher

            def write_pdf(self, target):
                target.write_bytes(b"%PDF-1.7")

        monkeypatch.setitem(sys.modules, "weasyprint", types.SimpleNamespace(HTML=Html))
        target = page.with_suffix(".pdf")
        assert write_pdf(page, target) == "weasyprint"
        assert target.read_bytes() == b"%PDF-1.7"
        assert "Bilan é" in asked["text"]
        with pytest.raises(ValueError, match="outside"):
            asked["fetch"]("http://outside.example/x.png")

    def test_nothing_that_makes_a_pdf_is_told_with_what_helps(self, page, monkeypatch):
        self.without_weasyprint(monkeypatch)
        monkeypatch.setattr(pdf, "_BROWSERS", ("no-such-browser",))
        with pytest.raises(ScenarioError) as caught:
            write_pdf(page, page.with_suffix(".pdf"))
        for said in ("coopsim[pdf]", "Pango", "HTML"):
            assert said in str(caught.value)
        assert not page.with_suffix(".pdf").exists()

    def test_a_missing_pango_is_named(self, monkeypatch):
        def refuse(name, *rest, **more):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")
            return real(name, *rest, **more)

        import builtins

        real = builtins.__import__
        monkeypatch.setattr(builtins, "__import__", refuse)
        maker, why = pdf._weasyprint()
        assert maker is None
        assert "libpango" in why

    @pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium")
    def test_a_browser_prints_it(self, page, monkeypatch):
        self.without_weasyprint(monkeypatch)
        target = page.with_suffix(".pdf")
        assert write_pdf(page, target).startswith("chrom")
        assert target.read_bytes().startswith(b"%PDF")
        assert sorted(p.name for p in page.parent.iterdir()) == ["bilan.html", "bilan.pdf"]

    def test_a_browser_that_fails_is_told(self, page, monkeypatch):
        self.without_weasyprint(monkeypatch)
        monkeypatch.setattr(pdf, "_browser", lambda: sys.executable)  # exits with an error
        monkeypatch.setattr(subprocess, "run", lambda *a, **k: (_ for _ in ()).throw(OSError("no")))
        with pytest.raises(ScenarioError):
            write_pdf(page, page.with_suffix(".pdf"))

    def test_over_the_server(self, stage, server, monkeypatch):
        assert server.get("/bilan.pdf").status_code == 403
        self.without_weasyprint(monkeypatch)
        monkeypatch.setattr(pdf, "_BROWSERS", ("no-such-browser",))
        answer = server.get(f"/bilan.pdf?jeton={stage.token}")
        assert answer.status_code == 503
        assert "coopsim[pdf]" in answer.text


class TestPassport:
    DATA: ClassVar = {
        "format": 2, "case": "c", "title": {"fr": "Calage", "en": "Fit"}, "runs": 600,
        "cannot_say": [{"fr": "Rien sur les prix.", "en": "Nothing of prices."}],
        "data": [{"inside": True}, {"inside": False}],
        "parameters": [{"label": {"fr": "Portée", "en": "Reach"}, "identified": False}],
        "recovery": {"passed": False, "refused": [{"parameter": "p", "label": {"fr": "Portée", "en": "Reach"}}]},
        "out_of_sample": [
            {"label": {"fr": "Emplois", "en": "Jobs"}, "verdict": "loses"},
            {"label": {"fr": "x", "en": "x"}, "verdict": "wins"},
        ],
    }  # fmt: skip

    def kept(self, tmp_path, text):
        folder = tmp_path / "calibration-c"
        folder.mkdir()
        (folder / "passport.json").write_text(text, encoding="utf-8")
        return passport.passport_of(SPEC, "fr", tmp_path)

    def test_what_it_shows(self, tmp_path):
        found = self.kept(tmp_path, json.dumps(self.DATA))
        assert found["sound"]
        assert (found["inside"], found["figures"], found["wins"], found["outside"]) == (1, 2, 1, 2)
        assert (found["loses"], found["open"], found["refused"]) == (["Emplois"], ["Portée"], ["Portée"])
        assert found["cannot"] == ["Rien sur les prix."]

    @pytest.mark.parametrize("change", [{"format": 3}, {"case": "other"}, {"data": None}, {"format": "x"}])
    def test_another_format_or_case_is_not_shown_as_sound(self, tmp_path, change):
        found = self.kept(tmp_path, json.dumps(self.DATA | change))
        assert found["sound"] is False
        assert "figures" not in found

    def test_broken_or_missing(self, tmp_path):
        assert passport.passport_of(SPEC, "fr", tmp_path) is None
        assert self.kept(tmp_path, "{")["sound"] is False

    def test_on_the_page(self, stage, server, tmp_path, monkeypatch):
        assert "n'a pas été calé" in server.get("/donnees").text.replace("&#39;", "'")
        case = stage.room.base["A"].case_name
        folder = tmp_path / f"calibration-{case}"
        folder.mkdir()
        (folder / "passport.json").write_text(json.dumps(self.DATA | {"case": case}), encoding="utf-8")
        monkeypatch.setattr(passport, "_HERE", tmp_path)
        page = server.get("/donnees").text
        assert "Rien sur les prix." in page
        assert "Il perd pour : Emplois." in page


class TestStability:
    def test_only_the_facilitator_asks_and_only_about_a_pact_in_force(self, stage, server):
        assert server.get("/stabilite").status_code == 403
        assert server.post("/stabilite", data={"lane": "A", "members": "T01+T02"}).status_code == 403
        page = server.get(f"/stabilite?jeton={stage.token}")
        assert "Aucun pacte" in page.text
        for lane, members in (("A", "T01+T02"), ("Z", ""), ("", "x" * 900)):
            form = {"jeton": stage.token, "lane": lane, "members": members}
            assert server.post("/stabilite", data=form).status_code == 400

    def test_a_pact_is_judged_beside_the_room(self, stage, server):
        stage.room.live(4)
        stage.room.shock("pact_founded", 1.0, ["B"], ["T01", "T02"])
        stage.room.live(1)
        pact = stage.room.lanes["B"].pacts()[0]
        members = "+".join(stage.codes(pact))
        told = threading.Event()
        stage.holdings._told = told.set
        form = {"jeton": stage.token, "lane": "B", "members": members}
        assert server.post("/stabilite", data=form).status_code == 200  # sent on to the page
        assert server.post("/stabilite", data=form).status_code == 200
        assert len(stage.holdings.asked) == 1  # the same question is answered once
        assert told.wait(240)
        assert [(one.state, one.error) for one in stage.holdings.asked] == [("done", "")]
        page = server.get(f"/stabilite?jeton={stage.token}").text
        assert "data:image/svg+xml" in page
        said = stage.holdings.known("B", stage.codes(pact))
        assert said["fr"]["lines"]
        assert said["en"]["lines"]
        assert said["fr"]["lines"] != said["en"]["lines"]
        assert stage.holdings.known("A", stage.codes(pact)) is None
        assert stage.holds("B", members)
        assert [one.state for one in stage.holdings.asked] == ["done"]  # known, not run again
