"""Wrong scenario and case files: each has one mistake, so each must give one clear message.

`BAD_FILES` maps a name to a `Bad`: a builder that writes the file (or folder) under a folder and
returns its path, and what the message must say. The command line is tested with the same list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.case_files import drop_column, drop_rows, read_rows, spoil, write_case, write_rows

HEAD = 'schema = 1\nname = "wrong"\n'
CASE = "[case.synthetic]\nterritories = 3\n"


@dataclass(frozen=True)
class Bad:
    """A wrong file and what must be said about it.

    ``file`` and ``key`` are those of the only problem; ``fr`` and ``en`` stand in its message; ``hint``
    is the nearest name proposed, ``line`` the line of the mistake (0: none).
    """

    make: Callable[[Path], Path]
    file: str
    key: str
    fr: str
    en: str
    hint: str = ""
    line: int = 0


def load_any(path: Path) -> object:
    """Load a scenario file with its case, or a case folder, as ``coopsim validate`` does."""
    from coopsim.scenario import load_scenario
    from coopsim.scenario.case import load_case

    if path.is_dir() and (path / "territories.csv").is_file():
        return load_case(path)
    return load_scenario(path).load_case()


def scenario(text: str, head: str = HEAD, case: str = CASE) -> Callable[[Path], Path]:
    """Return the builder of a scenario file: head, the given text, a synthetic case."""

    def make(folder: Path) -> Path:
        path = folder / "wrong.toml"
        path.write_text(head + text + case, encoding="utf-8")
        return path

    return make


def case_with(change: Callable[[Path], object]) -> Callable[[Path], Path]:
    """Return the builder of a case folder that is sound but for one change."""

    def make(folder: Path) -> Path:
        case = write_case(folder / "valley")
        change(case)
        return case

    return make


def _cell(table: str, row: int, column: str, value: str) -> Callable[[Path], Path]:
    return case_with(lambda folder: spoil(folder, table, row, column, value))


def _bytes(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def _loop(folder: Path) -> Path:
    """Three files that extend each other in a circle."""
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        head = HEAD + f'extends = ["./{parent}.toml"]\n'
        (folder / f"{name}.toml").write_text(head + CASE, encoding="utf-8")
    return folder / "a.toml"


def _parent_wrong(folder: Path) -> Path:
    """A sound file that extends one with a mistake."""
    (folder / "base.toml").write_text("[governance.payoff.subsidy]\nmaximum = 3.0\n", encoding="utf-8")
    path = folder / "child.toml"
    path.write_text(HEAD + 'extends = ["base.toml"]\n' + CASE, encoding="utf-8")
    return path


def _folder(folder: Path) -> Path:
    path = folder / "scenario.toml"
    path.mkdir()
    return path


def _missing(folder: Path) -> Path:
    (folder / "valley.toml").write_text(HEAD + CASE, encoding="utf-8")
    return folder / "valey.toml"


def _latin1(folder: Path) -> Path:
    path = write_case(folder / "valley") / "territories.csv"
    rows = read_rows(path)
    rows[1][1] = "Vallée"
    text = "\n".join(",".join(row) for row in rows) + "\n"
    path.write_bytes(text.encode("latin-1"))
    return path.parent


def _emptied(case: Path) -> None:
    (case / "sectors.csv").write_bytes(b"")


def _semicolons(case: Path) -> None:
    path = case / "links.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")


def _misspelt_column(case: Path) -> None:
    path = case / "bodies.csv"
    rows = read_rows(path)
    rows = [[*row, "x"] for row in rows]
    rows[0][-1] = "capacity_m3_per_dya"
    write_rows(path, rows)


def _twice(case: Path) -> None:
    path = case / "sectors.csv"
    rows = read_rows(path)
    rows[1][rows[0].index("share_of_group")] = "0.5"
    write_rows(path, [*rows, rows[1]])


def _cut_row(case: Path) -> None:
    path = case / "links.csv"
    rows = read_rows(path)
    rows[2] = rows[2][:-1]
    write_rows(path, rows)


def _removed(name: str) -> Callable[[Path], object]:
    return lambda case: (case / name).unlink()


_TERRITORY_RULE = '[[territory]]\ncode = "{code}"\nfrom = "{day}"\ngovernance.{rule}\n'
_EVENT = '[[event]]\nwhen = {when}\nwhat = "{what}"\namount = {amount}\n'


def _rule(code: str = "T01", day: str = "2030-01-01", rule: str = "payoff.subsidy.max = 2.0") -> str:
    return _TERRITORY_RULE.format(code=code, day=day, rule=rule)


def _event(when: str = '"2030-01-01"', what: str = "drought", amount: str = "0.5") -> str:
    return _EVENT.format(when=when, what=what, amount=amount)


SCENARIOS: dict[str, Bad] = {
    "unknown key": Bad(
        scenario("[governance.payoff.revenue_sharing]\nshar = 0.3\n"),
        "wrong.toml",
        "governance.payoff.revenue_sharing.shar",
        "clé inconnue",
        "unknown key",
        "share",
        4,
    ),
    "key in the wrong section": Bad(
        scenario('diagnostic = "shared"\n'),
        "wrong.toml",
        "diagnostic",
        "clé inconnue",
        "unknown key",
        "governance.information.diagnostic",
        3,
    ),
    "wrong unit": Bad(
        scenario("[governance.information]\nmonitoring_budget_eur = 30000\n"),
        "wrong.toml",
        "governance.information.monitoring_budget_eur",
        "k€",
        "k€",
        "monitoring_budget_keur",
        4,
    ),
    "out of bounds": Bad(
        scenario("[governance.payoff.revenue_sharing]\nshare = 30\n"),
        "wrong.toml",
        "governance.payoff.revenue_sharing.share",
        "hors des bornes",
        "out of bounds",
        line=4,
    ),
    "boolean for a number": Bad(
        scenario("[governance.scope.wood]\nincrement_share = true\n"),
        "wrong.toml",
        "governance.scope.wood.increment_share",
        "un nombre est attendu",
        "a number is expected",
        line=4,
    ),
    "text for a number": Bad(
        scenario('[horizon]\nyears = "30"\n'),
        "wrong.toml",
        "horizon.years",
        "un nombre entier est attendu",
        "a whole number is expected",
        line=4,
    ),
    "NaN": Bad(
        scenario("[governance.information]\nagenda_alignment = nan\n"),
        "wrong.toml",
        "governance.information.agenda_alignment",
        "nombre fini",
        "finite number",
        line=4,
    ),
    "unknown choice": Bad(
        scenario('[governance.information]\ndiagnostic = "shred"\n'),
        "wrong.toml",
        "governance.information.diagnostic",
        "choix inconnu",
        "unknown choice",
        "shared",
        4,
    ),
    "unknown rule": Bad(
        scenario('[governance.aggregation]\ncouncil_rule = "majorty"\n'),
        "wrong.toml",
        "governance.aggregation.council_rule",
        "aucune règle de vote ne porte ce nom",
        "no voting rule has this name",
        "majority",
        4,
    ),
    "unknown parameter of a rule": Bad(
        scenario('[governance.aggregation]\ncouncil_rule = {rule = "majority", quorum = 0.5}\n'),
        "wrong.toml",
        "governance.aggregation.council_rule.quorum",
        "paramètre inconnu",
        "unknown parameter",
        line=4,
    ),
    "inverted bounds": Bad(
        scenario("[governance.payoff]\ntax_rate_bounds = [30, 20]\n"),
        "wrong.toml",
        "governance.payoff.tax_rate_bounds",
        "borne basse",
        "lower bound",
        line=4,
    ),
    "loop in extends": Bad(_loop, "c.toml", "extends", "tourne en rond", "in a circle", line=3),
    "extends itself": Bad(
        scenario('extends = ["./wrong.toml"]\n'),
        "wrong.toml",
        "extends",
        "tourne en rond : wrong.toml → wrong.toml",
        "in a circle: wrong.toml → wrong.toml",
        line=3,
    ),
    "unknown parent": Bad(
        scenario('extends = ["qqqq"]\n'),
        "wrong.toml",
        "extends",
        "aucun scénario livré",
        "no shipped scenario",
        line=3,
    ),
    "missing parent file": Bad(
        scenario('extends = ["./elsewhere.toml"]\n'),
        "wrong.toml",
        "extends",
        "n'existe pas",
        "does not exist",
        line=3,
    ),
    "mistake in a parent": Bad(
        _parent_wrong,
        "base.toml",
        "governance.payoff.subsidy.maximum",
        "clé inconnue",
        "unknown key",
        "max",
        2,
    ),
    "duplicate key": Bad(
        scenario("[horizon]\nyears = 20\nyears = 30\n"),
        "wrong.toml",
        "",
        "donnée deux fois",
        "given twice",
        line=5,
    ),
    "duplicate table": Bad(
        scenario("[horizon]\nyears = 20\n[record]\n[horizon]\n"),
        "wrong.toml",
        "",
        "donnée deux fois",
        "given twice",
        line=6,
    ),
    "syntax": Bad(
        scenario("[horizon\nyears = 20\n"), "wrong.toml", "", "syntaxe TOML", "TOML syntax", line=3
    ),
    "encoding": Bad(
        _bytes("wrong.toml", HEAD.encode() + 'title.fr = "Vallée"\n'.encode("latin-1")),
        "wrong.toml",
        "",
        "UTF-8",
        "UTF-8",
        line=3,
    ),
    "empty file": Bad(_bytes("wrong.toml", b"\n \n"), "wrong.toml", "", "vide", "empty"),
    "folder instead of a file": Bad(_folder, "scenario.toml", "", "un dossier", "a folder"),
    "missing file": Bad(_missing, "valey.toml", "", "n'existe pas", "does not exist", "valley.toml"),
    "fragment": Bad(
        scenario("[governance.payoff.subsidy]\nmax = 2.0\n", head="", case=""),
        "wrong.toml",
        "",
        "fragment",
        "fragment",
    ),
    "unknown case": Bad(
        scenario('[case]\nname = "figac"\n', case=""),
        "wrong.toml",
        "case.name",
        "aucun cas livré",
        "no shipped case",
        "figeac",
        4,
    ),
    "unknown event": Bad(
        scenario(_event(what="drougth")),
        "wrong.toml",
        "event[1].what",
        "événement inconnu",
        "unknown event",
        "drought",
        5,
    ),
    "amount of an event": Bad(
        scenario(_event(amount="40.0")),
        "wrong.toml",
        "event[1].amount",
        "hors des bornes",
        "out of the bounds",
        line=6,
    ),
    "event outside the horizon": Bad(
        scenario(_event(when="2090-01-01")),
        "wrong.toml",
        "event[1].when",
        "hors de la durée",
        "outside the time",
        line=4,
    ),
    "badly written date": Bad(
        scenario(_event(when='"01/01/2030"')), "wrong.toml", "event[1].when", "une date", "a date", line=4
    ),
    "rule of an unknown territory": Bad(
        scenario(_rule(code="T04")),
        "wrong.toml",
        "territory[1].code",
        "territoire inconnu",
        "territory unknown",
        "T03",
        4,
    ),
    "rule of a territory out of bounds": Bad(
        scenario(_rule(rule="payoff.subsidy.max = -2.0")),
        "wrong.toml",
        "territory[1].governance.payoff.subsidy.max",
        "hors des bornes",
        "out of bounds",
        line=6,
    ),
    "territories of an event": Bad(
        scenario(_event() + 'territories = ["T01", "T9"]\n'),
        "wrong.toml",
        "event[1].territories[2]",
        "territoire inconnu",
        "territory unknown",
        line=7,
    ),
    "synthetic river in a circle": Bad(
        scenario(
            'nodes = [{node = "A", downstream = "B"}, {node = "B", downstream = "A"}]\n',
            head=HEAD + CASE,
            case="",
        ),
        "wrong.toml",
        "case.synthetic.nodes",
        "A → B → A",
        "A → B → A",
        line=5,
    ),
    "version": Bad(
        scenario("", head='schema = 2\nname = "wrong"\n'),
        "wrong.toml",
        "schema",
        "choix inconnu",
        "unknown choice",
        line=1,
    ),
    "name": Bad(
        scenario("", head='name = "Ma vallée"\n'),
        "wrong.toml",
        "name",
        "caractères refusés",
        "characters refused",
        line=1,
    ),
}

CASES: dict[str, Bad] = {
    "negative area": Bad(
        _cell("territories", 2, "area_ha", "-100"),
        "valley/territories.csv",
        "area_ha",
        "valeur négative",
        "negative value",
        line=3,
    ),
    "absurd population": Bad(
        _cell("territories", 1, "population", "4e9"),
        "valley/territories.csv",
        "population",
        "vraisemblance",
        "likelihood",
        line=2,
    ),
    "area larger than France": Bad(
        _cell("territories", 1, "area_ha", "9e7"),
        "valley/territories.csv",
        "area_ha",
        "vraisemblance",
        "likelihood",
        line=2,
    ),
    "land uses above the area": Bad(
        _cell("territories", 1, "housing_land_ha", "50000"),
        "valley/territories.csv",
        "area_ha",
        "dépassent la surface",
        "above the area",
        line=2,
    ),
    "cycle in the river": Bad(
        _cell("water_nodes", 3, "downstream", "N1"),
        "valley/water_nodes.csv",
        "downstream",
        "N1 → N2 → N3 → N1",
        "N1 → N2 → N3 → N1",
        line=2,
    ),
    "node downstream unknown": Bad(
        _cell("water_nodes", 1, "downstream", "N22"),
        "valley/water_nodes.csv",
        "downstream",
        "n'a pas ce code",
        "no such code",
        "N2",
        2,
    ),
    "shares of a group": Bad(
        _cell("sectors", 1, "share_of_group", "0.9"),
        "valley/sectors.csv",
        "share_of_group",
        "font 0.9",
        "sum to 0.9",
        line=2,
    ),
    "shares of intake": Bad(
        _cell("water_nodes", 2, "intake_share", "0.999"),
        "valley/water_nodes.csv",
        "intake_share",
        "font 0.999",
        "sum to 0.999",
        line=3,
    ),
    "profile": Bad(
        _cell("water_regimes", 5, "value", "3"),
        "valley/water_regimes.csv",
        "value",
        "moyenne 1.05",
        "mean 1.05",
        line=2,
    ),
    "missing column": Bad(
        case_with(lambda folder: drop_column(folder, "territories", "dwellings")),
        "valley/territories.csv",
        "dwellings",
        "colonne manquante",
        "missing column",
        line=1,
    ),
    "unknown column": Bad(
        case_with(_misspelt_column),
        "valley/bodies.csv",
        "capacity_m3_per_dya",
        "colonne inconnue",
        "unknown column",
        "capacity_m3_per_day",
        1,
    ),
    "NaN in a table": Bad(
        _cell("forest", 1, "volume_m3", "nan"),
        "valley/forest.csv",
        "volume_m3",
        "nombre fini",
        "finite number",
        line=2,
    ),
    "empty cell": Bad(
        _cell("territories", 3, "population", ""),
        "valley/territories.csv",
        "population",
        "case vide",
        "empty cell",
        line=4,
    ),
    "text in a column of numbers": Bad(
        _cell("communes", 1, "jobs", "many"),
        "valley/communes.csv",
        "jobs",
        "un nombre est attendu",
        "a number is expected",
        line=2,
    ),
    "decimal comma": Bad(
        _cell("links", 1, "road_km", "12,5"), "valley/links.csv", "road_km", "12", "French notation", line=2
    ),
    "unknown reference": Bad(
        _cell("establishments", 2, "territory", "T2"),
        "valley/establishments.csv",
        "territory",
        "n'a pas ce code",
        "no such code",
        "T02",
        3,
    ),
    "code given twice": Bad(
        case_with(_twice), "valley/sectors.csv", "sector", "donné deux fois", "given twice", line=3
    ),
    "pair without a link": Bad(
        case_with(lambda folder: drop_rows(folder, "links", "to", "T02")),
        "valley/links.csv",
        "from, to",
        "T01–T02",
        "T01–T02",
    ),
    "column without a source": Bad(
        case_with(lambda folder: drop_rows(folder, "sources", "column", "cfe_rate_pct")),
        "valley/sources.csv",
        "territories.cfe_rate_pct",
        "sans source",
        "without a source",
    ),
    "vacant dwellings above dwellings": Bad(
        _cell("territories", 1, "vacant_dwellings", "6000"),
        "valley/territories.csv",
        "vacant_dwellings",
        "dépasse « dwellings »",
        "above 'dwellings'",
        line=2,
    ),
    "encoding of a table": Bad(_latin1, "valley/territories.csv", "", "UTF-8", "UTF-8", line=2),
    "empty table": Bad(case_with(_emptied), "valley/sectors.csv", "", "vide", "empty"),
    "missing table": Bad(case_with(_removed("links.csv")), "valley/links.csv", "", "manque", "missing"),
    "missing case.toml": Bad(case_with(_removed("case.toml")), "valley/case.toml", "", "manque", "missing"),
    "semicolons": Bad(
        case_with(_semicolons), "valley/links.csv", "", "points-virgules", "semicolons", line=1
    ),
    "row cut short": Bad(
        case_with(_cut_row), "valley/links.csv", "", "4 cases au lieu de 5", "4 cells instead of 5", line=3
    ),
    "case folder without territories": Bad(
        lambda folder: drop_everything(write_case(folder / "valley")), "valley", "", "un dossier", "a folder"
    ),
}


def drop_everything(case: Path) -> Path:
    """Leave an empty folder where a case was."""
    for path in case.iterdir():
        path.unlink()
    return case


BAD_FILES: dict[str, Bad] = SCENARIOS | CASES
