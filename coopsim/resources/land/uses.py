"""The land of each territory by use: transfers that never create, lose or overdraw a hectare.

Shapes: ``T`` territories, ``U`` = 9 uses. Every function returns new arrays.
"""

from enum import IntEnum

import numpy as np

from coopsim.types import FloatArray


class Use(IntEnum):
    """Columns of the land table."""

    NAF = 0  # natural, farm and forest land that may be opened
    PROTECTED = 1
    HOUSING = 2
    OTHER_ARTIFICIAL = 3  # roads, quarries, leisure
    OCCUPIED = 4  # by companies
    VACANT = 5  # developed and for sale or lease
    PIPELINE = 6  # opened, not yet developed
    BROWNFIELD = 7
    RESERVE = 8  # developed land that a pact keeps for siting decided in common


ECONOMIC = (Use.OCCUPIED, Use.VACANT, Use.PIPELINE, Use.BROWNFIELD, Use.RESERVE)


def land_table(
    area: FloatArray,
    *,
    protected: FloatArray,
    housing: FloatArray,
    other: FloatArray,
    occupied: FloatArray,
    vacant: FloatArray,
    brownfield: FloatArray,
) -> FloatArray:
    """Return the land table; natural, farm and forest land is what the other uses leave.

    Parameters
    ----------
    area, protected, housing, other, occupied, vacant, brownfield : FloatArray, shape (T,), ha

    Returns
    -------
    FloatArray, shape (T, 9), ha

    Raises
    ------
    ValueError
        When the uses exceed the area of a territory; the message gives its row.
    """
    table = np.zeros((area.size, len(Use)))
    table[:, Use.PROTECTED], table[:, Use.HOUSING], table[:, Use.OTHER_ARTIFICIAL] = protected, housing, other
    table[:, Use.OCCUPIED], table[:, Use.VACANT], table[:, Use.BROWNFIELD] = occupied, vacant, brownfield
    table[:, Use.NAF] = area - table.sum(axis=1)
    over = np.flatnonzero(table[:, Use.NAF] < 0.0)
    if over.size:
        raise ValueError(f"land uses exceed the area of territories {over.tolist()}")
    return table


def convert(uses: FloatArray, source: Use, target: Use, asked: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Move land from one use to another, as far as there is some.

    Parameters
    ----------
    uses : FloatArray, shape (T, 9), ha
    source, target : Use
    asked : FloatArray, shape (T,), ha

    Returns
    -------
    uses : FloatArray, shape (T, 9), ha
    moved : FloatArray, shape (T,), ha
    """
    after = uses.copy()
    moved = np.minimum(np.maximum(asked, 0.0), uses[:, source])  # np.clip costs three times as much
    after[:, source] -= moved
    after[:, target] += moved
    return after, moved


def start_pipeline(territories: int, lag: int) -> FloatArray:
    """Return an empty ring of land under development, shape (T, lag), ha."""
    return np.zeros((territories, lag))


def mature(uses: FloatArray, ring: FloatArray, tick: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Put on the market the land whose development ends this tick; call it before opening more.

    Parameters
    ----------
    uses : FloatArray, shape (T, 9), ha
    ring : FloatArray, shape (T, lag), ha
        Land under development, by tick of opening modulo the lag; sums to the pipeline.
    tick : int

    Returns
    -------
    uses, ring, ready : FloatArray, shapes (T, 9), (T, lag), (T,), ha
    """
    slot = tick % ring.shape[1]
    later = ring.copy()
    later[:, slot] = 0.0
    after, ready = convert(uses, Use.PIPELINE, Use.VACANT, ring[:, slot])
    return after, later, ready


def develop(
    uses: FloatArray, ring: FloatArray, tick: int, source: Use, asked: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Start developing land taken from a use: natural land that is opened, or brownfield that is recycled.

    Parameters
    ----------
    uses, ring, tick
        As in `mature`, which must have run for this tick.
    source : Use
    asked : FloatArray, shape (T,), ha

    Returns
    -------
    uses, ring, moved : FloatArray, shapes (T, 9), (T, lag), (T,), ha
        The land is vacant ``lag`` ticks later.
    """
    after, moved = convert(uses, source, Use.PIPELINE, asked)
    later = ring.copy()
    later[:, tick % ring.shape[1]] += moved
    return after, later, moved


def vacate(
    uses: FloatArray, leased: FloatArray, owned: FloatArray, resold_share: float | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Free the land of companies that leave: leased land is vacant again, unsold land becomes brownfield.

    Parameters
    ----------
    uses : FloatArray, shape (T, 9), ha
    leased, owned : FloatArray, shape (T,), ha
    resold_share : float or FloatArray, shape (T,), 1
        Share of owned land that finds a buyer.

    Returns
    -------
    uses : FloatArray, shape (T, 9), ha
    abandoned : FloatArray, shape (T,), ha
        New brownfield.
    """
    after, _ = convert(uses, Use.OCCUPIED, Use.VACANT, leased + resold_share * owned)
    return convert(after, Use.OCCUPIED, Use.BROWNFIELD, (1.0 - resold_share) * owned)


def return_brownfield(uses: FloatArray, per_year: float | FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the land table after a quarter of market reuse of brownfield, and the land reused, ha."""
    return convert(uses, Use.BROWNFIELD, Use.VACANT, 0.25 * per_year * uses[:, Use.BROWNFIELD])


def consumed_land(by_purpose: FloatArray) -> FloatArray:
    """Return the natural, farm and forest land consumed, the law's unit until 2031, shape (T,), ha."""
    total: FloatArray = by_purpose.sum(axis=1)
    return total


def artificialised_land(by_purpose: FloatArray, sealed: tuple[float, float, float]) -> FloatArray:
    """Return the land artificialised, the law's unit after 2031, shape (T,), ha; never add it to consumption.

    Parameters
    ----------
    by_purpose : FloatArray, shape (T, 3), ha
        Land consumed for companies, housing and other uses.
    sealed : tuple of float, 1
        Share of each that counts as artificialised.
    """
    total: FloatArray = by_purpose @ np.array(sealed)
    return total
