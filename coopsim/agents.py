"""Mesa agents as windows onto the tables: for notebooks, spaces and the viewer.

An agent stores its world and its row, nothing else. Reading an attribute reads the table, so there is
one copy of the truth and the hot path stays in columns.
"""

import mesa

from coopsim.tables import SCOPES, STAGES
from coopsim.tables.companies import FORMS
from coopsim.types import FloatArray
from coopsim.world import World


class Window(mesa.Agent):
    """An agent that looks at one row of the world.

    Attributes
    ----------
    world : World
    row : int
    """

    def __init__(self, model: mesa.Model, world: World, row: int) -> None:
        super().__init__(model)
        self.world = world
        self.row = row


class Territory(Window):
    """One intercommunalité."""

    @property
    def code(self) -> str:
        """SIREN or case code."""
        return self.world.places.code[self.row]

    @property
    def name(self) -> str:
        """Name."""
        return self.world.places.name[self.row]

    @property
    def population(self) -> float:
        """Residents."""
        return float(self.world.people.population[self.row])

    @property
    def jobs(self) -> float:
        """Filled jobs at the workplace."""
        return float(self.world.people.filled[self.row] + self.world.people.own_account[self.row])

    @property
    def unemployment(self) -> float:
        """Seekers over active residents."""
        return float(self.world.people.unemployment[self.row])

    @property
    def tax_rate_pct(self) -> float:
        """Business property tax rate, %."""
        return float(self.world.finance.tax_pct[self.row])

    @property
    def debt_keur(self) -> float:
        """Net debt, k€."""
        return float(self.world.finance.debt[self.row])

    @property
    def land_use_ha(self) -> FloatArray:
        """Land by use, ha, in the order of `coopsim.resources.land.Use` (a copy)."""
        out: FloatArray = self.world.land.uses[self.row].copy()
        return out

    @property
    def partners(self) -> list[str]:
        """Names of the territories that share a pact with this one."""
        pacts = self.world.pacts
        rows = [p for p in pacts.active if pacts.members[p, self.row]]
        names = {self.world.places.name[j] for p in rows for j in pacts.members[p].nonzero()[0]}
        return sorted(names - {self.name})


class Company(Window):
    """One company; its row may be used again after it leaves."""

    @property
    def company_id(self) -> int:
        """64-bit id, made from where and when the company was born."""
        return int(self.world.companies.id[self.row])

    @property
    def territory(self) -> str:
        """Code of the territory."""
        return self.world.places.code[int(self.world.companies.territory[self.row])]

    @property
    def sector(self) -> str:
        """Sector name."""
        return self.world.sectors.name[int(self.world.companies.sector[self.row])]

    @property
    def jobs(self) -> float:
        """Posts."""
        return float(self.world.companies.jobs[self.row])

    @property
    def stage(self) -> int:
        """Transition: 0 unaware, 1 aware, 2 convinced, 3 acting."""
        return int(self.world.companies.stage[self.row])

    @property
    def stage_tick(self) -> int:
        """Tick at which the stage of transition was reached."""
        return int(self.world.companies.since[self.row])

    @property
    def partner(self) -> int:
        """Row of the company it exchanges a by-product with, -1 without."""
        return int(self.world.companies.partner[self.row]) - 1

    @property
    def form(self) -> str:
        """Ownership: conventional, social, scop or scic."""
        return FORMS[int(self.world.companies.form[self.row])]

    @property
    def alive(self) -> bool:
        """Whether the row holds a company."""
        return bool(self.world.companies.alive[self.row])


class Council(Window):
    """One community council."""

    @property
    def seats(self) -> int:
        """Number of seats."""
        return int((self.world.councils.territory == self.row).sum())

    @property
    def ideal(self) -> FloatArray:
        """Mean ideal point: growth, cooperation, long term, each 0-1."""
        mine = self.world.councils.territory == self.row
        out: FloatArray = self.world.councils.ideal[mine].mean(axis=0)
        return out

    def decide(self) -> None:
        """Called in the council phase for a subclass given to `CoopModel(agents=…)`; the base class adds nothing."""


class Pact(Window):
    """One pact."""

    @property
    def members(self) -> list[str]:
        """Names of the members."""
        return [self.world.places.name[i] for i in self.world.pacts.members[self.row].nonzero()[0]]

    @property
    def scopes(self) -> list[str]:
        """What it is about."""
        return [s for s, on in zip(SCOPES, self.world.pacts.scopes[self.row], strict=True) if on]

    @property
    def stage(self) -> str:
        """Stage of its life."""
        return STAGES[int(self.world.pacts.stage[self.row])]

    @property
    def in_force(self) -> bool:
        """Whether it has not ended."""
        return bool(self.world.pacts.ended[self.row] < 0)


class Body(Window):
    """One water service whose perimeter crosses territories."""

    @property
    def name(self) -> str:
        """Code of the body."""
        return self.world.rivers.body[self.row]

    @property
    def capacity_m3_per_day(self) -> float:
        """Production capacity; NaN when not stated."""
        return float(self.world.rivers.capacity[self.row])
