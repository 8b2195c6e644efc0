"""The ODD description: complete, deterministic, honest about what has no source."""

import dataclasses
import json

import pytest
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.i18n import set_lang
from coopsim.indicators import SYSTEM
from coopsim.odd import evidence, html, markdown, odd
from coopsim.odd.blocks import Bullets, Formula, Grid, Heading, Para, to_html, to_markdown
from coopsim.odd.docstrings import references, story, summary, variables
from coopsim.rng import Purpose
from coopsim.scenario import load_scenario, parameters
from coopsim.schedule import QUARTER

TINY = {"schema": 1, "name": "tiny", "horizon": {"years": 1}, "case": {"synthetic": {"territories": 4}}}


@pytest.fixture(scope="module")
def figeac():
    set_lang("en")
    return markdown(load_scenario("figeac-cooperation"))


class TestWhole:
    def test_always_the_same_bytes(self, figeac):
        assert markdown(load_scenario("figeac-cooperation")) == figeac

    def test_every_parameter_indicator_phase_and_draw_is_there(self, figeac):
        assert [key for key in parameters() if f"| `{key}` |" not in figeac] == []
        assert [name for name in SYSTEM if f"| `{name}` |" not in figeac] == []
        assert [phase.name for phase in QUARTER if f"| {phase.name} |" not in figeac] == []
        assert [p.name for p in Purpose if f"| {int(p)} |" not in figeac] == []

    def test_the_seven_parts_of_the_protocol_in_order(self, figeac):
        heads = [line for line in figeac.splitlines() if line.startswith("## ")]
        assert [head[3] for head in heads] == list("1234567")

    def test_every_parameter_shows_its_source(self, figeac):
        for parameter in parameters().values():
            line = next(row for row in figeac.splitlines() if row.startswith(f"| `{parameter.key}` |"))
            assert " ".join(parameter.source.replace("|", "\\|").split()) in line

    def test_every_rule_in_force_is_there_with_its_source(self, figeac):
        assert "| `cost_sharing` |" not in figeac
        assert "`payoff.cost_sharing`" in figeac
        assert "proportional division, the usual key of joint services (Young 1994)" in figeac
        assert "CGCT L2121-20" in figeac

    def test_no_path_of_this_machine_and_no_date_stands_in_it(self, figeac):
        assert "/work" not in figeac
        assert "/home" not in figeac


class TestScenario:
    def test_a_changed_parameter_and_a_part_switched_off_are_seen(self):
        changes = {"economy.finance.setup_cost": 81.5, "submodels.wood": False}
        text = markdown(load_scenario(TINY).but(changes))
        line = next(row for row in text.splitlines() if row.startswith("| `economy.finance.setup_cost` |"))
        assert "**81.5** (default: 80)" in line
        assert "| `submodels.wood` | **no** |" in text
        assert "| wood: renewal, demand, allocation |" in text
        phase = next(row for row in text.splitlines() if "| wood: renewal" in row)
        assert "**no**" in phase

    def test_a_synthetic_case_is_invented_and_says_so(self):
        text = markdown(load_scenario(TINY))
        assert "Synthetic case" in text
        row = next(row for row in text.splitlines() if row.startswith("| territories | population |"))
        assert row.endswith("| assumption | invented |")

    def test_a_case_without_sources_shows_what_is_missing(self):
        spec = load_scenario(TINY)
        case = dataclasses.replace(spec.load_case(), sources=spec.load_case().sources.iloc[:0])
        spec.__dict__["_case"] = case
        row = next(
            row for row in markdown(spec).splitlines() if row.startswith("| territories | population |")
        )
        assert row.count("**source missing**") == 2

    def test_a_parameter_without_a_source_is_told(self, monkeypatch):
        known = dict(parameters())
        key = "economy.finance.setup_cost"
        known[key] = dataclasses.replace(known[key], source=" ")
        monkeypatch.setattr(evidence, "parameters", lambda: known)
        row = next(
            row for row in markdown(load_scenario(TINY)).splitlines() if row.startswith(f"| `{key}` |")
        )
        assert row.endswith("| **source missing** |")

    def test_french_headings_and_numbers(self):
        set_lang("fr")
        text = markdown(load_scenario(TINY))
        assert "## 4. Principes de conception" in text
        assert "**source manquante**" in text
        assert "hypothèse" in text
        assert "0,5" in text

    def test_events_and_dated_rules_are_told(self):
        event = {"when": 2, "what": "drought", "amount": 0.4}
        rules = {"code": "T02", "from": 3, "governance": {"payoff": {"review_years": 5}}}
        text = markdown(load_scenario({**TINY, "event": [event], "territory": [rules]}))
        assert "`drought`" in text
        assert "T02, 3" in text
        assert "review_years" in text


class TestForms:
    BLOCKS = (
        Heading(1, "A <b>"),
        Para("`code` and **strong**"),
        Bullets(("x", "y")),
        Grid(("h",), (("a|b\nc",),)),
        Formula("x < y"),
    )

    def test_markdown_keeps_a_cell_on_one_line(self):
        text = to_markdown(self.BLOCKS)
        assert "| a\\|b c |" in text
        assert "$$\nx < y\n$$" in text

    def test_html_escapes_and_marks(self):
        text = to_html(self.BLOCKS, "en")
        assert "<h1>A &lt;b&gt;</h1>" in text
        assert "<code>code</code> and <strong>strong</strong>" in text
        assert "<li>x</li>" in text
        assert "x &lt; y" in text

    def test_a_whole_page(self):
        text = html(load_scenario(TINY))
        assert text.startswith("<!doctype html>")
        assert text.count("<table>") == sum(isinstance(block, Grid) for block in odd(load_scenario(TINY)))


class TestDocstrings:
    def test_state_variables_are_read_and_none_is_lost(self):
        @dataclasses.dataclass
        class Table:
            """A table.

            Attributes
            ----------
            a, b : FloatArray, shape (T,), k€
                What they are,
                on two lines.
            """

            a: float
            b: float
            c: int

        found = variables(Table)
        assert [(v.names, v.what, v.text) for v in found] == [
            ("a, b", "FloatArray, shape (T,), k€", "What they are, on two lines."),
            ("c", "int", ""),
        ]

    def test_formulas_and_references(self):
        class Thing:
            r"""First, with :math:`x` and ``code``.

            .. math::

               a + b
               c

            Second [G1959]_.

            References
            ----------
            .. [G1959] Gillies (1959),
               *Title*.
            """

        assert summary(Thing) == "First, with $x$ and `code`."
        assert story(Thing) == [
            Para("First, with $x$ and `code`."),
            Formula("a + b\nc"),
            Para("Second [G1959]."),
        ]
        assert references(Thing) == ["[G1959] Gillies (1959), Title."]


def command(*words):
    return CliRunner().invoke(app, ["odd", *words], env={"LC_ALL": "C", "COLUMNS": "160"})


class TestCommand:
    @pytest.fixture
    def tiny(self, tmp_path):
        text = 'schema = 1\nname = "tiny"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'
        path = tmp_path / "tiny.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def test_to_the_screen_to_a_file_and_as_json(self, tiny, tmp_path):
        shown = command(tiny)
        assert shown.exit_code == 0, shown.output
        assert command(tiny, "--save", str(tmp_path / "o.md")).exit_code == 0
        assert (tmp_path / "o.md").read_text(encoding="utf-8") == shown.stdout
        assert command(tiny, "--save", str(tmp_path / "o.html"), "--lang", "fr").exit_code == 0
        assert '<html lang="fr">' in (tmp_path / "o.html").read_text(encoding="utf-8")
        blocks = json.loads(command(tiny, "--json").stdout)
        assert {block["kind"] for block in blocks} >= {"heading", "para", "grid", "formula"}

    def test_bad_input(self, tiny, tmp_path):
        assert command(tiny, "--save", str(tmp_path / "o.pdf")).exit_code == 2
        wrong = command("figeac-cooperatio")
        assert wrong.exit_code == 2
        assert "figeac-cooperation" in wrong.stderr
