"""Companies as columns; one row is one company, freed rows are used again."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from coopsim.types import BoolArray, FloatArray, FormArray, IdArray, IntArray, TickArray

UNAWARE, AWARE, CONVINCED, ACTING = 0, 1, 2, 3
# Ownership: a company with shareholders or one owner; another body of the social economy; owned by its
# workers (SCOP); owned by workers, users and public bodies together (SCIC).
CONVENTIONAL, SOCIAL, SCOP, SCIC = 0, 1, 2, 3
FORMS = ("conventional", "social", "scop", "scic")


@dataclass(slots=True)
class CompanyTable:
    """All companies. Row numbers are places, ids are names: draws and journals use ids.

    Attributes
    ----------
    id : IdArray, shape (N,)
    territory, sector : IntArray, shape (N,)
        Row of the territory and of the sector.
    jobs : FloatArray, shape (N,), FTE
        Posts; 0 in a free row.
    productivity : FloatArray, shape (N,), 1
        Relative to the sector's mean.
    cash : FloatArray, shape (N,), quarters of costs
    land : FloatArray, shape (N,), ha
    owned : BoolArray, shape (N,)
        Whether the land is owned (else leased).
    birth : IntArray, shape (N,), tick
        Negative for companies older than the run.
    stage : IntArray, shape (N,)
        Transition: 0 unaware, 1 aware, 2 convinced, 3 acting.
    since : TickArray, shape (N,), tick
        When the stage was reached.
    form : FormArray, shape (N,)
        Ownership: 0 conventional, 1 social economy, 2 SCOP, 3 SCIC.
    partner : TickArray, shape (N,)
        Row, plus one, of the company it exchanges a by-product with; 0 without.
    external : BoolArray, shape (N,)
        Came as an external project.
    alive : BoolArray, shape (N,)
    """

    id: IdArray
    territory: IntArray
    sector: IntArray
    jobs: FloatArray
    productivity: FloatArray
    cash: FloatArray
    land: FloatArray
    owned: BoolArray
    birth: IntArray
    stage: IntArray
    since: TickArray
    form: FormArray
    partner: TickArray
    external: BoolArray
    alive: BoolArray
    used: int = 0

    def __len__(self) -> int:
        return self.used

    @classmethod
    def empty(cls, capacity: int) -> Self:
        """Return a table of free rows."""
        return cls(
            id=np.zeros(capacity, np.uint64),
            territory=np.zeros(capacity, np.int64),
            sector=np.zeros(capacity, np.int64),
            jobs=np.zeros(capacity),
            productivity=np.ones(capacity),
            cash=np.zeros(capacity),
            land=np.zeros(capacity),
            owned=np.zeros(capacity, np.bool_),
            birth=np.zeros(capacity, np.int64),
            stage=np.zeros(capacity, np.int64),
            since=np.zeros(capacity, np.int32),
            form=np.zeros(capacity, np.int8),
            partner=np.zeros(capacity, np.int32),
            external=np.zeros(capacity, np.bool_),
            alive=np.zeros(capacity, np.bool_),
        )

    def _grow(self, capacity: int) -> None:
        for f in fields(self):
            if f.name == "used":
                continue
            old = getattr(self, f.name)
            new = np.zeros(capacity, old.dtype)
            new[: old.size] = old
            setattr(self, f.name, new)

    def add(self, **columns: np.ndarray) -> IntArray:
        """Put new companies in free rows, in the order given; returns their rows.

        Columns that are not given take 0 (productivity 1, alive True).
        """
        n = columns["id"].size
        free = np.flatnonzero(~self.alive[: self.used])[:n]
        extra = n - free.size
        if self.used + extra > self.alive.size:
            self._grow(max(64, int((self.used + extra) * 1.5)))
        rows = np.concatenate([free, np.arange(self.used, self.used + extra)])
        self.used += extra
        defaults = {"productivity": 1.0, "alive": True}
        for f in fields(self):
            if f.name != "used":
                getattr(self, f.name)[rows] = columns.get(f.name, defaults.get(f.name, 0))
        return rows

    def remove(self, rows: IntArray) -> None:
        """Free rows; their columns are cleared when they are used again."""
        self.alive[rows] = False
        self.jobs[rows] = 0.0
        self.land[rows] = 0.0

    def rows(self) -> IntArray:
        """Return the rows of living companies."""
        return np.flatnonzero(self.alive[: self.used])
