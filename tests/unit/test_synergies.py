"""Exchanges of by-products: who is brought together, how far, on what trust; what ends them and what they save."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import synergies, synergy_kernels
from coopsim.economy.synergies import Exchanges, SynergyParams
from coopsim.model import CoopModel
from coopsim.rng import birth_ids, entity_ids
from coopsim.scenario import load_scenario, section_defaults
from coopsim.tables import CompanyTable
from tests.system.parts import sectors

P = replace(
    SynergyParams(**section_defaults("economy.synergies")),
    contacts_per_yr=50.0,
    min_jobs=0.0,
    ends_per_yr=0.0,
)
PLACES = entity_ids("territory", ("A", "B", "C"))
MINUTES = np.array([[0.0, 20.0, 90.0], [20.0, 0.0, 90.0], [90.0, 90.0, 0.0]])
# sector 0 gives what 1 wants; 2 gives and wants the same; 3 neither
KINDS = sectors(offered=[0, -1, 1, -1], wanted=[-1, 0, 1, -1])


def companies(n=240, seed=0):
    r = np.random.default_rng(seed)
    t = CompanyTable.empty(n)
    t.add(id=birth_ids(np.uint64(5), -1, np.arange(n)), territory=r.integers(0, 3, n), sector=r.integers(0, 4, n),
          jobs=r.uniform(1, 30, n))  # fmt: skip
    return t


def seek(c, level=(1.0, 1.0, 1.0), trust=1.0, p=P, seed=0, tick=1):
    matrix = np.full((3, 3), trust)
    np.fill_diagonal(matrix, 0.0)
    return synergies.seek(p, c, KINDS, PLACES, MINUTES, matrix, np.array(level), seed, tick)


def check_pairs(c):
    rows = np.flatnonzero(c.partner > 0)
    other = c.partner[rows] - 1
    assert_array_equal(c.partner[other] - 1, rows)
    assert (other != rows).all()
    fits = (KINDS.offered[c.sector[rows]] == KINDS.wanted[c.sector[other]]) & (
        KINDS.offered[c.sector[rows]] >= 0
    )
    back = (KINDS.offered[c.sector[other]] == KINDS.wanted[c.sector[rows]]) & (
        KINDS.wanted[c.sector[rows]] >= 0
    )
    assert (fits | back).all()
    assert (MINUTES[c.territory[rows], c.territory[other]] <= P.radius_minutes).all()
    return rows, other


class TestMatching:
    @pytest.mark.parametrize("seed", range(5))
    def test_pairs_are_mutual_near_and_of_one_by_product(self, seed):
        c = companies(seed=seed)
        made = seek(c, seed=seed)
        rows, other = check_pairs(c)
        assert rows.size == 2 * made > 40
        assert (c.territory[rows] != c.territory[other]).any()

    def test_without_trust_nobody_crosses_a_border(self):
        c = companies()
        assert seek(c, trust=0.0) > 0
        rows, other = check_pairs(c)
        assert_array_equal(c.territory[rows], c.territory[other])

    def test_trust_makes_more(self):
        few, many = (seek(companies(), trust=trust, level=(0.0, 1.0, 0.0)) for trust in (0.0, 1.0))
        assert many >= few

    def test_an_animator_has_so_many_contacts(self):
        c = companies()
        made = seek(c, level=(0.3, 0.0, 0.0), p=replace(P, contacts_per_yr=10.0))
        assert 0 < made <= 4
        givers = np.flatnonzero((c.partner > 0) & (c.territory == 0))
        assert givers.size

    def test_no_animator_no_exchange(self):
        assert seek(companies(), level=(0.0, 0.0, 0.0)) == 0

    def test_small_ones_are_left_out(self):
        c = companies()
        seek(c, p=replace(P, min_jobs=10.0))
        assert c.jobs[c.partner > 0].min() >= 10.0

    def test_the_order_of_rows_changes_nothing(self):
        a, b = companies(), companies()
        order = np.random.default_rng(1).permutation(a.used)
        for name in ("id", "territory", "sector", "jobs"):
            getattr(b, name)[: b.used] = getattr(a, name)[order]
        seek(a)
        seek(b)
        pairs = [
            {frozenset((int(c.id[f]), int(c.id[c.partner[f] - 1]))) for f in np.flatnonzero(c.partner > 0)}
            for c in (a, b)
        ]
        assert pairs[0] == pairs[1]


def end(c, p=P, tick=5):
    ended = np.zeros(3)
    left = synergy_kernels.end_exchanges(
        np.uint64(tick),
        p.ends_per_yr,
        p.radius_minutes,
        MINUTES,
        c.id,
        c.territory,
        c.alive,
        c.partner,
        ended,
    )
    return left, ended


class TestEnding:
    def test_when_one_side_closes_the_other_is_free(self):
        c = companies()
        made = seek(c)
        rows, other = check_pairs(c)
        gone = rows[0]
        c.remove(np.array([gone]))
        left, ended = end(c)
        assert left == made - 1
        assert ended.sum() == 1 == ended[c.territory[other[0]]]
        assert c.partner[other[0]] == 0

    def test_a_row_used_again_is_not_the_old_partner(self):
        c = companies()
        seek(c)
        rows, other = check_pairs(c)
        c.remove(rows[:1])
        assert_array_equal(c.add(id=np.array([77], dtype=np.uint64), jobs=np.ones(1)), rows[:1])
        end(c)
        assert c.partner[rows[0]] == c.partner[other[0]] == 0

    def test_when_one_moves_out_of_reach(self):
        c = companies()
        seek(c)
        rows, other = check_pairs(c)
        near = np.flatnonzero(c.territory[rows] != 2)[0]
        c.territory[rows[near]] = 2
        end(c)
        assert c.partner[rows[near]] == c.partner[other[near]] == 0

    def test_by_chance(self):
        c = companies()
        made = seek(c)
        left, ended = end(c, replace(P, ends_per_yr=0.5))
        assert 0 < left < made
        assert ended.sum() == made - left
        assert_array_equal(c.partner[c.partner[c.partner > 0] - 1] > 0, np.ones((c.partner > 0).sum(), bool))


def test_tally_counts_givers_takers_and_posts():
    c = companies()
    made = seek(c)
    x = Exchanges.none(3, 4)
    synergies.tally(c, KINDS, x)
    rows, _ = check_pairs(c)
    assert x.count.sum() == made
    assert_allclose(x.linked.sum(), c.jobs[rows].sum())
    assert (x.taking <= x.linked + 1e-12).all()
    assert x.taking[:, 0].sum() == 0.0  # the first sector only gives
    assert_allclose(x.taking[:, 1].sum(), c.jobs[rows[c.sector[rows] == 1]].sum())
    # among companies that could both take, one of the two does
    assert 0.0 < x.taking[:, 2].sum() < x.linked[:, 2].sum()
    assert (x.share(np.full((3, 4), 1e9)) < 1e-3).all()
    assert x.share(np.full((3, 4), 1e-3)).max() == 1.0


def test_exchanges_save_water_and_wood_in_the_engine():
    """The scenario of exchanges against the same world with an animation that brings nobody together."""
    ends = {}
    for contacts in (0.0, 20.0):
        spec = load_scenario("eit-animation", {"economy.synergies.contacts_per_yr": contacts})
        model = CoopModel(spec, 0, views=False)
        for _ in range(10):
            model.step()
        w = model.world
        ends[contacts] = w.exchanged("water"), w.exchanged("wood"), w.exchanges.count.sum()
        model.release()
    assert ends[0.0] == (0.0, 0.0, 0.0)
    water, wood, count = ends[20.0]
    assert count > 20
    assert 0.0 < water.max() <= 0.1
    assert 0.0 < wood.max() <= 0.2
