r"""Keyed randomness: a draw is a pure function of (seed, purpose, entity id, tick, index).

Nothing is advanced: a draw does not depend on who else exists, on the order of agents or on the
number of threads, so two runs on one seed differ only by mechanism (common random numbers).
The counter is mixed with the splitmix64 finaliser [S2014]_; normal variates come from one
uniform by the inverse distribution function, so they are monotone in it.

References
----------
.. [S2014] Steele, Lea & Flood (2014), *Fast splittable pseudorandom number generators*, OOPSLA.
"""

import zlib
from collections.abc import Sequence
from enum import IntEnum, unique

import numpy as np
from numba import njit, vectorize
from numpy.typing import ArrayLike
from scipy.special import ndtri

from coopsim.types import FloatArray, IdArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SALT = np.uint64(0xD1B54A32D192ED03)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_INV52 = 2.0**-52  # 52 bits and a half are exact in double precision, so that no draw rounds to 1


@unique  # two purposes of one number would share their luck
class Purpose(IntEnum):
    """What a draw decides. Values are stable: changing one changes every published result."""

    CLIMATE_YEAR = 1
    CLIMATE_DEKAD = 2
    GROWTH = 3
    EXIT = 4
    ENTRY_COUNT = 5
    ENTRY_SECTOR = 6
    ENTRY_SIZE = 7
    ENTRY_PRODUCTIVITY = 8
    PROJECT_COUNT = 9
    PROJECT_SECTOR = 10
    PROJECT_SIZE = 11
    PROJECT_TASTE = 12
    PROJECT_VISIBLE = 13
    MOVE = 14
    MOVE_TASTE = 15
    TRANSITION = 16
    TENURE = 17
    VOTE = 18
    PROPOSAL_ERROR = 19
    IDEAL_POINT = 20
    ELECTION = 21
    PACT_INVITE = 22
    PROMISE = 23
    DETECTION = 24
    SHOCK = 25
    MARKET = 26
    FOUNDING = 27
    WOOD_EVENT = 28
    EXTERNAL_DEMAND = 29
    BODY_VOTE = 30
    SCREENING = 31
    CONTEXT = 32
    DELIBERATION = 33
    RADAR = 34
    RELAY = 35
    RELAY_CLIENT = 36
    RELAY_TALK = 37
    OWNERSHIP = 38
    SYNERGY = 39
    JOINT_ACTION = 60
    LEADER_EXIT = 61
    PACT_GROWTH = 62
    DIAGNOSTIC = 63
    COLLEGE = 64
    SUCCESSION = 65
    TRAIT = 66
    STATUTES = 90
    SHAPLEY_ORDER = 91
    SITING_CONDUCT = 110
    SITING_CONTEST = 111
    SITING_ANCHOR = 112
    ZONE = 113
    FLAGSHIP = 120
    AID_CONDITION = 121
    PATRON = 67
    GUARANTEE = 68
    REUSE = 69
    AGENDA = 130


@njit(cache=True, inline="always")
def mix64(z: np.uint64) -> np.uint64:
    """Return the splitmix64 finaliser of a 64-bit word."""
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@njit(cache=True)
def _stream_key(seed: int, purpose: int, tick: int, index: int = 0) -> np.uint64:
    """Return the key of one decision at one tick; ``index`` separates repeated draws."""
    k = mix64(np.uint64(np.int64(seed)) + _GOLDEN)  # a negative one wraps round, compiled or not
    k = mix64(k ^ (np.uint64(purpose) * _SALT + _GOLDEN))
    k = mix64(k ^ (np.uint64(np.int64(tick)) * _GOLDEN + _SALT))  # a tick before the start wraps round
    return mix64(k ^ (np.uint64(index) * _M1 + _SALT))


def stream_key(seed: int, purpose: int, tick: int, index: int = 0) -> np.uint64:
    """Return the key of one decision at one tick; ``index`` separates repeated draws."""
    return np.uint64(_stream_key(seed, int(purpose), tick, index))


@njit(cache=True, inline="always")
def uniform_at(key: np.uint64, entity: np.uint64) -> float:
    """Return the uniform of one entity in the open interval (0, 1)."""
    return (np.float64(mix64(entity ^ key) >> _S12) + 0.5) * _INV52


@vectorize(["float64(uint64, uint64)"], cache=True)
def _uniform(key: np.uint64, entity: np.uint64) -> float:
    z = entity ^ key
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    z = z ^ (z >> _S31)
    return (np.float64(z >> _S12) + 0.5) * _INV52


def uniform(seed: int, purpose: Purpose, ids: ArrayLike, tick: int, index: int = 0) -> FloatArray:
    """Return uniforms in (0, 1), one for each entity id; shape of ``ids``."""
    key = stream_key(seed, int(purpose), tick, index)
    out: FloatArray = _uniform(key, np.asarray(ids, dtype=np.uint64))
    return out


def normal(seed: int, purpose: Purpose, ids: ArrayLike, tick: int, index: int = 0) -> FloatArray:
    """Return standard normal variates, one for each entity id; shape of ``ids``."""
    out: FloatArray = ndtri(uniform(seed, purpose, ids, tick, index))
    return out


@njit(cache=True, inline="always")
def combine(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return the id of an ordered pair of ids."""
    return mix64(mix64(np.uint64(a) + _GOLDEN) ^ (np.uint64(b) * _SALT + _M2))


@vectorize(["uint64(uint64, uint64)"], cache=True)
def _pairs(a: np.uint64, b: np.uint64) -> np.uint64:
    z = a + _GOLDEN
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    z = z ^ (z >> _S31)
    z = z ^ (b * _SALT + _M2)
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


def pair_ids(a: ArrayLike, b: ArrayLike) -> IdArray:
    """Return the ids of ordered pairs, broadcast like the arguments."""
    out: IdArray = _pairs(np.asarray(a, dtype=np.uint64), np.asarray(b, dtype=np.uint64))
    return out


def text_id(text: str) -> np.uint64:
    """Return the stable 64-bit id of a code or a name."""
    data = text.encode("utf-8")
    return np.uint64(pair_ids(zlib.crc32(data), zlib.crc32(data[::-1], 0x5BD1E995)))


def entity_id(kind: str, origin: str, tick: int, serial: int) -> np.uint64:
    """Return the id of an entity from where and when it was born, never from who else exists."""
    return np.uint64(birth_ids(pair_ids(text_id(kind), text_id(origin)), tick, serial))


def entity_ids(kind: str, origins: Sequence[str]) -> IdArray:
    """Return the ids of entities of the first day, one for each origin: `entity_id` with tick and serial 0."""
    words = [origin.encode("utf-8") for origin in origins]
    ahead = np.array([zlib.crc32(word) for word in words], dtype=np.uint64)
    back = np.array([zlib.crc32(word[::-1], 0x5BD1E995) for word in words], dtype=np.uint64)
    return birth_ids(pair_ids(text_id(kind), pair_ids(ahead, back)), 0, 0)


def birth_ids(stem: ArrayLike, tick: int, serial: ArrayLike) -> IdArray:
    """Return the ids born at ``tick`` (-1 at the founding) with each serial from stems of (kind, origin)."""
    return pair_ids(pair_ids(stem, tick + 1), serial)
