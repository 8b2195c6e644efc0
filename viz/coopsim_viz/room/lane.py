"""A lane: one live model on one branch, and the record of every branch that was lived."""

from typing import Any

import numpy as np

from coopsim.indicators import SYSTEM, TERRITORY
from coopsim.model import CoopModel
from coopsim.scenario import Scenario
from coopsim.types import FloatArray


class Lived:
    """What is kept of a branch: indicators of each tick and the journal.

    Attributes
    ----------
    territory : FloatArray, shape (ticks, T, indicators)
    system : FloatArray, shape (ticks, indicators)
    journal : list of dict
    """

    def __init__(self, territory: FloatArray, system: FloatArray, journal: list[dict[str, Any]]) -> None:
        self.territory, self.system, self.journal = territory, system, journal

    @property
    def ticks(self) -> int:
        """Quarters lived."""
        return int(self.system.shape[0])

    def series(self, indicator: str) -> FloatArray:
        """Return the system's trajectory of an indicator, shape (ticks,)."""
        return self.system[:, SYSTEM.index(indicator)]

    def places(self, indicator: str) -> FloatArray:
        """Return an indicator of every territory at the last tick, shape (T,); NaN before the first."""
        if not self.ticks:
            return np.full(self.territory.shape[1], np.nan)
        return self.territory[-1, :, TERRITORY.index(indicator)]


class Lane:
    """One live model, stepped by its room; going elsewhere lives the other branch again from its first day."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.seed = seed
        self.scenario = scenario
        self._model = CoopModel(scenario, seed, views=False)

    @property
    def tick(self) -> int:
        """First tick that is not lived."""
        return self._model.world.tick

    @property
    def ended(self) -> bool:
        """Whether the horizon is reached."""
        return self.tick >= self.scenario.ticks

    @property
    def model(self) -> CoopModel:
        """The live model."""
        return self._model

    def step(self) -> None:
        """Live one quarter."""
        if not self.ended:
            self._model.step()

    def adopt(self, scenario: Scenario) -> None:
        """Go on under a scenario that differs only from here on; before the first day, begin under it."""
        if self.tick == 0:
            self.go(scenario, 0)
            return
        self._model.adopt(scenario)
        self.scenario = scenario

    def go(self, scenario: Scenario, tick: int) -> None:
        """Stand at a tick of a scenario, lived again with the same luck."""
        self._model.release()
        self.scenario = scenario
        self._model = CoopModel(scenario, self.seed, views=False)
        while self.tick < tick and not self.ended:
            self._model.step()

    def lived(self) -> Lived:
        """Return the record so far; later steps do not change it."""
        recorder = self._model.recorder
        return Lived(
            recorder.territory[: recorder.ticks].copy(), recorder.system_values.copy(), list(self._model.world.journal)
        )  # fmt: skip

    def pacts(self) -> list[dict[str, Any]]:
        """Return the pacts in force: members (rows), scopes (names), who founded it (row) and when (tick)."""
        from coopsim.tables import SCOPES

        table = self._model.world.pacts
        return [
            {
                "members": [int(i) for i in np.flatnonzero(table.members[row])],
                "scopes": [SCOPES[int(k)] for k in np.flatnonzero(table.scopes[row])],
                "founder": int(table.founder[row]),
                "founded": int(table.founded[row]),
            }
            for row in table.active
        ]

    def close(self) -> None:
        """Let the model go."""
        self._model.release()
