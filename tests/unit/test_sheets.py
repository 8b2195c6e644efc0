"""One-page sheets: a partner, three questions, what the model cannot say, a result with its interval."""

import re
from html.parser import HTMLParser

import pytest

from coopsim.errors import ScenarioError
from coopsim.indicators import BY_NAME
from coopsim.scenario import load_scenario, shipped_scenarios
from coopsim.sheets import guide_of, html, index, make_sheet, markdown, partner_of, sheet_names

NAMES = sheet_names()


@pytest.mark.parametrize("name", NAMES)
def test_each_scenario_has_what_a_sheet_needs(name):
    guide = guide_of(name)
    assert len(guide.discuss) == 3
    assert all(question.endswith("?") for question in guide.discuss)
    assert len(guide.cannot) >= 2
    assert 3 <= len(guide.look) <= 7
    assert set(guide.look) <= set(BY_NAME)
    spec = load_scenario(name)
    assert spec.title.fr != name
    assert spec.question.fr.endswith("?")


@pytest.mark.parametrize("name", NAMES)
def test_each_has_a_partner_other_than_itself(name):
    partner = partner_of(name)
    assert partner in shipped_scenarios()
    assert partner != name
    assert partner_of(partner) in shipped_scenarios()


def test_every_scenario_that_is_no_preset_lab_or_country_gets_a_sheet():
    runnable = {
        name
        for name, path in shipped_scenarios().items()
        if path.parent.name in ("scenarios", "families") and not name.startswith("france")
    }
    assert set(NAMES) == runnable


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(ScenarioError, match="figeac-cooperation"):
        partner_of("figeac-cooperatio")


def test_one_world_has_no_interval():
    with pytest.raises(ScenarioError, match="replicates"):
        make_sheet("figeac-cooperation", replicates=1)


@pytest.fixture(scope="module")
def sheet():
    return make_sheet("figeac-cooperation", replicates=3, years=3, workers=1)


def test_the_markdown_says_it_all(sheet):
    text = markdown(sheet)
    for part in ("**Question.**", "**Contraste.**", "**À regarder.**", "**Résultat.**", "**À discuter.**"):
        assert part in text
    assert "Ce que le modèle ne peut pas dire" in text
    assert sheet.partner == "figeac-attractiveness"
    assert len(re.findall(r"^[123]\. ", text, re.MULTILINE)) == 3
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(sheet.rows) >= 10
    assert all(re.search(r"\[.+ à .+\]|\[–\]", row) for row in rows)  # every difference has its interval
    assert "scenario" not in re.sub(r"`[^`]*`", "", text).replace("scénario", "")


def test_the_sentence_counts_every_outcome(sheet):
    total, *parts = map(int, re.findall(r"\d+", sheet.sentence))
    assert sum(parts) == total == sum(i.outcome for i in BY_NAME.values())


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_the_page_prints_and_reads(sheet):
    page = html(sheet)
    reader = Reader()
    reader.feed(page)
    assert ("html", {"lang": "fr"}) in reader.tags
    assert [tag for tag, _ in reader.tags].count("h1") == 1
    assert [tag for tag, _ in reader.tags].count("svg") == 1
    assert "size: A4" in page
    assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_the_index_links_every_sheet():
    text = index([("a", "Titre A", "Quoi ?"), ("b", "Titre B", "Qui ?")])
    assert "[Titre A](a.md) – Quoi ?" in text
    assert "[Titre B](b.md)" in text


class TestCommand:
    def run(self, *words):
        from typer.testing import CliRunner

        from coopsim.cli import app

        return CliRunner().invoke(app, ["sheet", *words], env={"LC_ALL": "C", "COLUMNS": "200"})

    def test_it_needs_a_name(self):
        found = self.run()
        assert found.exit_code == 2
        assert "--all" in found.stderr

    def test_unknown_names_are_told_together(self):
        found = self.run("figeac-coop", "figeac-attract", "--lang", "en")
        assert found.exit_code == 2
        assert "figeac-coop" in found.stderr
        assert "figeac-attract" in found.stderr

    def test_it_writes_the_sheet_and_its_page(self, tmp_path):
        words = ("--replicates", "2", "--years", "1", "--workers", "1", "--html", "--out", str(tmp_path))
        found = self.run("committee", *words)
        assert found.exit_code == 0, found.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "README.md",
            "committee.html",
            "committee.md",
        ]
        (tmp_path / "pact-life.md").write_text("# ", encoding="utf-8")  # one made before
        self.run("committee", *words)
        listed = re.findall(r"\((.+?)\.md\)", (tmp_path / "README.md").read_text(encoding="utf-8"))
        assert listed == ["committee", "pact-life"]
        assert "**À discuter.**" in (tmp_path / "committee.md").read_text(encoding="utf-8")
