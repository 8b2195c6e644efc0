"""The communes that elect the councils: those of the case, or as many as a territory says it has."""

import numpy as np

from coopsim.scenario.case import Case
from coopsim.types import FloatArray, IntArray


def communes(
    case: Case, codes: tuple[str, ...], people: FloatArray
) -> tuple[list[str], IntArray, FloatArray, IntArray]:
    """Return code, row of the territory, inhabitants and seats (0: by law) of every commune.

    A territory without rows in the table ``communes`` has as many as its ``commune_count`` (one without), of
    which the largest holds ``largest_commune_share`` of its inhabitants; the others follow Zipf's law of ranks
    (Gabaix 1999), none above the largest. Their codes are the territory's followed by a rank; a territory that
    is one commune bears its own code.

    Parameters
    ----------
    codes : tuple of str
        Of the territories, in the order of the rows.
    people : FloatArray, shape (T,), inhabitants
    """
    row = {code: i for i, code in enumerate(codes)}
    table = case.communes
    names = [str(code) for code in table["code"]]
    where = [row[str(code)] for code in table["territory"]]
    residents = [float(x) for x in table["population"]]
    seats = [float(x) for x in table["seats"]]
    described = set(where)
    counts, largest = _told(case)
    for i, code in enumerate(codes):
        if i in described:
            continue
        sizes = people[i] * shares(int(counts[i]), float(largest[i]))
        names += [code] if sizes.size == 1 else [f"{code}-{rank:04d}" for rank in range(1, sizes.size + 1)]
        where += [i] * sizes.size
        residents += sizes.tolist()
        seats += [0.0] * sizes.size
    given = np.nan_to_num(np.array(seats)).astype(np.int64)
    return names, np.array(where, dtype=np.int64), np.array(residents), given


def counts(case: Case) -> FloatArray:
    """Return the number of communes of each territory, in the order of the table of territories, shape (T,)."""
    found = case.communes["territory"].astype(str).value_counts()
    told, _ = _told(case)
    codes = case.territories["code"].astype(str)
    return np.array([float(found.get(code, n)) for code, n in zip(codes, told, strict=True)])


def _told(case: Case) -> tuple[FloatArray, FloatArray]:
    """Return the number of communes and the share of the largest that the territories give; 1 where blank."""
    t = case.territories
    number = np.nan_to_num(t["commune_count"].to_numpy(dtype=np.float64), nan=1.0)
    largest = np.nan_to_num(t["largest_commune_share"].to_numpy(dtype=np.float64), nan=1.0)
    return np.maximum(np.round(number), 1.0), largest


def shares(number: int, largest: float) -> FloatArray:
    """Return the shares of inhabitants of communes, largest first, shape (number,); they sum to 1.

    The largest has ``largest`` (at least an equal share), the others Zipf's weights of ranks 2, 3, … capped at it.
    """
    if number <= 1:
        return np.ones(1)
    top = min(max(largest, 1.0 / number), 1.0)
    weight = 1.0 / np.arange(2, number + 1)
    capped = np.zeros(weight.size, np.bool_)
    rest = np.zeros(weight.size)
    for _ in range(weight.size):
        left = 1.0 - top - top * capped.sum()
        rest = np.where(capped, top, left * weight / max(float(weight[~capped].sum()), 1e-300))
        over = ~capped & (rest > top * (1.0 + 1e-12))
        if not over.any():
            break
        capped |= over
    return np.concatenate([[top], rest])
