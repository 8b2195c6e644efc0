"""The same luck for every lane: one company, one vote or one commune more leaves everybody else's draws alone."""

import csv

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim.society.elections import elect, founding_tick, territory_voter_position
from coopsim.world import founded
from tests.case_files import write_case
from tests.system.parts import small

# Companies feel each other only through their draws: no people, land, taxes, resources or agglomeration between.
ALONE = {
    **{
        f"submodels.{name}": False
        for name in ("people", "land", "finance", "councils", "wood", "water", "ties")
    },
    "economy.siting.gamma_agglomeration": 0.0,
    "economy.companies.labour_sensitivity": 0.0,
    "resources.land.price_elasticity": 0.0,
    "economy.transition.peers_per_yr": 0.0,
    "economy.siting.projects_per_yr": 400.0,
    "economy.siting.reconsider_per_quarter": 0.02,
}


def lived(spec, seed=0, ticks=12):
    model = CoopModel(spec, seed, views=False)
    for _ in range(ticks):
        model.step()
    model.release()
    return model.world


def by_id(world, column):
    c, rows = world.companies, world.companies.rows()
    order = np.argsort(c.id[rows])
    return c.id[rows][order], getattr(c, column)[rows][order]


def test_one_company_more():
    """Twelve quarters later all others are where they were, as large, as rich, at the same stage."""
    fewer = lived(small(ALONE, companies=[120, 200, 60]))
    more = lived(small(ALONE, companies=[120, 201, 60]))
    ids, _ = by_id(fewer, "jobs")
    everybody, _ = by_id(more, "jobs")
    extra = np.setdiff1d(everybody, ids)
    assert np.isin(ids, everybody).all()
    assert extra.size <= 1  # it may have closed since
    kept = np.isin(everybody, ids)
    for column in ("jobs", "cash", "stage", "productivity", "owned", "birth", "territory", "sector"):
        assert_array_equal(by_id(fewer, column)[1], by_id(more, column)[1][kept], err_msg=column)
    assert ids.size > 380  # entrants and projects came, the same ones


def test_one_territory_more():
    """Births and projects of the others are the same ones, with the same traits."""
    still = ALONE | {
        "economy.siting.project_stream": "per_territory",
        "economy.siting.reconsider_per_quarter": 0.0,
        "economy.siting.outside_option": False,  # its utility is calibrated on the whole case
    }
    three = lived(small(still))
    four = lived(
        small(
            still, territories=4, population=[12000.0, 20000.0, 8000.0, 5000.0], companies=[120, 200, 60, 30],
            vacant_ha=[10.0, 4.0, 6.0, 1.0],
        )
    )  # fmt: skip
    ids, jobs = by_id(three, "jobs")
    everybody, all_jobs = by_id(four, "jobs")
    elsewhere = by_id(four, "territory")[1] != 3
    assert_array_equal(ids, everybody[elsewhere])
    assert_array_equal(jobs, all_jobs[elsewhere])
    assert ids.size > 600
    assert elsewhere.mean() < 0.99


def test_one_vote_more():
    """A subject added to the agenda changes neither what is drafted beside it nor a single vote on the rest."""
    everything = {"governance.choice.proposals_per_year": 20}
    with_it = simulate(small(everything), seed=3, years=1).journal
    without = simulate(
        small(everything | {"governance.choice.moves.eit_animation.allowed": False}), seed=3, years=1
    )
    columns = ["tick", "body", "move", "votes_for", "votes_against", "outcome"]
    votes = with_it[(with_it["kind"] == "vote") & (with_it["tick"] == 0)]
    assert (votes["move"] == "eit_animation").any()
    rest = votes[votes["move"] != "eit_animation"][columns].reset_index(drop=True)
    left = without.journal
    left = left[(left["kind"] == "vote") & (left["tick"] == 0)][columns].reset_index(drop=True)
    assert len(rest) > 10
    assert rest.equals(left)


@pytest.fixture
def communes(tmp_path):
    """The small written case, and the same with one village more in its first territory."""
    folders = write_case(tmp_path / "two"), write_case(tmp_path / "three")
    path = folders[1] / "communes.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    village = list(rows[1])
    village[0], village[1] = "C0", "Hameau"
    for column, value in (("population", "60"), ("dwellings", "40"), ("vacant_dwellings", "5"), ("jobs", "5"),
                          ("area_ha", "5"), ("forest_ha", "0"), ("seats", "1")):  # fmt: skip
        village[rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([rows[0], village, *rows[1:]])
    return [load_scenario({"schema": 1, "name": "communes", "case": {"name": str(f)}}) for f in folders]


def test_one_commune_more(communes):
    """Elections elsewhere, and in the other communes of the same territory, give the same seats to the same people."""
    councils = []
    for spec in communes:
        world = founded(spec, 5)
        p, e = world.params.elections, world.electorate
        place = territory_voter_position(e.commune, world.places.id[e.territory], p, 5)
        assert_array_equal(place, e.voters)
        councils.append((e, elect(e, world.law, p, 5, founding_tick(2026, p))))
    (e, few), (extended, many) = councils
    assert extended.commune.size == e.commune.size + 1
    village = np.setdiff1d(extended.commune, e.commune)
    others = np.flatnonzero(extended.commune != village)
    assert_array_equal(extended.commune[others], e.commune)
    assert_array_equal(extended.voters[others], e.voters)
    assert_array_equal(many.votes[others], few.votes)
    assert_array_equal(many.municipal[others], few.municipal)
    assert_array_equal(many.winner[others], few.winner)
    seat = ~np.isin(many.commune, np.flatnonzero(extended.commune == village))
    assert_array_equal(many.seat_id[seat], few.seat_id)
    assert_array_equal(many.ideal[seat], few.ideal)


def test_rules_do_not_touch_luck():
    """Climate, births and projects are the same in two lanes that share a seed and nothing else."""
    a = CoopModel(load_scenario("figeac-attractiveness"), 4, views=False)
    b = CoopModel(load_scenario("figeac-cooperation"), 4, views=False)
    c = CoopModel(load_scenario("figeac-cooperation"), 5, views=False)
    assert_array_equal(a.world.climate.factor, b.world.climate.factor)
    assert (b.world.climate.factor != c.world.climate.factor).any()
    assert_array_equal(a.world.companies.productivity, b.world.companies.productivity)
    assert_array_equal(a.world.outside, b.world.outside)
    for model in (a, b):
        for _ in range(8):
            model.step()
        model.release()
    c.release()
    births = [by_id(m.world, "birth")[0][by_id(m.world, "birth")[1] >= 0] for m in (a, b)]
    shared = np.intersect1d(*births).size
    assert shared / max(x.size for x in births) > 0.8


def test_an_id_is_where_and_when_it_was_born():
    world = lived(small(ALONE))
    ids, birth = by_id(world, "birth")
    _, external = by_id(world, "external")
    assert np.unique(ids).size == ids.size
    assert (birth[external] >= 0).all()
    again, _ = by_id(lived(small(ALONE)), "birth")
    assert_array_equal(ids, again)
