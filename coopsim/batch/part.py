"""The tables of one part, as runs add to them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from coopsim.batch.files import JOURNAL, RESULTS, RUNS
from coopsim.indicators import SYSTEM, TERRITORY
from coopsim.types import FloatArray, IntArray

if TYPE_CHECKING:
    from coopsim.outputs import Run

QUARTERS = 4
_STEPS = {"quarterly": 1, "yearly": QUARTERS, "horizon": 0}
_RUNS = pa.schema(
    {
        "run": pa.int32(), "point": pa.int32(), "scenario": pa.string(), "seed": pa.int64(),
        "status": pa.string(), "error": pa.string(), "trace": pa.string(), "seconds": pa.float64(),
    }
)  # fmt: skip
_TEXTS = ("body", "kind", "move", "outcome", "pact", "members", "reason_fr", "reason_en", "decisive")
_WHOLE = ("tick", "year")


class Part:
    """Results, journal and list of some runs.

    Parameters
    ----------
    what : str
        ``quarterly``, ``yearly`` or ``horizon``.
    columns : sequence of str
        Indicators that are kept.
    territories, journal : bool
        Whether each territory, and the journal, are kept.

    Attributes
    ----------
    runs : list of dict
        One row a run, whatever became of it.
    """

    def __init__(self, what: str, columns: Sequence[str], *, territories: bool, journal: bool) -> None:
        self.runs: list[dict[str, Any]] = []
        self._what, self._columns = what, tuple(columns)
        self._with_territories, self._with_journal = territories, journal
        self._values: list[FloatArray] = []
        self._keys: list[tuple[int, IntArray, IntArray]] = []
        self._codes: dict[str, int] = {"": 0}
        self._journal: list[dict[str, Any]] = []
        self._system = np.array([SYSTEM.index(name) for name in columns])
        self._local = [(n, TERRITORY.index(name)) for n, name in enumerate(columns) if name in TERRITORY]

    @property
    def broken(self) -> int:
        """Number of runs that failed."""
        return sum(row["status"] == "failed" for row in self.runs)

    def add(self, run: int, result: "Run") -> None:
        """Add what is kept of a run that ended well."""
        local, system = result.arrays
        rows = ticks_kept(self._what, len(system))
        values = system[np.ix_(rows, self._system)]
        ticks, places = rows, np.zeros(len(rows), np.int64)
        if self._with_territories:
            values = self._spread(values, local[rows])
            numbers = [0, *(self._codes.setdefault(code, len(self._codes)) for code in result.codes)]
            ticks, places = np.repeat(rows, len(numbers)), np.tile(np.array(numbers), len(rows))
        self._values.append(values)
        self._keys.append((run, ticks, places))
        if self._with_journal:
            self._journal += [{"run": run, **row} for row in result.journal_lines()]

    def _spread(self, whole: FloatArray, local: FloatArray) -> FloatArray:
        """Return the whole, then each territory, tick by tick; NaN where an indicator has no local value."""
        out = np.full((len(whole), 1 + local.shape[1], len(self._columns)), np.nan)
        out[:, 0] = whole
        for column, source in self._local:
            out[:, 1:, column] = local[:, :, source]
        return out.reshape(-1, len(self._columns))

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield the tables; the list of runs comes last and says that the part is complete."""
        if self._values:
            yield RESULTS, self._results()
        if self._journal:
            yield JOURNAL, pa.Table.from_pylist(self._journal, journal_schema())
        yield RUNS, runs_table(self.runs)

    def _results(self) -> pa.Table:
        values = np.concatenate(self._values)
        sizes = [len(ticks) for _, ticks, _ in self._keys]
        runs = np.repeat(np.array([run for run, _, _ in self._keys], np.int32), sizes)
        ticks = np.concatenate([ticks for _, ticks, _ in self._keys]).astype(np.int16)
        places = np.concatenate([places for _, _, places in self._keys]).astype(np.int32)
        names = pa.DictionaryArray.from_arrays(pa.array(places), pa.array(list(self._codes)))
        columns = [np.ascontiguousarray(values[:, n]) for n in range(values.shape[1])]
        return pa.table(
            [pa.array(runs), pa.array(ticks), names, *(pa.array(column) for column in columns)],
            names=["run", "tick", "territory", *self._columns],
        )


def runs_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Return the list of some runs as a table."""
    return pa.Table.from_pylist(rows, _RUNS)


def journal_schema() -> pa.Schema:
    """Return the columns of the journal: those of a run, after its number."""
    from coopsim.outputs import JOURNAL_COLUMNS

    kinds = {name: pa.string() for name in _TEXTS} | {name: pa.int32() for name in _WHOLE}
    return pa.schema({"run": pa.int32()} | {name: kinds.get(name, pa.float64()) for name in JOURNAL_COLUMNS})


def ticks_kept(what: str, ticks: int) -> IntArray:
    """Return which ticks a record keeps: every one, the last of each year, or the last of all."""
    step = _STEPS[what] or ticks
    out: IntArray = np.arange(step - 1, ticks, step)
    return out
