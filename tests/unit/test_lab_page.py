"""Pages of laboratories: whole in one file, in both languages, the marks of the slider on the simulated points."""

import json
import math
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.i18n import set_lang
from coopsim.lab import labs, run_lab
from coopsim.lab.figure_data import sample, scalar
from coopsim.lab.page import index, page

QUICK = ("land", "tax-race", "river")


@pytest.fixture(autouse=True)
def english():
    yield
    set_lang("en")


@cache
def sampled(name):
    return sample(labs()[name], run_lab(name, {}))


def data_of(text):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text)
    return json.loads(found[1]) if found else None


class Addresses(HTMLParser):
    """Everything that a page would fetch."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        wanted = [v for k, v in attrs if k in ("src", "href", "action", "data", "poster", "srcset") and v]
        self.found += [v for v in wanted if not v.startswith("#")]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", QUICK)
def test_a_page_is_whole_and_speaks_the_language(name, lang):
    set_lang(lang)
    text = page(sampled(name))
    parser = Addresses()
    parser.feed(text)
    assert parser.found == []
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", text)
    info = labs()[name]
    bare = re.sub(r"[\s\u00a0\u202f]+", " ", text).replace("&#39;", "'")
    for said in (info.title, info.question, info.look, info.change):
        assert getattr(said, lang) in bare
    assert f'<html lang="{lang}">' in text


def test_the_same_runs_give_the_same_page():
    assert page(sampled("land")) == page(sampled("land"))


def test_what_the_slider_shows_is_what_was_run():
    found = sampled("tax-race")
    text = page(found)
    shown = re.findall(r'<tbody class="run"( hidden)? data-value="([^"]*)">', text)
    assert [float(value) for _, value in shown] == [round(x, 6) for x, _ in found.runs]
    assert [hidden for hidden, _ in shown].count("") == 1
    assert data_of(text)["start"] == [x for x, _ in found.runs].index(found.own.parameters["phi"])
    for _, run in found.runs:
        for result in run.results.values():
            assert f"<td>{'–' if result.simulated is None else f'{result.simulated:.6g}'}</td>" in text


@pytest.mark.parametrize("name", ["land", "tax-race"])
def test_marks_stand_on_the_simulated_points(name):
    """Places in the picture are a straight line of the values, upside down, inside the axes."""
    found = sampled(name)
    for frame, panel in zip(data_of(page(found))["frames"], found.figure.panels, strict=True):
        values = [x for x, _ in found.runs]
        scale = (frame["x"][-1] - frame["x"][0]) / (values[-1] - values[0])
        assert scale > 0
        for x, place in zip(values, frame["x"], strict=True):
            assert place == pytest.approx(frame["x"][0] + scale * (x - values[0]), abs=0.2)
        for result, places in zip(panel.y, frame["y"], strict=True):
            levels = [scalar(run.results[result].simulated) for _, run in found.runs]
            assert [place is None for place in places] == [math.isnan(level) for level in levels]
            known = [(v, p) for v, p in zip(levels, places, strict=True) if p is not None]
            assert all(frame["top"] <= p <= frame["bottom"] for _, p in known)
            by_value = [p for _, p in sorted(known)]
            assert by_value == sorted(by_value, reverse=True)


def test_a_laboratory_of_bars_has_no_slider():
    text = page(sampled("river"))
    assert data_of(text) is None
    assert "<input" not in text
    assert text.count("<svg") == 1


def test_the_index_leads_to_every_page():
    infos = list(labs().values())
    assert re.findall(r'<a href="([^"]+)\.html">', index(infos)) == [info.name for info in infos]


class TestCommand:
    def test_one_page(self, tmp_path):
        place = tmp_path / "page.html"
        done = CliRunner().invoke(app, ["lab", "land", "-p", "cap=12.5", "--html", str(place)])
        assert done.exit_code == 0, done.output
        text = place.read_text(encoding="utf-8")
        assert "coopsim lab land -p &#39;cap=12.5&#39; --html land.html" in text
        assert list(tmp_path.iterdir()) == [place]

    def test_another_suffix_is_refused_before_any_run(self, tmp_path, monkeypatch):
        monkeypatch.setattr("coopsim.lab.run_lab", pytest.fail)
        done = CliRunner().invoke(app, ["lab", "land", "--html", str(tmp_path / "page.pdf")])
        assert done.exit_code == 2
        assert "allowed: .html" in done.stderr

    @pytest.mark.slow
    def test_every_page(self, tmp_path):
        done = CliRunner().invoke(app, ["lab", "--html", str(tmp_path / "labs")])
        assert done.exit_code == 0, done.output
        names = {path.stem for path in (tmp_path / "labs").iterdir()}
        assert names == {*labs(), "index"}
