"""Sectors of activity as columns."""

from dataclasses import dataclass

from coopsim.types import BoolArray, FloatArray, IdArray, IntArray


@dataclass(frozen=True, slots=True)
class SectorTable:
    """The sectors of a case; shape (K,) each.

    Attributes
    ----------
    id : IdArray
        From the name: addresses the draws of a sector.
    value_added, wage : FloatArray, k€ per job and year
    water, wood, land : FloatArray, m3, m3 and m2 per job (and year)
    wood_group : IntArray
        0 broadleaf, 1 conifer, -1 none.
    water_dependence, wood_dependence : FloatArray, 0-1
        Exponents of the rations in production.
    mobility : FloatArray, 0-1
    local_purchase : FloatArray, 0-1
        Share of purchases made on the territory.
    offered, wanted : IntArray
        Number of the by-product given away, and of the one that could replace a bought input; -1 none.
    project_weight, entry_weight : FloatArray
        Relative frequency among external projects and local entrants.
    exit_factor : FloatArray
        Multiplies the exit hazard.
    public : BoolArray
        Public and social services: pay no business tax, do not move.
    """

    name: tuple[str, ...]
    id: IdArray
    label_fr: tuple[str, ...]
    label_en: tuple[str, ...]
    value_added: FloatArray
    wage: FloatArray
    water: FloatArray
    wood: FloatArray
    land: FloatArray
    wood_group: IntArray
    water_dependence: FloatArray
    wood_dependence: FloatArray
    mobility: FloatArray
    export_share: FloatArray
    local_purchase: FloatArray
    offered: IntArray
    wanted: IntArray
    project_weight: FloatArray
    entry_weight: FloatArray
    exit_factor: FloatArray
    public: BoolArray

    def __len__(self) -> int:
        return len(self.name)
