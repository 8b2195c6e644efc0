"""Where a case is and which territories it has, without reading its tables."""

import csv
import hashlib
from pathlib import Path

from coopsim.errors import ScenarioError, scenario_error
from coopsim.registry import nearest
from coopsim.scenario.confine import is_file, is_folder
from coopsim.scenario.document import CaseSpec
from coopsim.scenario.merger import renamed
from coopsim.scenario.reading import file_text
from coopsim.scenario.shipped import shipped_cases

TERRITORIES = "territories.csv"


def is_path(name: str) -> bool:
    """Return whether a case is named by a path rather than by a shipped name."""
    return "/" in name or "\\" in name


def case_folder(name: str) -> Path:
    """Return the folder of a shipped case or of a path.

    Raises
    ------
    ScenarioError
        When there is no such folder, or no table of territories in it.
    """
    known = shipped_cases()
    if not is_path(name):
        if name in known:
            return known[name]
        beside = Path(name)
        raise scenario_error(
            "aucun cas livré ne porte ce nom",
            "no shipped case has this name",
            value=name,
            allowed=", ".join(known),
            nearest=f"./{name}" if is_folder(beside) else nearest(name, list(known)),
        )
    folder = Path(name)
    if not is_folder(folder):
        raise scenario_error(
            "ce dossier de cas n'existe pas",
            "this case folder does not exist",
            value=name,
            nearest=nearest(folder.name, list(known)),
        )
    if not is_file(folder / TERRITORIES):
        raise scenario_error(
            f"ce dossier n'est pas un cas : il y manque {TERRITORIES}",
            f"this folder is not a case: it has no {TERRITORIES}",
            value=name,
        )
    return folder


def territory_names(case: CaseSpec) -> dict[str, str]:
    """Return the name of each territory by its code, mergers made; empty when the table cannot be read."""
    return renamed(case.merge or (), unmerged_names(case))


def unmerged_names(case: CaseSpec) -> dict[str, str]:
    """Return the name of each territory of the case's own table by its code; empty when it cannot be read."""
    if case.synthetic is not None:
        return {code: code for code in case.synthetic.codes}
    path = case_folder(str(case.name)) / TERRITORIES
    text = file_text(path, path.name, [])
    if text is None:
        return {}  # the table's own reader says what is wrong
    try:
        rows = list(csv.DictReader(text.splitlines()))
    except csv.Error:
        return {}
    return {row["code"].strip(): (row.get("name") or "").strip() for row in rows if row.get("code")}


def case_digest(name: str) -> str:
    """Return a hash of the files of a case, whatever the line ends of this platform."""
    digest = hashlib.sha256()
    for path in sorted(case_folder(name).iterdir()):
        if path.suffix in {".csv", ".toml", ".geojson"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def case_problem(case: CaseSpec) -> ScenarioError | None:
    """Return why a case cannot be found, or None."""
    if case.name is not None:
        try:
            case_folder(case.name)
        except ScenarioError as error:
            return error
    return None
