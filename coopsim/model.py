"""The Mesa model: an adapter. State lives in `World`, order in `schedule`."""

from collections.abc import Mapping, Sequence
from typing import Any

import mesa
import pandas as pd

from coopsim.agents import Body, Company, Council, Pact, Territory, Window
from coopsim.errors import scenario_error
from coopsim.outputs import Recorder
from coopsim.scenario.amendments import check_future
from coopsim.scenario.scenario import Scenario
from coopsim.schedule import QUARTER, Phase
from coopsim.schedule.councils.human import decided
from coopsim.world import founded

# Above this number companies get views on demand only (`company`), not in `model.agents`.
COMPANY_VIEWS = 100_000


class CoopModel(mesa.Model):
    """One run of one scenario; one `step` is one quarter.

    Parameters
    ----------
    spec : Scenario
        Frozen and validated. Not called ``scenario``: Mesa 3.5 owns that name.
    seed : int
        Key of every draw; 0 is a seed.
    agents : mapping of class to class
        Subclasses of `Council` whose ``decide`` is called in the council phase.
    phases : sequence of Phase
        The quarter to live through; ablations pass a shorter one.
    views : bool
        Whether to make Mesa agents; batches switch them off.
    """

    def __init__(
        self,
        spec: Scenario,
        seed: int = 0,
        agents: Mapping[type[Window], type[Window]] | None = None,
        phases: Sequence[Phase] = QUARTER,
        *,
        views: bool = True,
    ) -> None:
        super().__init__(rng=seed)
        self.spec = spec
        self.world = founded(spec, seed)
        self.phases = tuple(phases)
        self.recorder = Recorder(self.world)
        self._classes = dict(agents or {})
        self._views = views
        self._companies_seen = 0
        if Council in self._classes and not views:
            for row in range(self.world.size):  # they decide, seen or not
                self._make(Council, row)
        if views:
            for row in range(self.world.size):
                self._make(Territory, row)
                self._make(Council, row)
            for row in range(len(self.world.rivers.body)):
                self._make(Body, row)
            self._follow()

    def step(self) -> None:
        """Live one quarter: every phase in the order of the model page, then record."""
        for phase in self.phases:
            phase.run(self.world)
            if phase.name == "councils":
                self._decide()
        self.recorder.record(self.world)
        self.world.tick += 1
        if self._views:
            self._follow()

    def run(self) -> None:
        """Live until the horizon."""
        while self.world.tick < self.spec.ticks:
            self.step()

    def adopt(self, spec: Scenario) -> None:
        """Go on under a scenario that differs only from here on: amended rules, events to come, decisions.

        The run is then the same, to the last digit, as one that lived the whole of ``spec`` from its first day.

        Raises
        ------
        ScenarioError
            When it differs in anything but dated rules, events and decisions of this tick or later, or when
            nothing is lived yet: then a model of ``spec`` is made anew, since a world is founded under its rules.
        """
        if self.world.tick == 0:
            raise scenario_error(
                "rien n'est encore vécu : faire un nouveau modèle du scénario changé",
                "nothing is lived yet: make a new model of the changed scenario",
            )
        check_future(self.spec, spec, self.world.tick)
        self.spec = self.world.spec = spec

    def decide(
        self, territory: str, strategy: float | None = None, moves: Sequence[tuple[str, float]] = ()
    ) -> None:
        """Decide for a territory whose maker is ``human``; it counts at its next session.

        Parameters
        ----------
        territory : str
            Code.
        strategy : float, optional
            In the unit of its game (a rate in %, a share, an effort, m3/s), brought inside the legal bounds.
        moves : sequence of (str, float)
            Keys of the councils' menu, and how many steps of each.

        Raises
        ------
        ScenarioError
            For an unknown territory or move, or a territory that decides otherwise.
        """
        decided(self.world, territory, strategy, moves)

    def company(self, row: int) -> Company:
        """Return a view of one company row, made on demand."""
        return self._classes.get(Company, Company)(self, self.world, row)

    def release(self) -> None:
        """Let Mesa forget this model: Mesa 3.3.1 keeps a counter of ids for every model ever made."""
        self.remove_all_agents()
        ids: Any = getattr(mesa.Agent, "_ids", None)
        if ids is not None:
            ids.pop(self, None)

    def table(self) -> pd.DataFrame:
        """Return the indicators of the territories so far."""
        return self.recorder.territories()

    def _make(self, kind: type[Window], row: int) -> None:
        self._classes.get(kind, kind)(self, self.world, row)

    def _decide(self) -> None:
        if Council in self._classes:
            for council in list(self.agents_by_type[self._classes[Council]]):
                council.decide()

    def _follow(self) -> None:
        """Make views of rows that appeared since the last step."""
        used = len(self.world.companies)
        if used <= COMPANY_VIEWS:
            for row in range(self._companies_seen, used):
                self._make(Company, row)
            self._companies_seen = used
        kind = self._classes.get(Pact, Pact)
        known = len(self.agents_by_type[kind]) if kind in self.agents_by_type else 0
        for row in range(known, len(self.world.pacts)):
            self._make(Pact, row)
