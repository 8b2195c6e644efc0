"""Results: what is recorded each tick, and the folder of a run."""

import hashlib
import json
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from coopsim import __version__
from coopsim.errors import reason_of, scenario_error
from coopsim.indicators import SYSTEM, TERRITORY
from coopsim.proof import Proof, places_first, proof_frame, proofs
from coopsim.registry import Registry, is_ours
from coopsim.scenario.theory_of_change import steps_of
from coopsim.schedule.journal import told
from coopsim.schedule.record import SYSTEM_ONLY, observe, system_table
from coopsim.society.councils import TERMS
from coopsim.types import FloatArray, IntArray
from coopsim.world import World

JOURNAL_COLUMNS = (
    "tick", "year", "body", "kind", "move", "amount", "votes_for", "votes_against", "outcome",
    "jobs_pct", "revenue_pct", "cost_pct", "pact", "members", "reason_fr", "reason_en",
    "decisive", *(f"yes_{term}" for term in TERMS), *(f"no_{term}" for term in TERMS), "mistrust",
    "before", "after", "spread_before", "spread_after", "polarisation_before", "polarisation_after",
)  # fmt: skip
_THEORY = "theory_of_change"


class Recorder:
    """Indicators of every tick in two preallocated arrays."""

    def __init__(self, world: World) -> None:
        ticks = world.spec.ticks
        self._codes = world.places.code
        self._start = world.spec.start_year
        self.territory = np.empty((ticks, world.size, len(TERRITORY)))
        self._only = np.empty((ticks, len(SYSTEM_ONLY)))
        self._system = np.empty((0, len(SYSTEM)))
        self.ticks = 0

    def record(self, world: World) -> None:
        """Record the end of the tick; beyond the horizon the arrays grow."""
        if self.ticks == self.territory.shape[0]:
            self.territory = np.concatenate([self.territory, np.empty_like(self.territory[:1])])
            self._only = np.concatenate([self._only, np.empty_like(self._only[:1])])
        self.territory[self.ticks], self._only[self.ticks] = observe(world)
        self.ticks += 1

    @property
    def system_values(self) -> FloatArray:
        """Indicators of the system so far, shape (ticks, len(SYSTEM)): worked out when asked for."""
        done = self._system.shape[0]
        if done < self.ticks:
            new = slice(done, self.ticks)
            self._system = np.concatenate([self._system, system_table(self.territory[new], self._only[new])])
        return self._system

    def territories(self) -> pd.DataFrame:
        """Return the tidy table: tick, year, quarter, territory, one column per indicator."""
        return territory_frame(self.territory[: self.ticks], self._codes, self._start)

    def system(self) -> pd.DataFrame:
        """Return the tidy table of the system: tick, year, quarter, one column per indicator."""
        return system_frame(self.system_values, self._start)


def _time(ticks: IntArray, start: int) -> dict[str, Any]:
    return {"tick": ticks, "year": start + ticks // 4, "quarter": ticks % 4 + 1}


def territory_frame(values: FloatArray, codes: tuple[str, ...], start: int) -> pd.DataFrame:
    """Return the tidy table of an array (ticks, T, indicators)."""
    ticks, t, indicators = values.shape
    frame = pd.DataFrame(values.reshape(ticks * t, indicators), columns=list(TERRITORY))
    head = pd.DataFrame(_time(np.repeat(np.arange(ticks), t), start) | {"territory": list(codes) * ticks})
    return pd.concat([head, frame], axis=1)


def system_frame(values: FloatArray, start: int) -> pd.DataFrame:
    """Return the tidy table of an array (ticks, indicators)."""
    head = pd.DataFrame(_time(np.arange(values.shape[0]), start))
    return pd.concat([head, pd.DataFrame(values, columns=list(SYSTEM))], axis=1)


def journal_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the journal of decisions, one row per decision or event."""
    return pd.DataFrame(told(rows), columns=list(JOURNAL_COLUMNS))


def provenance() -> dict[str, str]:
    """Return the versions and the platform that made a result."""
    found = {"coopsim": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for name in ("mesa", "numpy", "numba", "pandas", "scipy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found | _others_rules()


def _others_rules() -> dict[str, str]:
    """Return a digest of each module, outside coopsim, whose rules are registered: they may change a result."""
    classes = [cls for registry in Registry.all.values() for cls in registry.classes().values()]
    modules = sorted({cls.__module__ for cls in classes if not is_ours(cls)})
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in modules}
    return {
        f"rules {name}": hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]
        for name, file in files.items()
        if file and Path(file).is_file()
    }


@dataclass(frozen=True, slots=True)
class Run:
    """The record of one run, and what is needed to run it again.

    Attributes
    ----------
    document : dict
        The scenario in full.
    arrays : tuple of FloatArray
        Indicators (ticks, T, …) and (ticks, …).
    """

    scenario: str
    document: dict[str, Any]
    hash: str
    seed: int
    codes: tuple[str, ...]
    start_year: int
    arrays: tuple[FloatArray, FloatArray]
    journal_rows: list[dict[str, Any]]
    duration_s: float
    versions: dict[str, str] = field(default_factory=provenance)

    @property
    def territories(self) -> pd.DataFrame:
        """Tidy table by tick and territory."""
        return territory_frame(self.arrays[0], self.codes, self.start_year)

    @property
    def system(self) -> pd.DataFrame:
        """Tidy table by tick."""
        return system_frame(self.arrays[1], self.start_year)

    def journal_lines(self) -> list[dict[str, Any]]:
        """Return the lines of the journal, every sentence made."""
        return told(self.journal_rows)

    @property
    def journal(self) -> pd.DataFrame:
        """Decisions, events and elections."""
        return journal_frame(self.journal_rows)

    @property
    def proofs(self) -> list[Proof]:
        """Promise against proof of each step of the theory of change; none where the scenario has no theory."""
        steps = steps_of(self.document)
        if not steps:
            return []
        cube = places_first(self.arrays[1], self.arrays[0])
        return proofs(steps, cube, self.codes, self.start_year)

    @property
    def theory_of_change(self) -> pd.DataFrame:
        """Promise against proof, one row a step; empty where the scenario has no theory of change."""
        return proof_frame(self.proofs, [self.seed])

    def save(self, folder: str | Path) -> Path:
        """Write ``run.json``, ``territories.parquet``, ``system.parquet``, ``journal.parquet``; all or nothing.

        A scenario with a theory of change has ``theory_of_change.parquet`` too.

        Raises
        ------
        ScenarioError
            When the folder cannot be written.
        """
        target = Path(folder)
        head = {
            "scenario": self.scenario, "document": self.document, "hash": self.hash, "seed": self.seed,
            "codes": list(self.codes), "start_year": self.start_year, "duration_s": self.duration_s,
            "versions": self.versions,
        }  # fmt: skip
        frames = {"territories": self.territories, "system": self.system, "journal": self.journal}
        proved = self.theory_of_change
        write_folder(target, {"run.json": head}, frames | ({} if proved.empty else {_THEORY: proved}))
        if proved.empty:
            (target / f"{_THEORY}.parquet").unlink(missing_ok=True)  # of a run that was here before
        return target

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return a saved run.

        Raises
        ------
        ScenarioError
            When the folder holds no run.
        """
        source = Path(folder)
        if not (source / "run.json").is_file():
            raise scenario_error(
                "ce dossier ne contient pas de simulation (run.json manque)",
                "this folder holds no run (run.json is missing)",
                file=str(source),
            )
        head = json.loads((source / "run.json").read_text(encoding="utf-8"))
        codes = tuple(head["codes"])
        t = pd.read_parquet(source / "territories.parquet")
        s = pd.read_parquet(source / "system.parquet")
        rows = pd.read_parquet(source / "journal.parquet").to_dict("records")
        arrays = (
            t[list(TERRITORY)].to_numpy(dtype=np.float64).reshape(len(s), len(codes), len(TERRITORY)),
            s[list(SYSTEM)].to_numpy(dtype=np.float64),
        )
        return cls(
            head["scenario"], head["document"], head["hash"], head["seed"], codes, head["start_year"], arrays,
            [{str(k): v for k, v in row.items()} for row in rows], head["duration_s"], head["versions"],
        )  # fmt: skip


def write_folder(target: Path, documents: dict[str, Any], frames: dict[str, pd.DataFrame]) -> None:
    """Write JSON documents and parquet tables into a folder, through a temporary one that is renamed into place.

    Raises
    ------
    ScenarioError
        When the place cannot be written, or is a file.
    """
    if target.exists() and not target.is_dir():
        raise scenario_error("un fichier porte déjà ce nom", "a file already has this name", file=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=".coopsim-", dir=target.parent))
    except OSError as error:
        raise scenario_error(
            f"impossible d'écrire ici : {reason_of(error).fr}",
            f"cannot write here: {reason_of(error).en}",
            file=str(target),
        ) from error
    try:
        for name, document in documents.items():
            text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=str)
            (room / name).write_text(text, encoding="utf-8")
        for name, frame in frames.items():
            frame.to_parquet(room / f"{name}.parquet", index=False, compression="zstd")
        target.mkdir(exist_ok=True)
        for path in room.iterdir():
            path.replace(target / path.name)
    finally:
        shutil.rmtree(room, ignore_errors=True)
