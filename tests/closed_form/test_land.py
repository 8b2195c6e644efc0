"""Land against algebra: limit case L12 (conversion only), price, brownfield at rest, the law's envelope."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from coopsim.governance import LAND, LandContext
from coopsim.resources import land
from coopsim.resources.land import Use
from coopsim.scenario.parameters import section_defaults

PARAMS = land.LandParams(**section_defaults("resources.land"))


def table(area, **uses):
    none = dict.fromkeys(
        ("protected", "housing", "other", "occupied", "vacant", "brownfield"), np.zeros_like(area)
    )
    return land.land_table(area, **(none | uses))


def open_without_end(area, cap, lag, ticks, rule="cap"):
    """Ask for all the land there is at every tick; return the land table after each tick and what was consumed."""
    uses, ring = table(area), land.start_pipeline(area.size, lag)
    consumed, tables = np.zeros_like(area), []
    for tick in range(ticks):
        uses, ring, _ = land.mature(uses, ring, tick)
        asked = np.stack([uses[:, Use.NAF], np.zeros_like(area), np.zeros_like(area)], axis=1)
        opening = LAND.build(rule).opening(LandContext(
            asked, uses[:, Use.NAF], uses[:, Use.BROWNFIELD], cap, consumed,
            np.zeros(area.size, dtype=int), np.zeros(area.size, dtype=bool),
        ))  # fmt: skip
        uses, ring, moved = land.develop(uses, ring, tick, Use.NAF, opening.naf[:, 0])
        consumed = consumed + moved
        tables.append(uses)
    return tables, consumed


@given(
    area=st.floats(1.0, 1e6), part=st.floats(0.0, 2.0), lag=st.integers(1, 20), ticks=st.integers(1, 60),
    rule=st.sampled_from(["cap", "shared_reserve"]),
)  # fmt: skip
def test_conversion_only(area, part, lag, ticks, rule):
    """L12: uses sum to the area at every tick, the cap is never exceeded and wholly consumed by unbounded demand."""
    area = np.array([area, 2 * area])
    cap = part * area
    tables, consumed = open_without_end(area, cap, lag, ticks, rule)
    for uses in tables:
        np.testing.assert_allclose(uses.sum(axis=1), area, rtol=1e-12)
        assert uses.min() >= 0
    assert np.all(consumed <= cap * (1 + 1e-12))
    np.testing.assert_allclose(consumed, np.minimum(cap, area), rtol=1e-12)
    naf = [uses[:, Use.NAF] for uses in tables]
    assert all(np.all(b <= a) for a, b in pairwise(naf))  # conversion is monotone


@given(lag=st.integers(1, 20), start=st.integers(0, 100))
def test_land_is_on_the_market_exactly_after_the_lag(lag, start):
    uses, ring = table(np.array([100.0])), land.start_pipeline(1, lag)
    for tick in range(start, start + lag + 1):
        uses, ring, ready = land.mature(uses, ring, tick)
        assert ready[0] == (7.0 if tick == start + lag else 0.0)
        if tick == start:
            uses, ring, _ = land.develop(uses, ring, tick, Use.NAF, np.array([7.0]))
        assert uses[0, Use.PIPELINE] == pytest.approx(ring.sum())
    assert uses[0, Use.VACANT] == 7.0


@pytest.mark.parametrize(
    ("occupied", "vacant", "ratio"),
    [
        (95.0, 5.0, 1.0),
        (0.0, 0.0, 1.0),  # no market: the reference price
        (90.0, 10.0, 0.5**0.3),
        (100.0, 0.0, (0.05 / 0.003) ** 0.3),  # scarcity stops raising the price below 0.3 %
        (0.0, 100.0, (0.05 / 1.0) ** 0.3),
    ],
)
def test_price_of_land(occupied, vacant, ratio):
    uses = table(np.array([1000.0]), occupied=np.array([occupied]), vacant=np.array([vacant]))
    params = replace(PARAMS, price_vacancy=0.05, price_elasticity=0.3, price_vacancy_least=0.003)
    assert land.land_price(uses, params)[0] == pytest.approx(PARAMS.price_reference * ratio)
    steep = replace(params, price_elasticity=5.0)
    expected = PARAMS.price_reference * np.clip(ratio ** (5 / 0.3), 0.3, 3.0)
    assert land.land_price(uses, steep)[0] == pytest.approx(expected)


@given(
    ratio=st.floats(0.1, 10.0),
    elasticity=st.one_of(st.floats(0.0, 2.0), st.sampled_from([0.0, 1.0, 1.0 - 1e-10])),
)
def test_land_per_job_is_the_slope_of_the_cost_of_a_site(ratio, elasticity):
    """Shephard's lemma, by quadrature: the cost is that at the reference price plus land used over the rise."""
    params = replace(PARAMS, density_elasticity=elasticity)
    area, _ = quad(lambda x: land.density(np.array([x]), params)[0], 1.0, ratio, epsabs=1e-12, epsrel=1e-12)
    cost = land.cost_ratio(np.array([ratio]), params)[0]
    assert cost == pytest.approx(1.0 + area, rel=1e-9)
    assert land.density(np.array([1.0]), params)[0] == 1.0
    # who may use less land never pays more than who may not
    assert cost <= ratio * (1 + 1e-12) if ratio >= 1.0 else cost <= 1.0


@settings(max_examples=10)
@given(
    leave=st.floats(0.001, 0.1),
    resold=st.floats(0.0, 1.0),
    back=st.floats(0.05, 0.5),
    owned=st.floats(0.0, 1.0),
)
def test_brownfield_settles_where_what_is_abandoned_returns(leave, resold, back, owned):
    """At rest, abandoned land equals returned land: ``leave·owned·(1 - resold)·occupied = back/4·brownfield``."""
    uses = table(np.array([1000.0]), occupied=np.array([100.0]))
    for _ in range(int(4 * 25 / back)):
        gone = leave * uses[:, Use.OCCUPIED]
        uses, abandoned = land.vacate(uses, (1 - owned) * gone, owned * gone, resold)
        uses, returned = land.return_brownfield(uses, back)
        uses, _ = land.convert(uses, Use.VACANT, Use.OCCUPIED, gone)  # successors take what is free
        uses, _ = land.convert(uses, Use.VACANT, Use.OCCUPIED, np.array([np.inf]))
    # Return is counted after this tick's inflow, so both flows are of the same tick.
    assert returned[0] == pytest.approx(abandoned[0], rel=1e-6, abs=1e-9)
    stock = leave * owned * (1 - resold) * uses[0, Use.OCCUPIED] * 4 / back
    assert uses[0, Use.BROWNFIELD] + returned[0] == pytest.approx(stock, rel=2e-1 * leave + 1e-6, abs=1e-6)


def test_the_law_halves_the_reference_and_guarantees_a_hectare():
    """Two communes of one territory, one of another: 2.5 and 1 (guaranteed) against 10."""
    reference, owner = np.array([5.0, 0.4, 20.0]), np.array([0, 0, 1])
    share = np.array([0.5, 0.5])
    apart = land.envelope(reference, owner, 2, share, 0, PARAMS)
    np.testing.assert_allclose(apart, [2.5 + 1.0, 10.0])
    pooled = land.envelope(reference, owner, 2, share, 0, PARAMS, pooled=True)
    np.testing.assert_allclose(pooled, [2.7, 10.0])  # 2.5 + 0.2 already exceeds the two hectares guaranteed
    later = land.envelope(reference, owner, 2, share, 2, PARAMS)
    np.testing.assert_allclose(later, np.array([2.7, 10.0]) * 0.25)


@pytest.mark.parametrize(("year", "period"), [(2020, -1), (2021, 0), (2030, 0), (2031, 1), (2050, 2)])
def test_periods_of_the_law(year, period):
    assert land.period_of(year, PARAMS) == period
