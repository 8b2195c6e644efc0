"""The Donut: twelve floors and nine ceilings; what is computed against its mark, and what is told as not modelled."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from coopsim.i18n import set_lang
from coopsim.indicators import BY_NAME, SYSTEM
from coopsim.report import report_html
from coopsim.report.donut import counted, dimensions, levels
from coopsim.report.donut_figure import draw, marks, not_modelled
from tests.fake_comparison import fake_comparison

BY_KEY = {d.key: d for d in dimensions()}


def values(**changes):
    found = np.zeros(len(SYSTEM))
    for name, value in changes.items():
        found[SYSTEM.index(name)] = value
    return found


def test_twelve_floors_and_nine_ceilings():
    assert [d.side for d in dimensions()] == ["floor"] * 12 + ["ceiling"] * 9
    assert len(BY_KEY) == 21


@pytest.mark.parametrize("dimension", dimensions(), ids=lambda d: d.key)
def test_each_is_computed_from_an_indicator_or_says_why_not(dimension):
    assert dimension.label.fr
    assert dimension.label.en
    if dimension.modelled:
        assert dimension.indicator in BY_NAME
        assert dimension.mark > 0.0
        assert dimension.source
        assert dimension.grade in ("measured", "literature", "assumption")
        assert not dimension.why.fr
    else:
        assert dimension.why.fr
        assert dimension.why.en
        assert math.isnan(dimension.level(1.0))


def test_levels_are_values_over_marks():
    found = dict(
        zip(
            BY_KEY,
            levels(
                values(unmet_drinking_share=0.25, unemployment=0.07, low_flow_caused_share=0.3, land_pace=0.5)
            ),
            strict=True,
        )
    )
    assert found["water"] == pytest.approx(0.75)
    assert found["work"] == pytest.approx(1.0)
    assert found["freshwater"] == pytest.approx(1.5)
    assert found["land"] == pytest.approx(1.0)
    assert math.isnan(found["climate"])
    assert BY_KEY["work"].kept(0.07)
    assert not BY_KEY["work"].kept(0.08)
    assert BY_KEY["land"].kept(0.5)
    assert not BY_KEY["land"].kept(0.51)


def test_counts_tell_kept_from_computed_from_all():
    found = levels(values(unmet_drinking_share=0.25, low_flow_caused_share=0.3, participation_level=2.0))
    # water falls short; work, equity (nobody unemployed, no inequality) and voice are met; freshwater passed, land kept
    assert counted(found.tolist()) == {"floor": (3, 4, 12), "ceiling": (1, 2, 9)}


def test_an_indicator_without_a_value_counts_as_not_computed():
    found = levels(values(low_flow_caused_share=np.nan))
    assert counted(found.tolist())["ceiling"] == (1, 1, 9)


def test_the_picture_tells_every_dimension_in_words_and_ranks_nobody():
    set_lang("fr")
    svg = draw(levels(values(unmet_drinking_share=0.25)), "essai", 2035, "d")
    tree = ET.fromstring(svg)
    told = tree.attrib["aria-label"]
    for d in dimensions():
        assert d.label.fr in told
    assert told.count("non modélisé") == len(not_modelled()) == 15
    assert "Eau : 75\u202f%" in told
    assert len(marks()) == 6


def test_the_report_shows_a_donut_for_each_lane():
    page = report_html(fake_comparison(lanes=2), "fr")
    assert page.count('id="donut-0-') > 0
    assert page.count('id="donut-1-') > 0
    assert 'section id="donut"' in page
    assert "les émissions ne sont pas comptées" in page
