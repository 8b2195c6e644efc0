"""The folder of a batch: its plan, its parts, who works in it, and whether a run may go on in it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomlkit
from filelock import FileLock, Timeout

from coopsim.batch.files import (
    FORMAT,
    MANIFEST,
    PARTS,
    POINTS,
    RUNS,
    empty,
    part_files,
    part_path,
    sweep,
    write_table,
    write_text,
)
from coopsim.batch.plan import Plan
from coopsim.batch.versions import changed_rules
from coopsim.batch.work import Chunk, Job
from coopsim.errors import ScenarioError, reason_of, scenario_error
from coopsim.outputs import provenance

_ALL = "manifest.parquet"
_LOCK = ".lock"


def fingerprint(job: Job) -> str:
    """Return a digest of what the runs of a batch are: scenarios with their case files, points, seeds, record."""
    said = {
        "lanes": [[label, spec.hash] for label, spec in zip(job.labels, job.lanes, strict=True)],
        "points": [dict(job.points[n]) for n in range(job.point_count)],
        "seeds": [job.seeds.start, job.seeds.stop],
        "record": [job.what, list(job.columns), job.territories, job.journal],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of one batch, open for writing.

    Attributes
    ----------
    folder : Path
    """

    folder: Path

    def todo(self, chunks: list[Chunk]) -> list[Chunk]:
        """Return the chunks whose part is not there yet, or was given up."""
        there = part_files(self.folder, RUNS)
        return [chunk for chunk in chunks if chunk.number not in there]

    def close(self, chunks: list[Chunk]) -> None:
        """Write the list of all runs once every part is there."""
        if not self.todo(chunks):
            tables = [pq.read_table(part_path(self.folder, RUNS, chunk.number)) for chunk in chunks]
            write_table(pa.concat_tables(tables), self.folder / _ALL)


@contextmanager
def opened(folder: Path, plan: Plan, job: Job, *, fresh: bool) -> Iterator[Store]:
    """Give the folder of a batch to one process, begun or resumed.

    Raises
    ------
    ScenarioError
        When another process works in it, it holds another plan or the results of another code, or it cannot be
        written.
    """
    if folder.exists() and not folder.is_dir():
        raise scenario_error("un fichier porte déjà ce nom", "a file already has this name", file=str(folder))
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
        raise _unwritable(folder, error) from error
    try:
        try:
            _begin(folder, plan, job, fresh=fresh)
        except OSError as error:
            raise _unwritable(folder, error) from error
        yield Store(folder)
    finally:
        lock.release()


def _unwritable(folder: Path, error: OSError) -> ScenarioError:
    return scenario_error(
        f"dossier impossible à écrire : {reason_of(error).fr}", f"this folder cannot be written: {reason_of(error).en}",
        file=str(folder),
    )  # fmt: skip


def _begin(folder: Path, plan: Plan, job: Job, *, fresh: bool) -> None:
    sweep(folder)
    theirs = {} if fresh else _begun(folder)
    if theirs is None and part_files(folder, RUNS):
        raise _mixed(folder, "des résultats sans plan", "results without a plan")
    if fresh or theirs is None:
        for name in (MANIFEST, _ALL):  # first what makes it a batch: a kill here leaves parts without a plan
            (folder / name).unlink(missing_ok=True)
        empty(folder)
        _describe(folder, plan, job)
        return
    if theirs.get("plan") != fingerprint(job):
        raise _mixed(folder, "un autre plan", "another plan")
    if theirs.get("code") != job.code:
        code, rules = theirs.get("code"), ", ".join(changed_rules(theirs.get("versions") or {}))
        if rules:
            raise _mixed(
                folder,
                f"les résultats d'autres règles ({rules} a changé)",
                f"results of other rules ({rules} has changed)",
            )
        raise _mixed(folder, f"les résultats d'un autre code ({code})", f"results of another code ({code})")
    said = theirs | _reading(plan, job)
    if said != theirs:
        _write(folder, plan, said)


def _begun(folder: Path) -> dict[str, Any] | None:
    """Return what the folder says of its batch, None where no batch was begun."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise scenario_error(
            "batch.json est illisible : recommencer avec --fresh", "batch.json cannot be read: start over with --fresh",
            file=str(folder / MANIFEST),
        ) from error  # fmt: skip
    return found if isinstance(found, dict) else {}


def _mixed(folder: Path, fr: str, en: str) -> ScenarioError:
    return scenario_error(
        f"ce dossier contient {fr} : choisir un autre --out, ou tout recommencer avec --fresh",
        f"this folder holds {en}: choose another --out, or start over with --fresh",
        file=str(folder),
    )


def there_already(folder: Path, job: Job) -> set[int]:
    """Return the parts of this batch that a folder holds; none of another plan or code."""
    try:
        theirs = _begun(folder) or {}
    except (ScenarioError, OSError):
        return set()
    ours = theirs.get("plan") == fingerprint(job) and theirs.get("code") == job.code
    return set(part_files(folder, RUNS)) if ours else set()


def _describe(folder: Path, plan: Plan, job: Job) -> None:
    """Write what the batch is: points, then what `_said_of` writes; batch.json comes last."""
    points = pd.DataFrame([{"point": n, **job.points[n]} for n in range(job.point_count)])
    write_table(pa.Table.from_pandas(points, preserve_index=False), folder / POINTS)
    versions = provenance()
    manifest = {
        "format": FORMAT,
        "plan": fingerprint(job),
        "code": job.code,
        "runs": len(job),
        "design": plan.design.model_dump(mode="json", exclude_none=True),
        "seeds": [job.seeds.start, job.seeds.stop],
        "record": plan.record.model_dump(mode="json"),
        "columns": list(job.columns),
        "start_year": job.lanes[0].start_year,
        "years": job.lanes[0].years,
        "platform": versions.pop("platform"),
        "versions": versions,
        **_reading(plan, job),
    }
    _write(folder, plan, manifest)


def _reading(plan: Plan, job: Job) -> dict[str, Any]:
    """Return what only readers of the results use: it may change without another run."""
    return {
        "name": plan.name,
        "scenarios": [
            {
                "label": label, "title": {"fr": spec.title.fr, "en": spec.title.en}, "hash": spec.hash,
                "source": plan.source_of(lane), "set": lane.model_dump(mode="json")["set"],
                "document": spec.document(),
            }
            for label, spec, lane in zip(job.labels, job.lanes, plan.run.scenarios, strict=True)
        ],
        "contrasts": [list(pair) for pair in plan.run.pairs()],
        "parameters": [parameter.about() for parameter in plan.parameter],
        "rules": list(job.files),
    }  # fmt: skip


def _write(folder: Path, plan: Plan, manifest: dict[str, Any]) -> None:
    document = {"schema": 1} | plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for lane, written in zip(plan.run.scenarios, document["run"]["scenarios"], strict=True):
        written["scenario"] = plan.source_of(lane)
    write_text(tomlkit.dumps(document), folder / "plan.toml")
    write_text(json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False), folder / MANIFEST)
