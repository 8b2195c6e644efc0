"""The report: one file that needs nothing, in two languages, readable without seeing the pictures."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rich.console import Console

from coopsim.comparison import Comparison
from coopsim.comparison.table import comparison_table
from coopsim.errors import ScenarioError
from coopsim.i18n import lang, set_lang
from coopsim.indicators import BY_NAME, OUTCOMES, SYSTEM
from coopsim.report import report_html, write_report
from coopsim.report.answers import answers
from coopsim.report.highlights import highlights, typical_world
from coopsim.report.links import pact_links
from coopsim.report.maps import places
from coopsim.report.phase import spread_labels
from coopsim.report.svg import LANE_COLOURS
from coopsim.report.tables import indicator_groups, value_words
from coopsim.report.texts import LIMITS, PAGE
from tests.fake_comparison import fake_comparison

EITHER_WAY = np.array([0.1, -0.1, 0.1, -0.1, 0.1, -0.1])[:, None, None]  # of six worlds: no verdict
SECTIONS = [
    "answer",
    "outcomes",
    "map",
    "phase",
    "fans",
    "donut",
    "journal",
    "rules",
    "grades",
    "limits",
    "provenance",
]


class Page(HTMLParser):
    """What a page is made of."""

    VOID = ("meta", "input", "br", "link")

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.addresses, self.texts, self.open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        self.ids += [values["id"]] if "id" in values else []
        self.addresses += [values[name] for name in ("src", "href", "action", "data") if name in values]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)


@pytest.fixture(scope="module")
def comparison():
    return fake_comparison(
        shift={"jobs": 0.1, "unemployment": 0.1, "naf_consumed_ha": -0.05, "standing_wood_m3": EITHER_WAY}
    )


@pytest.fixture(scope="module", params=["fr", "en"])
def page(request, comparison):
    text = report_html(comparison, request.param)
    return request.param, text, Page(text)


def test_the_page_needs_no_other_file(page):
    _, text, parsed = page
    assert parsed.open == []
    assert [tag for tag, _ in parsed.tags if tag in ("script", "link", "iframe", "img", "object")] == []
    assert all(address.startswith("#") for address in parsed.addresses)
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?[^\"'#]", text)
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert len(text.encode()) < 3e6


def test_identifiers_are_unique_and_every_reference_has_its_target(page):
    _, text, parsed = page
    assert len(parsed.ids) == len(set(parsed.ids))
    wanted = {address[1:] for address in parsed.addresses} | set(re.findall(r"url\(#([^)]*)\)", text))
    wanted |= {values["for"] for tag, values in parsed.tags if tag == "label"}
    assert wanted <= set(parsed.ids)


def test_the_page_reads_without_eyes(page):
    language, _, parsed = page
    tags = parsed.tags
    assert next(values for tag, values in tags if tag == "html")["lang"] == language
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    pictures = [values for tag, values in tags if tag == "svg"]
    assert len(pictures) == 6 * 2 + 2 + 8 + 2  # maps, phase planes, fans, donuts
    assert all(values["role"] == "img" and len(values["aria-label"]) > 40 for values in pictures)
    assert [tag for tag, _ in tags].count("table") == [tag for tag, _ in tags].count("caption")
    assert {"main", "nav", "header"} <= {tag for tag, _ in tags}
    assert all(values.get("scope") in ("col", "row") for tag, values in tags if tag == "th")


def test_sections_stand_in_order(page):
    _, _, parsed = page
    assert [values["id"] for tag, values in parsed.tags if tag == "section"] == SECTIONS


def test_no_missing_value_and_no_placeholder_is_shown(page):
    _, _, parsed = page
    text = " ".join(parsed.texts)
    assert not re.search(r"\b(?:None|nan|NaN|inf)\b|\{\w*\}", text)


def test_the_language_is_one_and_whole(page):
    language, _, parsed = page
    text = " ".join(parsed.texts)
    other = "en" if language == "fr" else "fr"
    for entry in (*PAGE.values(), *LIMITS):
        foreign = getattr(entry, other).partition("{")[0]
        if len(foreign) > 25:
            assert foreign not in text.replace("\u00a0", " ").replace("\u202f", " ")
    assert ("\u202f%" in text) == (language == "fr")
    assert not re.search(r"\d %", text)


def test_a_second_report_is_the_same_bytes_and_the_callers_language_stays(comparison, page):
    language, text, _ = page
    if language == "fr":
        assert report_html(comparison, "fr") == text
        assert lang() == "en"


def test_what_users_write_is_escaped():
    nasty = '<script>alert("x")</script>&'
    comparison = fake_comparison(replicates=3, titles=[nasty, "b"])
    comparison.manifest["context"]["case"]["territories"][0]["name"] = nasty
    comparison.journal["reason_en"] = nasty
    comparison.manifest["context"]["rules"][0]["values"] = [nasty, nasty]
    text = report_html(comparison, "en")
    assert "<script" not in text
    assert Page(text).open == []


def test_three_lanes_one_world_and_two_places_make_a_report_too():
    text = report_html(fake_comparison(lanes=3, replicates=1, territories=2), "en")
    assert "A single world was run" in text
    assert len(re.findall(r'id="map-unemployment-\d-figure_1"', text)) == 3


def test_a_case_without_coordinates_indices_or_journal_still_has_a_report():
    comparison = fake_comparison()
    for row in comparison.manifest["context"]["case"]["territories"]:
        row["lon"] = None
    comparison.ensemble.cube[..., SYSTEM.index("cooperation_index")] = np.nan
    comparison.ensemble.cube[..., SYSTEM.index("conifer_ratio")] = np.nan
    comparison = _with_journal(comparison, comparison.journal.iloc[:0])
    comparison.manifest["context"]["rules"].clear()
    comparison.manifest["context"]["assumptions"].clear()
    text = report_html(comparison, "en")
    for sentence in ("no_map", "no_phase", "no_journal", "no_rules"):
        assert PAGE[sentence].en in text
    assert Page(text).open == []


def test_a_report_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path, comparison):
    with pytest.raises(ScenarioError, match="cannot be written"):
        write_report(comparison, tmp_path / "no" / "report.html", "en")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(ScenarioError, match="cannot be written"):
        write_report(comparison, tmp_path / "folder.html", "en")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_a_comparison_writes_its_report_in_the_language_in_force(tmp_path, comparison):
    set_lang("fr")
    comparison.report(tmp_path / "r.html")
    assert '<html lang="fr">' in (tmp_path / "r.html").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


# The answer


def test_the_answer_tells_verdicts_in_three_to_five_sentences(comparison):
    sentences = answers(comparison)
    assert 3 <= len(sentences) <= 5
    assert "does better on 2 outcomes (jobs, land consumed)" in sentences[0]
    assert "does worse on 1 outcome (unemployment)" in sentences[0]
    assert "shows no clear difference on 1 outcome (standing wood)" in sentences[0]
    assert "gives exactly the same on 5 outcomes (river flow, " in sentences[0]
    jobs = sentences[1]
    row = comparison.pair("lane-a", "lane-b").loc["jobs"]
    assert jobs.startswith("Jobs at the workplace: higher by ")
    assert f"{row['mean_difference']:.1f}" in jobs
    assert "under B in 2028" in jobs
    assert "B does better in all 6 worlds" in jobs
    unemployment = next(s for s in sentences if s.startswith("Unemployment"))
    assert "A does better in all 6 worlds" in unemployment


def test_the_answer_says_when_nothing_is_clear():
    sentences = answers(fake_comparison(shift={"jobs": EITHER_WAY}))
    assert "shows no clear difference on 1 outcome (jobs)" in sentences[0]
    assert "does better" not in sentences[0]
    assert "no clear difference; on average, " in sentences[1]
    assert "in 3 worlds out of 6" in sentences[1]


def test_the_answer_says_when_two_sides_are_the_same():
    same = fake_comparison(shift={"population": 0.1})
    sentences = answers(same)
    assert "gives exactly the same outcomes as A" in sentences[0]
    assert len(sentences) == 2
    words = [row["pairs"][0]["words"] for row in indicator_groups(same)[0]["rows"]]
    assert set(words) == {"the same in every world"}
    out = io.StringIO()
    Console(file=out, width=200).print(comparison_table(same))
    assert out.getvalue().replace("\n", " ").count("the same") > len(OUTCOMES)


def test_the_answer_names_no_indicator_that_describes_a_regime():
    regime = {i.name: 0.2 for i in BY_NAME.values() if not i.outcome}
    assert answers(fake_comparison(shift=regime)) == answers(fake_comparison())


def test_more_lanes_are_each_told_against_the_first():
    sentences = answers(fake_comparison(lanes=3, shift={"jobs": 0.1}))
    assert "B (“Coopérer”) compared with A (“Attirer”)" in sentences[0]
    assert "C (“Attendre”) compared with A does" in sentences[1]
    assert len(sentences) == 3


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_can_be_told(language, name):
    set_lang(language)
    told = " ".join(answers(fake_comparison(shift={name: 0.001})))
    assert str(BY_NAME[name].label) in told
    assert "{" not in told


# Journal, map, phase plane


def test_highlights_are_sentences_in_order_of_time(comparison):
    first, second = highlights(comparison, 2)
    assert [line["text"] for line in first["lines"]] == ["Aa – propose a pact: rejected by 12 votes to 13"]
    assert [line["year"] for line in second["lines"]] == [2026, 2027]
    assert second["lines"][1]["text"] == "pact founded by Aa: Aa, Bb"
    assert "1 council votes, 0 of them passed; 1 pacts founded, 0 dissolved" in second["tally"]


def test_the_typical_world_is_one_of_the_worlds_and_no_extreme_one():
    comparison = fake_comparison(replicates=7)
    jobs = SYSTEM.index("jobs")
    for seed, gain in enumerate([5.0, 1.0, 2.0, 3.1, -40.0, 4.0, 60.0]):
        comparison.ensemble.cube[1, seed, ..., jobs] = comparison.ensemble.cube[0, seed, ..., jobs] + gain
    assert typical_world(comparison) == 3


def test_pacts_at_the_horizon_are_links_between_members():
    comparison = fake_comparison(replicates=4)
    assert pact_links(comparison, "lane-a") == {}
    assert pact_links(comparison, "lane-b") == {(0, 1): 1.0}
    end = comparison.journal.iloc[[-1]].assign(seed=3, tick=8, move="dissolved", members="")
    journal = pd.concat([comparison.journal, end], ignore_index=True)
    assert pact_links(_with_journal(comparison, journal), "lane-b") == {(0, 1): 0.75}
    silent = comparison.journal.drop(columns=["pact", "members"])
    assert pact_links(_with_journal(comparison, silent), "lane-b") == {}


def _with_journal(comparison, journal):
    return Comparison(comparison.manifest, replace(comparison.ensemble, journal=journal))


def test_a_circle_has_the_area_of_its_territory(comparison):
    outlined, circle, _ = places(comparison.manifest["context"]["case"])
    assert np.pi * circle.radius**2 == pytest.approx(400.0)  # km², for 40,000 ha
    assert circle.rings == []
    east, north = np.ptp(outlined.rings[0], axis=0)
    assert north == pytest.approx(0.2 * 111.2)
    assert east == pytest.approx(0.2 * 111.2 * np.cos(np.radians(44.1)))


@given(arrays(np.float64, st.tuples(st.integers(1, 12), st.just(2)), elements=st.floats(40, 220)))
def test_labels_of_the_plane_do_not_cover_one_another(anchors):
    labels = spread_labels(anchors)
    assert np.isfinite(labels).all()
    gap = np.hypot(*(labels[:, None] - labels[None]).transpose(2, 0, 1))
    assert gap[~np.eye(len(labels), dtype=bool)].min(initial=np.inf) > 6.0


# Words


@pytest.mark.parametrize(
    ("value", "unit", "en", "fr"),
    [
        (True, "1", "yes", "oui"),
        (None, "", "–", "–"),
        ([], "", "none", "aucun"),
        (["water", "wood"], "", "water, wood", "eau, bois"),
        (2.5, "k€/job", "2.5\u00a0k€/job", "2,5\u00a0k€/emploi"),
        (0.004, "1/quarter", "0.004\u00a0per quarter", "0,004\u00a0par trimestre"),
        (0.25, "share", "0.25", "0,25"),
        (12000, "1", "12,000", "12\u202f000"),
        (
            {"rule": "supermajority", "q": 0.6},
            "",
            "qualified majority, q = 0.6",
            "majorité qualifiée, q = 0,6",
        ),
        ("legal", "seats", "legal seats", "sièges légaux"),
    ],
)
def test_values_of_rules_in_words(value, unit, en, fr):
    assert value_words(value, unit) == en
    set_lang("fr")
    assert value_words(value, unit) == fr


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_letters_of_lanes_have_readable_contrast(page):
    """WCAG 2.1 AA asks for 4.5 to 1 between the white letter and its ground."""
    _, text, _ = page
    grounds = re.findall(r"--lane: (#[0-9a-f]{6}|#000);", text)
    assert len(grounds) == len(LANE_COLOURS)
    for ground in grounds:
        assert 1.05 / (_luminance("#000000" if ground == "#000" else ground) + 0.05) >= 4.5


def test_dated_rules_of_a_territory_are_told_in_words():
    rules = {"code": "T01", "from": 2, "governance": {"payoff": {"subsidy": {"max": 0.0}}}}
    assert value_words(rules) == "code = T01, from = 2, governance = payoff = subsidy = max = 0"
    assert value_words({"rule": "supermajority", "share": 0.6}).startswith("qualified majority, share = ")
