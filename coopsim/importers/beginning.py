"""A territory's own folder, ready to fill: a case out of a shipped one, three scenarios on it, a sheet of figures."""

import csv
import io
import json
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text, lang
from coopsim.importers import import_files
from coopsim.importers.figures import SHEET, wanted
from coopsim.importers.folder import CaseFolder
from coopsim.scenario import shipped_scenarios

CASE, PLACE, FIGURES = "case", "place.toml", "figures.csv"
_SETTINGS = ("governance", "economy", "society", "resources", "climate", "submodels")
_RULES = {
    "status-quo": (
        Text("la pratique observée", "observed practice"),
        Text("Que devient-on si chacun continue comme aujourd'hui ?", "What if everyone goes on as today?"),
    ),
    "attractiveness": (
        Text("la course à l'attractivité", "the attractiveness race"),
        Text(
            "Que se passe-t-il si chaque intercommunalité cherche à attirer les entreprises ?",
            "What happens if every intercommunalité tries to attract companies?",
        ),
    ),
    "cooperation": (
        Text("gérer ensemble l'eau, le bois et le foncier", "managing water, wood and land together"),
        Text(
            "Que se passe-t-il si les règles ouvrent et financent la coopération ?",
            "What happens if the rules open and fund cooperation?",
        ),
    ),
}
_THERE = Text("ce dossier existe déjà et n'est pas vide", "this folder exists already and is not empty")


@dataclass(frozen=True, slots=True)
class Begun:
    """What was written.

    Attributes
    ----------
    territories : tuple of str
        Names.
    scenarios : tuple of Path
    figures : int
        Rows of the sheet to fill in.
    remarks : tuple of Text
    """

    territories: tuple[str, ...]
    scenarios: tuple[Path, ...]
    figures: int
    remarks: tuple[Text, ...]


def begin(
    folder: Path, options: Mapping[str, str], *, base: str = "france", title: str = "", years: int = 30
) -> Begun:
    """Write a territory's folder, whole or not at all.

    Parameters
    ----------
    folder : Path
        Must not exist, or be empty.
    options : mapping of str to str
        ``territories``, ``departements``, ``rings``, as the import ``extract`` takes them.
    base : str
        Case that the territories are taken from: shipped name or folder.
    title : str
        Name of the place; that of the folder by default.
    years : int
        Length of the scenarios.

    Raises
    ------
    ScenarioError
        For a folder in use, and whatever `import_files` refuses.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScenarioError([Problem(_THERE, str(folder))])
    above = next(path for path in folder.absolute().parents if path.is_dir())
    stage = Path(tempfile.mkdtemp(prefix=".new-", dir=above))
    try:
        found = _write(stage, folder, options, base, title or folder.absolute().name, years)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            folder.rmdir()
        stage.chmod(0o755)
        stage.replace(folder)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    return found


def _write(stage: Path, folder: Path, options: Mapping[str, str], base: str, title: str, years: int) -> Begun:
    done = import_files("extract", [Path(base)], stage / CASE, options)
    case = CaseFolder(stage / CASE)
    slug = _slug(folder.absolute().name)
    (stage / CASE / "case.toml").write_text(_head(stage / CASE / "case.toml", slug, title), encoding="utf-8")
    (stage / PLACE).write_text(_place(case, base, title, years), encoding="utf-8")
    names = []
    for preset, (fr_en, question) in _RULES.items():
        name = f"{slug}-{preset}"
        (stage / f"{name}.toml").write_text(_scenario(name, preset, title, fr_en, question), encoding="utf-8")
        names.append(folder / f"{name}.toml")
    rows = wanted(case)
    (stage / FIGURES).write_text(_sheet(rows), encoding="utf-8-sig", newline="")
    territories = tuple(row["name"] for row in case.rows("territories"))
    return Begun(territories, tuple(names), len(rows), done.remarks)


def _slug(name: str) -> str:
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    return "-".join(part for part in plain.split("-") if part) or "place"


def _head(path: Path, slug: str, title: str) -> str:
    """Return ``case.toml`` with the name and the title of the place."""
    year = tomllib.loads(path.read_text(encoding="utf-8"))["reference_year"]
    shown = json.dumps(title, ensure_ascii=False)
    return (
        f'name = "{slug}"\nreference_year = {year}\n'
        'licence = "Licence Ouverte 2.0 for the data of the State, see sources.csv"\n\n'
        f"[title]\nfr = {shown}\nen = {shown}\n"
    )


def _place(case: CaseFolder, base: str, title: str, years: int) -> str:
    """Return what all scenarios of the place share: its case, its years, what was fitted to the case it comes from."""
    rows = case.rows("territories")
    active = sum(float(row["active"]) for row in rows)
    out_of_work = sum(float(row["unemployed"]) for row in rows) / active if active > 0 else None
    extends, settings = _fitted(base)
    if out_of_work is not None:
        for part in ("companies", "people"):
            of = settings.setdefault({"companies": "economy", "people": "society"}[part], {})
            of.setdefault(part, {})["unemployment_reference"] = round(out_of_work, 4)
    shown = json.dumps(title, ensure_ascii=False)
    lines = ["# What all scenarios of this place share.", "schema = 1"]
    lines += [f"extends = {json.dumps(extends)}"] if extends else []
    lines += ["", "[title]", f"fr = {shown}", f"en = {shown}", ""]
    lines += ["[horizon]", "start_year = 2026", f"years = {years}", "", "[case]", f'name = "./{CASE}"', ""]
    if settings:
        lines += [
            f"# Fitted to the case {base}, as in its status quo; unemployment is that of the territories.",
            *_toml(settings),
        ]
    return "\n".join(lines).rstrip() + "\n"


def _fitted(base: str) -> tuple[list[str], dict[str, Any]]:
    """Return the places that the status quo of a shipped case extends, and the settings that it makes itself."""
    known = shipped_scenarios()
    path = known.get(f"{base}-status-quo")
    if path is None:
        return [], {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    places = [
        name for name in data.get("extends", ()) if name in known and known[name].parent.name == "places"
    ]
    return places, {key: value for key, value in data.items() if key in _SETTINGS}


def _toml(settings: Mapping[str, Any], above: str = "") -> list[str]:
    """Return tables of numbers, texts, truths and lists as lines of TOML."""
    lines: list[str] = []
    plain = {key: value for key, value in settings.items() if not isinstance(value, Mapping)}
    if plain:
        lines += [f"[{above}]", *(f"{key} = {json.dumps(value)}" for key, value in plain.items()), ""]
    for key, value in settings.items():
        if isinstance(value, Mapping):
            lines += _toml(value, f"{above}.{key}" if above else key)
    return lines


def _scenario(name: str, preset: str, title: str, what: Text, question: Text) -> str:
    fr, en = (
        json.dumps(text, ensure_ascii=False) for text in (f"{title} : {what.fr}", f"{title}: {what.en}")
    )
    return (
        f'schema = 1\nname = "{name}"\nextends = ["{preset}", "./{PLACE}"]\n\n'
        f"[title]\nfr = {fr}\nen = {en}\n\n"
        f"[question]\nfr = {json.dumps(question.fr, ensure_ascii=False)}\n"
        f"en = {json.dumps(question.en, ensure_ascii=False)}\n"
    )


def _sheet(rows: list[dict[str, str]]) -> str:
    """Return the sheet of figures as a spreadsheet opens it: semicolons, and decimal commas where one reads French."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SHEET, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        now = row["now"].replace(".", ",") if lang() == "fr" else row["now"]
        writer.writerow({**row, "now": now})
    return out.getvalue()
