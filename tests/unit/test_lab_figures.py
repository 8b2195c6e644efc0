"""Figures of laboratories: what is drawn, where, in which words; the same bytes twice; nothing half written."""

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

from coopsim.cli import app, kernels
from coopsim.errors import ScenarioError
from coopsim.i18n import Text, set_lang
from coopsim.lab import figure, figure_style, labs, run_lab
from coopsim.lab.experiments import admitted
from coopsim.lab.figure import check_figure_place, picture, write_figure
from coopsim.lab.figure_data import _values, luck, sample, series
from coopsim.lab.figure_info import FigureInfo
from coopsim.lab.results import Comparison, LabResult
from tests import lab_draws

QUICK = ("land", "tax-race", "river", "voting-power")
DRAWS = {**lab_draws.DETERMINISTIC, **lab_draws.RANDOM}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def english():
    yield
    set_lang("en")


def fresh(name, **given):
    return sample(labs()[name], run_lab(name, given))


@cache
def drawn(name, **given):
    """The sample of a laboratory; words are put in when it is drawn."""
    return fresh(name, **given)


def words(svg):
    """Every text of a picture, in reading order of the file."""
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


class TestData:
    @pytest.mark.parametrize("name", labs())
    def test_every_laboratory_has_a_figure(self, name):
        info = labs()[name]
        assert info.figure is not None
        for panel in info.figure.panels:
            for text in (panel.label, panel.across, panel.beside, *panel.names):
                assert text is None or (text.fr and text.en)

    @settings(max_examples=15)
    @given(data=st.data())
    @pytest.mark.parametrize("name", [name for name in DRAWS if labs()[name].figure.kind == "lines"])
    def test_values_are_legal_whatever_the_other_parameters(self, name, data):
        info = labs()[name]
        own = admitted(info, data.draw(DRAWS[name]))
        x = info.figure.x
        found = _values(info, info.figure, own)
        assert found == sorted(set(found))
        assert own[x] is None or own[x] in found
        assert len(found) <= 21, "a figure is a matter of seconds"
        for value in found:
            admitted(info, {**own, x: value})

    def test_the_range_is_cut_where_the_laboratory_refuses(self):
        info = labs()["logistic-harvest"]
        found = _values(info, info.figure, admitted(info, {"r": 0.01, "q": 1.0, "E": 0.002}))
        assert found[0] == 0.0
        assert found[-1] == pytest.approx(0.009, rel=1e-6)

    def test_the_range_is_stretched_to_the_users_own_value(self):
        info = labs()["fish-war"]
        far = _values(info, info.figure, admitted(info, {"n": 15}))
        assert far[-1] == 15
        assert sum(value > 8 for value in far) >= 3, "runs all along the axis"
        assert _values(info, info.figure, admitted(info, {"n": 3}))[-1] == 8

    def test_a_range_may_be_a_multiple_of_another_parameter(self):
        info = labs()["land"]
        assert _values(info, info.figure, admitted(info, {"area": 10.0, "cap": 1.0}))[-1] == 13.0

    @pytest.mark.parametrize("name", QUICK)
    def test_points_lie_on_the_line(self, name):
        found = drawn(name)
        assert found.own.ok
        for x, run in found.runs:
            assert run.ok
            assert {**run.parameters, found.figure.x: None} == {**found.own.parameters, found.figure.x: None}
            for result in found.figure.results:
                at = np.searchsorted(found.x, x)
                assert found.x[at] == x
                line = found.theory[result][at]
                exact = run.results[result].exact
                assert math.isnan(line) if exact is None else line == exact

    @pytest.mark.slow
    @pytest.mark.parametrize("name", [name for name in labs() if name not in QUICK])
    def test_points_lie_on_the_line_of_the_others(self, name):
        self.test_points_lie_on_the_line(name)

    def test_progress_reaches_the_total(self):
        seen = []
        info = labs()["land"]
        found = sample(info, run_lab("land"), lambda done, total: seen.append((done, total)))
        assert [done for done, _ in seen] == list(range(1, len(found.runs) + 1))
        assert {total for _, total in seen} == {len(found.runs)}

    def test_rounding_is_no_luck(self):
        found = drawn("land")
        assert {luck(found, "consumed", x, run.results["consumed"]) for x, run in found.runs} == {0.0}
        wide = replace(found.own.results["consumed"], tolerance=3.0)
        assert luck(found, "consumed", found.runs[0][0], wide) == 3.0

    def test_bars_are_the_items_of_a_result(self):
        found = fresh("river", inflow=[2.0, 1.0], demand=[1.0, 2.0], consumed=[1.0, 1.0], floor=[0.0, 0.0])
        upstream, common = series(found, found.figure.panels[0])
        assert upstream.items == ["user 1", "user 2"]
        assert upstream.exact.tolist() == [1.0, 2.0]
        assert upstream.simulated == pytest.approx([1.0, 2.0])
        assert common.name == "common share"


class TestPicture:
    @pytest.mark.parametrize("kind", ["svg", "png"])
    @pytest.mark.parametrize("name", ["tax-race", "river"])
    def test_the_same_bytes_twice(self, name, kind):
        first, second = picture(drawn(name), kind), picture(fresh(name), kind)
        assert first == second
        assert first[:4] == (b"\x89PNG" if kind == "png" else b"<?xm")

    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            (
                "fr",
                (
                    "Impôt (%)",
                    "théorie",
                    "simulation",
                    "vos valeurs",
                    "Fixés : n = 3 ; gamma = 1,5 ; U0 = −1",
                ),
            ),
            (
                "en",
                ("Tax (%)", "theory", "simulation", "your values", "Held fixed: n = 3, gamma = 1.5, U0 = −1"),
            ),
        ],
    )
    def test_words_are_in_the_language_in_force(self, lang, said):
        set_lang(lang)
        found = drawn("tax-race", U0=-1.0, gamma=1.5)
        svg = picture(found, "svg")
        shown = words(svg)
        for word in said:
            assert word in shown
        assert " ".join(shown).count(str(found.info.question)[:25]) == 1
        assert ET.fromstring(svg).find(f"{SVG}title").text == str(found.info.question)

    def test_a_result_without_any_value_has_no_entry(self):
        assert "joint tax (with U0)" in words(picture(drawn("tax-race", U0=0.0), "svg"))
        assert "joint tax (with U0)" not in words(picture(drawn("tax-race"), "svg"))

    def test_letters_are_large_enough_for_a_projector(self):
        """At least 1/45 of the height: what a hall reads from its last row."""
        tree = ET.fromstring(picture(drawn("tax-race"), "svg"))
        height = float(tree.get("viewBox").split()[3])
        sizes = [
            float(part.partition("px")[0].split()[-1])
            for element in tree.iter(f"{SVG}text")
            for part in [element.get("style") or ""]
            if "px" in part
        ]
        assert sizes
        assert min(sizes) > height / 45

    def test_nothing_is_cut_at_the_edges(self):
        """A rim of the picture is white, all around, with one and with two panels."""
        import io

        import matplotlib.image as mpimg

        for name in ("tax-race", "voting-power", "river"):
            set_lang("fr")
            found = drawn(name)
            words_ = (figure_style.QUESTION[len(found.figure.panels)] + 1) // 5
            full = " ".join(["mots"] * words_)  # one line of wide letters, as full as it gets
            asked = replace(found, info=replace(found.info, question=Text(full, full)))
            pixels = mpimg.imread(io.BytesIO(picture(asked, "png")))[..., :3]
            for rim in (pixels[:3], pixels[-3:], pixels[:, :3], pixels[:, -3:]):
                assert rim.min() == 1.0, name

    def test_a_disagreement_shows(self):
        found = drawn("tax-race", U0=0.0)
        assert "disagreement" not in words(picture(found, "svg"))
        x, run = found.runs[2]
        for simulated in (9.0, None):
            wrong = {
                **run.results,
                "nash_tax": Comparison(simulated, run.results["nash_tax"].exact, 1e-6, ok=False),
            }
            runs = [*found.runs]
            runs[2] = (x, replace(run, results=wrong))
            assert "disagreement" in words(picture(replace(found, runs=runs), "svg"))

    def test_yes_and_no_are_levels(self):
        found = drawn("land")

        def judged(x, run):
            yes = Comparison(x > 500.0, x > 500.0, 1e-6, ok=True)
            return replace(run, results={**run.results, "consumed": yes})

        runs = [(x, judged(x, run)) for x, run in found.runs]
        theory = {"consumed": np.where(found.x > 500.0, 1.0, 0.0)}
        flags = replace(found, own=judged(100.0, found.own), runs=runs, theory=theory)
        shown = words(picture(flags, "svg"))
        assert {"yes", "no"} <= set(shown)
        assert "0.5" not in shown

    def test_theory_may_be_a_range(self):
        found = drawn("land")
        assert "range of theory" not in words(picture(found, "svg"))
        wide = {"consumed": np.full(found.x.size, 50.0)}
        assert "range of theory" in words(picture(replace(found, width=wide), "svg"))


class TestStyle:
    @pytest.mark.parametrize("width", [8, 20, 60])
    def test_lines_are_balanced(self, width):
        text = (
            "Que deviennent les tailles d'entreprises quand chacune croît au hasard, sans égard à sa taille ?"
        )
        lines = figure_style.balanced(text, width).splitlines()
        assert " ".join(lines) == text
        assert max(map(len, lines)) <= max(width, len("d'entreprises"))

    def test_as_many_columns_as_fit(self):
        labels = ["a" * 20] * 4
        assert [figure_style.columns(labels, width) for width in (10, 60, 90, 200)] == [1, 2, 3, 4]

    @pytest.mark.parametrize(
        ("value", "fr"), [(2.5e-9, "2,5·10⁻⁹"), (-1e8, "−1·10⁸"), (0.0, "0"), (1e-5, "1·10⁻⁵")]
    )
    def test_far_numbers_are_powers_of_ten(self, value, fr):
        set_lang("fr")
        assert figure_style._power(value) == fr

    def test_no_two_ticks_read_alike(self):
        for area in (0.01, 1.0, 5e7):
            shown = words(picture(fresh("land", area=area, cap=area / 2), "svg"))
            numbers = [word for word in shown if word and word[0].isdigit()]
            assert len(numbers) >= 8
            assert max(numbers.count(number) for number in numbers) <= 2, "once on each axis"

    def test_long_lists_are_cut(self):
        assert figure_style.assigned({"V": [1.0, 2.5, 3.0]}) == "V = [1, 2.5, 3]"
        assert (
            figure_style.assigned({"V": list(range(9)), "t": True, "U": None})
            == "V = [0, 1, 2, 3, … (9)], t = yes, U = –"
        )


class TestPlace:
    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda folder: folder / "f.pdf", "unknown format of file; allowed: .svg, .png"),
            (lambda folder: folder / "f", "unknown format of file"),
            (lambda folder: folder / "missing" / "f.svg", "this folder does not exist"),
            (lambda folder: folder, "unknown format"),
            (lambda folder: (folder / "d.svg").mkdir() or folder / "d.svg", "this is a folder"),
            (lambda folder: Path(__file__) / "f.svg", "this folder does not exist"),
        ],
    )
    def test_refused_before_any_work(self, make, said, tmp_path):
        place = make(tmp_path)
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(ScenarioError) as refused:
            check_figure_place(place)
        assert said in str(refused.value)
        assert sorted(tmp_path.rglob("*")) == before

    def test_a_place_that_cannot_be_written(self, tmp_path, monkeypatch):
        def full(self, content):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(ScenarioError, match="cannot write here"):
            check_figure_place(tmp_path / "f.svg")
        assert list(tmp_path.iterdir()) == []

    def test_nothing_is_left_half_written(self, tmp_path, monkeypatch):
        found = drawn("land")
        place = tmp_path / "f.svg"
        write_figure(found, place)
        before = place.read_bytes()
        monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(ScenarioError):
            write_figure(found, place)
        monkeypatch.setattr(figure, "picture", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            write_figure(found, place)
        assert [path.name for path in tmp_path.iterdir()] == ["f.svg"]
        assert place.read_bytes() == before


class TestTable:
    """A figure that the file describes wrongly is a mistake of the file."""

    @pytest.mark.parametrize(
        "table",
        [
            {"panels": ()},
            {"panels": ({"y": ("a",)},)},
            {"x": "n", "panels": ({"y": ("a",)},)},
            {"kind": "bars", "x": "n", "panels": ({"y": ("a",)},)},
            {"kind": "bars", "panels": ({"y": ("a", "b"), "names": ({"fr": "a", "en": "a"},)},)},
            {"kind": "bars", "panels": ({"y": ("a",), "frame": "n"},)},
            {"kind": "pie", "panels": ({"y": ("a",)},)},
        ],
    )
    def test_refused(self, table):
        with pytest.raises(ValidationError):
            FigureInfo.model_validate(table)

    def test_a_result_or_parameter_that_is_not_there(self):
        from coopsim.lab.info import Theory

        info = labs()["land"]
        local = {"fr": "x", "en": "x"}
        head = {"source": "x", "max_rounds": 1, "change": local, "look": local}
        table = {**head, "parameters": dict(info.parameters), "results": dict(info.results)}
        for wrong in ({"x": "cup", "y": "consumed"}, {"x": "cap", "y": "consumd"}):
            drawing = {"x": wrong["x"], "range": (0, 1, 2), "panels": [{"y": [wrong["y"]]}]}
            with pytest.raises(ValidationError, match="neither a result nor a parameter"):
                Theory.model_validate({**table, "figure": drawing})


class TestCommand:
    @pytest.fixture(autouse=True)
    def warm(self, monkeypatch):
        monkeypatch.setattr(kernels, "cold", lambda: False)

    def call(self, *words_):
        return CliRunner().invoke(app, ["lab", *words_], env={"LC_ALL": "C", "COLUMNS": "200"})

    @pytest.mark.parametrize("suffix", ["svg", "PNG"])
    def test_beside_the_json(self, suffix, tmp_path):
        place = tmp_path / f"land.{suffix}"
        done = self.call("land", "-p", "cap=300", "--figure", str(place), "--json", "--lang", "fr")
        assert done.exit_code == 0, done.stderr
        assert json.loads(done.stdout)["parameters"]["cap"] == 300.0
        assert f"Figure : {place}" in done.stderr
        assert "100 %" in done.stderr, "progress of the points"
        assert [path.name for path in tmp_path.iterdir()] == [place.name]

    def test_a_disagreement_is_drawn_and_exits_1(self, tmp_path, monkeypatch):
        right = run_lab("land")
        results = {**right.results, "consumed": Comparison(1.0, 2.0, 1e-6, ok=False)}
        monkeypatch.setattr(
            "coopsim.lab.run_lab", lambda name, given: LabResult(name, right.parameters, results)
        )
        place = tmp_path / "land.svg"
        done = self.call("land", "--figure", str(place))
        assert done.exit_code == 1
        assert "✗" in done.stdout
        assert "disagreement" in words(place.read_bytes())

    def test_a_wrong_place_is_told_before_any_run(self, tmp_path, monkeypatch):
        monkeypatch.setattr("coopsim.lab.run_lab", pytest.fail)
        done = self.call("land", "--figure", str(tmp_path / "no" / "land.svg"))
        assert (done.exit_code, done.stdout) == (2, "")
        assert "this folder does not exist" in done.stderr
