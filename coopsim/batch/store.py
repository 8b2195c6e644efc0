"""The folder of a batch: its plan, its parts, who works in it, and whether a run may go on in it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit
from filelock import FileLock, Timeout

import coopsim
from coopsim.batch.files import PARTS, finished, part_path, sweep, write_table, write_text
from coopsim.batch.plan import Plan
from coopsim.batch.work import Chunk, Job
from coopsim.errors import scenario_error
from coopsim.outputs import provenance

FORMAT = 1
MANIFEST = "batch.json"
_LOCK = ".lock"
_WORK = 40_000_000  # companies × ticks of one part: some seconds of one core
_FLOOR = 5_000  # companies whose work a tick costs however few there are
_MOST = 200  # runs in one part


@cache
def code_version() -> str:
    """Return the version of coopsim and a digest of its source files: results of two codes are not mixed."""
    digest = hashlib.sha256()
    root = Path(coopsim.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{coopsim.__version__}+{digest.hexdigest()[:12]}"


def fingerprint(job: Job) -> str:
    """Return a digest of what the runs of a batch are: scenarios with their case files, points, seeds, record."""
    said = {
        "lanes": [[label, spec.hash] for label, spec in zip(job.labels, job.lanes, strict=True)],
        "points": [dict(point) for point in job.points],
        "seeds": [job.seeds.start, job.seeds.stop],
        "record": [job.what, list(job.columns), job.territories, job.journal],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def chunks_of(job: Job) -> list[Chunk]:
    """Return the parts of a batch, of about equal cost; they depend on the plan alone, so a resumed run finds them.

    The cost of a run is its companies (and a floor) × its ticks.
    """
    costs = [spec.ticks * (_companies(spec) + _FLOOR) for spec in job.lanes]
    out: list[Chunk] = []
    start, cost = 0, 0.0
    for run in range(len(job)):
        own = costs[job.address(run)[1]]
        if run > start and (cost + own > _WORK or run - start >= _MOST):
            out.append(Chunk(len(out), start, run))
            start, cost = run, 0.0
        cost += own
    if start < len(job):
        out.append(Chunk(len(out), start, len(job)))
    return out


def _companies(spec: Any) -> int:
    table = spec.load_case().establishments
    return int(table["establishments"].sum()) if len(table) else 0


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of one batch, open for writing.

    Attributes
    ----------
    folder : Path
    """

    folder: Path

    def todo(self, chunks: list[Chunk]) -> list[Chunk]:
        """Return the chunks whose part is not there yet."""
        there = finished(self.folder)
        return [chunk for chunk in chunks if chunk.number not in there]

    def close(self, chunks: list[Chunk]) -> None:
        """Write the list of all runs once every part is there."""
        if not self.todo(chunks):
            runs = [pd.read_parquet(part_path(self.folder, "runs", chunk.number)) for chunk in chunks]
            write_table(pd.concat(runs, ignore_index=True), self.folder / "manifest.parquet")


@contextmanager
def opened(folder: Path, plan: Plan, job: Job, *, fresh: bool) -> Iterator[Store]:
    """Give the folder of a batch to one process, begun or resumed.

    Raises
    ------
    ScenarioError
        When another process works in it, or it holds another plan or the results of another code.
    """
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise scenario_error(
            "un autre processus travaille dans ce dossier : attendre qu'il finisse, ou choisir un autre --out",
            "another process works in this folder: wait until it ends, or choose another --out",
            file=str(folder),
        ) from None
    except OSError as error:
        raise scenario_error(
            f"dossier impossible à écrire : {error.strerror}", f"this folder cannot be written: {error.strerror}",
            file=str(folder),
        ) from error  # fmt: skip
    try:
        _begin(folder, plan, job, fresh=fresh)
        yield Store(folder)
    finally:
        lock.release()


def _begin(folder: Path, plan: Plan, job: Job, *, fresh: bool) -> None:
    sweep(folder)
    ours = {"format": FORMAT, "plan": fingerprint(job), "code": code_version()}
    theirs = _begun(folder)
    if fresh or theirs is None:
        if not fresh and finished(folder):
            raise _mixed(folder, "des résultats sans plan", "results without a plan")
        for path in [*(folder / PARTS).glob("*.parquet"), folder / "manifest.parquet"]:
            path.unlink(missing_ok=True)
        _describe(folder, plan, job, ours)
    elif theirs["plan"] != ours["plan"]:
        raise _mixed(folder, "un autre plan", "another plan")
    elif theirs["code"] != ours["code"]:
        raise _mixed(
            folder,
            f"les résultats d'un autre code ({theirs['code']})",
            f"results of another code ({theirs['code']})",
        )


def _begun(folder: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise scenario_error(
            "batch.json est illisible : recommencer avec --fresh", "batch.json cannot be read: start over with --fresh",
            file=str(folder / MANIFEST),
        ) from error  # fmt: skip
    return found if isinstance(found, dict) and {"plan", "code"} <= set(found) else None


def _mixed(folder: Path, fr: str, en: str) -> Exception:
    return scenario_error(
        f"ce dossier contient {fr} : choisir un autre --out, ou tout recommencer avec --fresh",
        f"this folder holds {en}: choose another --out, or start over with --fresh",
        file=str(folder),
    )


def _describe(folder: Path, plan: Plan, job: Job, ours: dict[str, Any]) -> None:
    """Write what the batch is: plan, points, scenarios in full, versions; batch.json comes last."""
    versions = provenance()
    document = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    write_text(tomlkit.dumps(document), folder / "plan.toml")
    points = pd.DataFrame([{"point": n, **point} for n, point in enumerate(job.points)])
    write_table(points, folder / "points.parquet")
    manifest = ours | {
        "name": plan.name,
        "runs": len(job),
        "scenarios": [
            {"label": label, "name": spec.name, "hash": spec.hash, "document": spec.document()}
            for label, spec in zip(job.labels, job.lanes, strict=True)
        ],
        "parameters": [p.model_dump(mode="json", exclude_none=True) for p in plan.parameter],
        "design": plan.design.model_dump(mode="json", exclude_none=True),
        "seeds": [job.seeds.start, job.seeds.stop],
        "record": plan.record.model_dump(mode="json"),
        "columns": list(job.columns),
        "start_year": job.lanes[0].start_year,
        "years": job.lanes[0].years,
        "platform": versions.pop("platform"),
        "versions": versions,
    }
    write_text(json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False), folder / MANIFEST)
