"""A case with figures replaced, so that what a study holds out is not in the state that its runs start from.

The copy lies in the cache of the user, in a folder named by what it holds: made once, never changed.
"""

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from platformdirs import user_cache_path

from coopsim.errors import Problem, scenario_error
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_places import TERRITORIES, case_digest, case_folder
from coopsim_calibration.study import Replaced


def mistakes(case: str, items: Sequence[Replaced]) -> Iterator[Problem]:
    """Yield columns and territories that the case's table does not have, and what is replaced twice."""
    header, rows = _table(case_folder(case) / TERRITORIES)
    codes = [row["code"] for row in rows]
    seen: set[tuple[str, str]] = set()
    for n, item in enumerate(items):
        place = f"replaced[{n + 1}]"
        if item.column not in header or item.column in {"code", "name"}:
            text = Text("cette colonne n'est pas dans la table", "this column is not in the table")
            near = nearest(item.column, header[2:])
            yield Problem(text, key=f"{place}.column", value=item.column, nearest=near)
        if item.territory not in codes:
            text = Text("le modèle n'a pas ce territoire", "the model does not have this territory")
            near, allowed = nearest(item.territory, codes), ", ".join(codes)
            yield Problem(text, key=f"{place}.territory", value=item.territory, allowed=allowed, nearest=near)
        if (item.column, item.territory) in seen:
            text = Text("remplacé deux fois", "replaced twice")
            yield Problem(text, key=f"{place}.column", value=item.column)
        seen.add((item.column, item.territory))


def case_with(case: str, items: Sequence[Replaced]) -> Path:
    """Return the folder of a copy of a case whose figures are replaced.

    Raises
    ------
    ScenarioError
        When neither the cache of the user nor the system's temporary folder can be written.
    """
    source = case_folder(case)
    said = json.dumps([case_digest(case), [item.model_dump(mode="json") for item in items]], sort_keys=True)
    name = hashlib.sha256(said.encode()).hexdigest()[:16]
    for cache in (user_cache_path("coopsim"), Path(tempfile.gettempdir()) / "coopsim"):
        place = cache / "cases" / name / source.name
        if (place / TERRITORIES).is_file():
            return place
        try:
            return _copied(source, place, items)
        except OSError:  # a home that cannot be written: the temporary folder serves
            continue
    raise scenario_error("aucun dossier temporaire n'est inscriptible", "no temporary folder can be written")


def _copied(source: Path, place: Path, items: Sequence[Replaced]) -> Path:
    """Copy beside, then move in one step: a reader finds the whole case or none."""
    place.parent.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=place.parent.parent))
    try:
        shutil.copytree(source, part / source.name)
        table = part / source.name / TERRITORIES
        header, rows = _table(table)
        for item in items:
            for row in rows:
                if row["code"] == item.territory:
                    row[item.column] = repr(item.value)
        out = io.StringIO()
        writer = csv.DictWriter(out, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        table.write_text(out.getvalue(), encoding="utf-8")
        try:
            part.rename(place.parent)
        except OSError:
            if not (place / TERRITORIES).is_file():  # unless another process made the same copy meanwhile
                raise
    finally:
        if os.path.lexists(part):
            shutil.rmtree(part, ignore_errors=True)
    return place


def _table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    rows = list(reader)
    return list(reader.fieldnames or ()), rows
