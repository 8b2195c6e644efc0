"""The table of indicators: complete, bilingual, and summed over territories as it says."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coopsim.indicators import BY_NAME, INDICATORS, OUTCOMES, SYSTEM, TERRITORY
from coopsim.metrics import gini
from coopsim.model import CoopModel
from coopsim.schedule.record import observe, system_table
from tests.system.parts import small


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.name)
def test_each_is_described(indicator):
    assert indicator.label.fr
    assert indicator.label.en
    assert indicator.unit
    assert indicator.formula
    assert indicator.direction in (-1, 0, 1)
    assert indicator.name == indicator.name.lower()


def test_names_are_unique_and_the_lists_agree():
    names = [i.name for i in INDICATORS]
    assert len(set(names)) == len(names) == len(BY_NAME)
    assert list(SYSTEM) == names
    assert set(TERRITORY) < set(SYSTEM)


def test_no_verdict_on_an_index_or_on_a_regime():
    """Outcomes have a direction; what a preset sets (tax, subsidy, pacts, moves, the two axes) is no outcome."""
    assert all(BY_NAME[name].direction != 0 for name in OUTCOMES)
    described = {"attractiveness_index", "cooperation_index", "pact_coverage", "pacts", "subsidy_keur_per_job",
                 "tax_rate_pct", "attractiveness_moves", "trust", "rivalry", "knowledge", "promises_kept"}  # fmt: skip
    assert described <= set(BY_NAME)
    assert not described & set(OUTCOMES)


@pytest.fixture(scope="module")
def seen():
    model = CoopModel(small(), seed=1, views=False)
    for _ in range(6):
        model.step()
    model.release()
    table, only = observe(model.world)
    system = system_table(table[None], only[None])[0]
    return (
        {n: table[:, j] for j, n in enumerate(TERRITORY)},
        dict(zip(SYSTEM, system, strict=True)),
        model.world,
    )


@pytest.mark.parametrize(
    "indicator", [i for i in INDICATORS if i.aggregate != "system"], ids=lambda i: i.name
)
def test_the_system_is_the_territories_put_together(seen, indicator):
    territories, system, _ = seen
    x = territories[indicator.name]
    weights = {"mean": np.ones_like(x), "population": territories["population"], "jobs": territories["jobs"]}
    if indicator.aggregate == "sum":
        expected = x.sum()
    elif indicator.aggregate == "max":
        expected = x.max()
    else:
        w = weights[indicator.aggregate]
        expected = (x * w).sum() / w.sum()
    assert_allclose(system[indicator.name], expected, rtol=1e-9)


def test_shares_and_stocks_have_their_range(seen):
    territories, system, _ = seen
    for values in (territories, {k: np.array([v]) for k, v in system.items()}):
        for name, x in values.items():
            assert np.isfinite(x).all(), name
            if BY_NAME[name].unit in ("share", "0-1"):
                assert ((x >= 0) & (x <= 1 + 1e-9)).all(), (name, x)


def test_a_few_by_their_definition(seen):
    territories, system, world = seen
    crowd = world.people
    assert_allclose(territories["population"], crowd.population)
    assert_allclose(territories["unemployment"], crowd.seekers / crowd.active)
    assert_allclose(territories["standing_wood_m3"].sum(), world.wood.volume.sum())
    assert_allclose(territories["naf_consumed_ha"], world.land.consumed.sum(axis=1))
    assert system["jobs_gini"] == pytest.approx(gini(territories["jobs"] / territories["population"]))
    assert system["companies"] == world.companies.alive.sum()
