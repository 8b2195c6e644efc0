"""State as structure of arrays: one table per kind of actor."""

from coopsim.tables.bodies import BodyTable
from coopsim.tables.companies import CompanyTable
from coopsim.tables.forest import BROADLEAF, CONIFER, ForestTable
from coopsim.tables.ground import GroundTable
from coopsim.tables.pacts import SCOPES, STAGES, PactTable
from coopsim.tables.sectors import SectorTable

__all__ = [
    "BROADLEAF",
    "CONIFER",
    "SCOPES",
    "STAGES",
    "BodyTable",
    "CompanyTable",
    "ForestTable",
    "GroundTable",
    "PactTable",
    "SectorTable",
]
