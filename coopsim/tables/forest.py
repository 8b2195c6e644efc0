"""Forest strata as columns: species group × ownership × territory (or shared)."""

from dataclasses import dataclass

from coopsim.types import BoolArray, FloatArray, IntArray

BROADLEAF, CONIFER = 0, 1


@dataclass(slots=True)
class ForestTable:
    """Strata of a case; shape (S,) unless said otherwise.

    Attributes
    ----------
    territory, group : IntArray
        ``group`` is 0 broadleaf, 1 conifer.
    private : BoolArray
        Fragmented private ownership, where grouping owners acts.
    volume, capacity : FloatArray, m3
    rate : FloatArray, 1/yr
    base_harvest : FloatArray, m3/yr
        Observed at the start.
    base_increment : FloatArray, m3/quarter
        Net growth at the start.
    owners, grouping : FloatArray, 1
        Owners per harvest unit, and the factor that groups them.
    access : BoolArray, shape (S, T)
        Whether buyers and councils of a territory may draw on the stratum.
    harvest, increment, wanted : FloatArray, m3
        Of the current tick.
    lost : FloatArray, m3
        Destroyed by events since the start.
    """

    territory: IntArray
    group: IntArray
    private: BoolArray
    volume: FloatArray
    capacity: FloatArray
    rate: FloatArray
    base_harvest: FloatArray
    base_increment: FloatArray
    base_volume: FloatArray
    owners: FloatArray
    grouping: FloatArray
    access: BoolArray
    harvest: FloatArray
    increment: FloatArray
    wanted: FloatArray
    lost: FloatArray

    def __len__(self) -> int:
        return int(self.volume.size)
