"""Keyed draws: what they are to the bit, that they look like chance, and that they depend on nothing else.

Statistical checks use fixed keys, so they cannot fail by luck; the thresholds say how rare the value would be.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from coopsim import _numba_cache, rng
from coopsim.economy.quantile import normal_quantile
from coopsim.rng import (
    Purpose,
    birth_ids,
    entity_id,
    entity_ids,
    normal,
    pair_ids,
    stream_key,
    text_id,
    uniform,
)
from tests.system import company_reference as plain

MANY = 200_000
RARE = 1e-4  # a p-value below this in a fixed sample means a structure, not luck
words = st.integers(0, 2**64 - 1)
# Golden values: computed once, checked against the plain arithmetic above; nothing may move them.
GOLDEN = {
    "key": 2405072457677287796,
    "key with index": 12202263327938068735,
    "text": 10849924353522420393,
    "entity": 17398232071893040553,
    "pair": 8569181482996294210,
    "draws": ["0x1.5672dedc0da6fp-1", "0x1.3feee2fbe7695p-1", "0x1.2de6428f6c770p-5"],
}
PURPOSES = {
    "CLIMATE_YEAR": 1,
    "CLIMATE_DEKAD": 2,
    "GROWTH": 3,
    "EXIT": 4,
    "ENTRY_COUNT": 5,
    "ENTRY_SECTOR": 6,
    "ENTRY_SIZE": 7,
    "ENTRY_PRODUCTIVITY": 8,
    "PROJECT_COUNT": 9,
    "PROJECT_SECTOR": 10,
    "PROJECT_SIZE": 11,
    "PROJECT_TASTE": 12,
    "PROJECT_VISIBLE": 13,
    "MOVE": 14,
    "MOVE_TASTE": 15,
    "TRANSITION": 16,
    "TENURE": 17,
    "VOTE": 18,
    "PROPOSAL_ERROR": 19,
    "IDEAL_POINT": 20,
    "ELECTION": 21,
    "PACT_INVITE": 22,
    "PROMISE": 23,
    "DETECTION": 24,
    "SHOCK": 25,
    "MARKET": 26,
    "FOUNDING": 27,
    "WOOD_EVENT": 28,
    "EXTERNAL_DEMAND": 29,
    "BODY_VOTE": 30,
    "SCREENING": 31,
    "CONTEXT": 32,
}


class TestBits:
    """The integers are those of the published mixer, on every platform and for ever."""

    def test_the_mixer_is_splitmix64(self):
        """First outputs of splitmix64 seeded with 1234567, as in the public test vectors."""
        golden = [rng.mix64(np.uint64((1234567 + (n + 1) * plain.GOLDEN) % 2**64)) for n in range(5)]
        assert [int(z) for z in golden] == [
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        ]  # fmt: skip

    def test_keys_and_ids_are_stable(self):
        assert int(stream_key(0, Purpose.GROWTH, 0)) == GOLDEN["key"]
        assert int(stream_key(7, Purpose.VOTE, 119, 3)) == GOLDEN["key with index"]
        assert int(text_id("200067361")) == GOLDEN["text"]
        assert int(entity_id("company", "200067361", -1, 12)) == GOLDEN["entity"]
        assert int(pair_ids(np.uint64(1), np.uint64(2))) == GOLDEN["pair"]

    def test_draws_are_stable(self):
        u = uniform(3, Purpose.EXIT, np.arange(3), 40)
        assert [x.hex() for x in u] == GOLDEN["draws"]

    def test_purposes_keep_their_numbers(self):
        """A purpose that changes its number changes every published result."""
        named = {p.name: p.value for p in Purpose}
        assert len(set(named.values())) == len(named)
        assert {name: named[name] for name in PURPOSES} == PURPOSES

    @given(
        st.integers(-(2**63), 2**63 - 1),
        st.integers(0, 200),
        st.integers(-1, 2000),
        st.integers(0, 50),
        words,
    )
    def test_equal_to_the_plain_arithmetic(self, seed, purpose, tick, index, entity):
        key = plain.stream_key(seed, purpose, tick, index)
        assert int(stream_key(seed, purpose, tick, index)) == key
        assert rng._uniform(np.uint64(key), np.uint64(entity)) == plain.uniform(key, entity)

    @given(words, words)
    def test_pairs_are_equal_to_the_plain_arithmetic(self, a, b):
        assert int(pair_ids(np.uint64(a), np.uint64(b))) == plain.pair(a, b)
        assert int(rng.combine(np.uint64(a), np.uint64(b))) == plain.pair(a, b)


def unmixed(z: int) -> int:
    """The word that the mixer sends to ``z``."""
    for shift, factor in ((31, plain.M2), (27, plain.M1), (30, 1)):
        x = z
        for _ in range(64 // shift + 1):
            x = z ^ (x >> shift)
        z = x * pow(factor, -1, 2**64) % 2**64
    return z


class TestInterval:
    @pytest.mark.parametrize("word", [0, 1, 2**63, 2**64 - 1, 2**64 - 2**11])
    def test_open_at_both_ends(self, word):
        """The extreme words give draws strictly inside (0, 1), so that quantiles and logarithms are finite."""
        entity = unmixed(word)
        assert plain.mix(entity) == word
        u = float(rng._uniform(np.uint64(0), np.uint64(entity)))
        assert 0.0 < u < 1.0
        assert np.isfinite([normal_quantile(u), -np.log(-np.log(u)), np.log(u)]).all()

    def test_draws_differ(self):
        assert np.unique(uniform(0, Purpose.GROWTH, np.arange(MANY), 0)).size == MANY


# What addresses differ by: consecutive integers, hashed births, codes of communes.
IDS = {
    "rows": np.arange(MANY, dtype=np.uint64),
    "births": birth_ids(pair_ids(text_id("company"), text_id("T01")), 17, np.arange(MANY)),
    "places": pair_ids(np.repeat(np.arange(500), 400), np.tile(np.arange(400), 500)),
}


def p_uniform(u: np.ndarray, bins: int = 1000) -> float:
    return float(stats.chisquare(np.bincount((u * bins).astype(int), minlength=bins)).pvalue)


def p_independent(u: np.ndarray, v: np.ndarray, bins: int = 24) -> float:
    cells = (u * bins).astype(int) * bins + (v * bins).astype(int)
    return float(stats.chisquare(np.bincount(cells, minlength=bins * bins)).pvalue)


class TestChance:
    @pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
    @pytest.mark.parametrize("purpose", [Purpose.GROWTH, Purpose.EXIT, Purpose.VOTE, Purpose.PROJECT_TASTE])
    def test_uniform(self, ids, purpose):
        for seed, tick in ((0, 0), (1, 119)):
            u = uniform(seed, purpose, ids, tick)
            assert RARE < p_uniform(u) < 1 - RARE
            assert stats.kstest(u, "uniform").pvalue > RARE
            assert p_uniform((u * 2**20) % 1.0) > RARE  # low bits too

    @pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
    def test_addresses_that_differ_by_one_are_unrelated(self, ids):
        u = uniform(0, Purpose.GROWTH, ids, 4)
        others = {
            "seed": uniform(1, Purpose.GROWTH, ids, 4),
            "purpose": uniform(0, Purpose.EXIT, ids, 4),
            "tick": uniform(0, Purpose.GROWTH, ids, 5),
            "index": uniform(0, Purpose.GROWTH, ids, 4, 1),
            "entity": np.roll(u, 1),
            # what adding seeds, ticks or ids together inside the hash would confuse
            "seed + 1, tick - 1": uniform(1, Purpose.GROWTH, ids, 3),
            "seed + 1, purpose - 1": uniform(1, Purpose.CLIMATE_DEKAD, ids, 4),
            "tick + 1, index - 1": uniform(0, Purpose.GROWTH, ids, 3, 1),
            "tick + 1, id - 1": np.roll(uniform(0, Purpose.GROWTH, ids, 5), 1),
        }
        for name, v in others.items():
            assert abs(np.corrcoef(u, v)[0, 1]) < 4 / np.sqrt(MANY), name
            assert p_independent(u, v) > RARE, name

    def test_seeds_of_replicates_are_unrelated(self):
        """Draws of one entity over many seeds are as uniform as those of many entities on one seed."""
        for purpose in (Purpose.CLIMATE_YEAR, Purpose.ELECTION):
            u = np.array([plain.uniform(plain.stream_key(s, purpose, 3), 99) for s in range(20_000)])
            assert p_uniform(u, 100) > RARE
            assert p_independent(u[:-1], u[1:], 10) > RARE

    def test_seed_zero_is_a_seed(self):
        zero, one = (uniform(seed, Purpose.GROWTH, IDS["births"], 0) for seed in (0, 1))
        assert (zero != one).all()
        assert_array_equal(zero, uniform(0, Purpose.GROWTH, IDS["births"], 0))
        assert_array_equal(uniform(-1, Purpose.GROWTH, 5, 0), uniform(-1, Purpose.GROWTH, 5, 0))

    def test_normal(self):
        z = normal(0, Purpose.GROWTH, IDS["births"], 0)
        assert stats.kstest(z, "norm").pvalue > RARE
        u = uniform(0, Purpose.GROWTH, IDS["births"], 0)
        assert_array_equal(np.argsort(z, kind="stable"), np.argsort(u, kind="stable"))


@given(st.floats(1e-16, 1 - 1e-16))
def test_the_kernels_quantile_is_the_normal_one(u):
    """AS 241 gives the quantile to about 1e-16 relative (Wichura 1988)."""
    assert_allclose(normal_quantile(u), stats.norm.ppf(u), rtol=1e-12, atol=1e-15)


class TestIds:
    def test_no_two_births_share_an_id(self):
        ids = [
            birth_ids(pair_ids(text_id(kind), text_id(origin)), tick, np.arange(300))
            for kind in ("company", "project", "pact")
            for origin in ("world", "T01", "T10", "200067361")
            for tick in (-1, 0, 1, 119)
        ]
        assert np.unique(np.concatenate(ids)).size == 3 * 4 * 4 * 300

    def test_codes_have_their_own_ids(self):
        codes = (
            [f"{n:05d}" for n in range(40_000)] + [f"T{n:02d}" for n in range(100)] + ["", "world", "outside"]
        )
        assert len({int(text_id(code)) for code in codes}) == len(codes)

    def test_an_id_says_where_and_when_not_how_many(self):
        few = birth_ids(np.uint64(5), 8, np.arange(3))
        many = birth_ids(np.uint64(5), 8, np.arange(1000))
        assert_array_equal(few, many[:3])
        assert entity_id("company", "T01", 8, 2) == birth_ids(
            pair_ids(text_id("company"), text_id("T01")), 8, np.array([2])
        )

    def test_ids_of_the_first_day_are_those_of_each(self):
        codes = ["46102", "2A004", "Cauvaldor-é", "200067361-0003"]
        assert_array_equal(entity_ids("commune", codes), [entity_id("commune", code, 0, 0) for code in codes])
        assert entity_ids("commune", []).size == 0

    @given(words, words)
    def test_pairs_are_ordered(self, a, b):
        a, b = np.uint64(a), np.uint64(b)
        assert (pair_ids(a, b) == pair_ids(b, a)) == (a == b)


class TestCompiledDraws:
    """Kernels take their draws from `coopsim.rng` when they are compiled: none may outlive a change of it."""

    @pytest.fixture(params=[False, True], ids=["beside the sources", "in a folder of the user"])
    def kept(self, request, monkeypatch, tmp_path):
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
        monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
        monkeypatch.setattr(_numba_cache, "_PACKAGE", tmp_path / "economy")
        (tmp_path / "economy").mkdir()
        (tmp_path / "economy" / "rng.py").write_text("import numba\n", encoding="utf-8")
        if request.param:
            monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
        (folder,) = _numba_cache._cache_folders()
        folder.mkdir(parents=True)
        _numba_cache.prepare()
        index = folder / "kernels.place-1.py311.nbi"
        index.write_bytes(b"compiled")
        return tmp_path, index

    def test_kept_while_sources_stay(self, kept):
        _, index = kept
        _numba_cache.prepare()
        assert index.exists()

    def test_forgotten_when_a_source_changes(self, kept):
        place, index = kept
        (place / "economy" / "rng.py").write_text("import numba  # other draws\n", encoding="utf-8")
        _numba_cache.prepare()
        assert not index.exists()

    def test_the_folder_is_numbas(self, monkeypatch, tmp_path):
        """The name of the folder is the one that numba makes of the path of the sources."""
        from numba.core.caching import _CacheLocator

        monkeypatch.setattr(_numba_cache, "_PACKAGE", tmp_path)
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
        (tmp_path / "rng.py").write_text("import numba\n", encoding="utf-8")
        (folder,) = _numba_cache._cache_folders()
        assert folder.name == _CacheLocator.get_suitable_cache_subpath(str(tmp_path / "rng.py"))


def test_ticks_before_the_start_wrap_with_and_without_compilation():
    with np.errstate(over="ignore"):
        plain = getattr(rng._stream_key, "py_func", rng._stream_key)(3, Purpose.CLIMATE_YEAR, -24)
    assert plain == stream_key(3, Purpose.CLIMATE_YEAR, -24)


def test_no_two_purposes_share_their_luck():
    assert len(Purpose) == len(Purpose.__members__)
