"""A smaller case out of a larger one: some territories, or one and its neighbours."""

from collections.abc import Mapping, Sequence

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.importers.folder import CaseFolder, Note, Row, head_text, written
from coopsim.importers.job import Job
from coopsim.importers.roads import complete
from coopsim.registry import nearest
from coopsim.scenario.case_columns import case_columns
from coopsim.scenario.case_places import case_folder

_OWNERS = {
    "communes": "territory",
    "establishments": "territory",
    "forest": "territory",
    "water_nodes": "territory",
    "body_members": "territory",
    "observed": "territory",
}
_RECEIVED = Text(
    "l'eau des territoires d'amont laissés dehors arrive à : {names}",
    "water of the territories left out upstream comes in at: {names}",
)
_NO_DEPARTEMENT = Text(
    "aucun territoire de ce département dans ce cas", "the case has no territory of this département"
)
_FARTHEST = 200  # rings of neighbours
_NAMING = 3  # first columns of a table, which name its rows: code, territory, kind
_WHOLE = ("sectors", "water_regimes")
_LAID = {  # tables that may be laid over those of another case, and whose rows they are
    "territories": "code",
    "communes": "territory",
    "establishments": "territory",
    "forest": "territory",
    "water_nodes": "territory",
    "observed": "territory",
}


def import_extract(job: Job) -> None:
    """Copy the tables of another case for some of its territories; rivers and links to the others are cut.

    With the option ``tables`` only those, and rows about other territories of the folder stay.
    """
    if len(job.files) != 1:
        raise scenario_error("donner un seul cas", "give one case", value=len(job.files))
    source = CaseFolder(case_folder(str(job.files[0])))
    codes = _chosen(job, source)
    kept = set(codes)
    chosen = _tables(job, source)
    part = CaseFolder(source.path)
    for table in case_columns():
        part.tables[table] = _filled(_rows(source, table, kept), table) if table != "sources" else []
        if part.tables[table]:
            part.replace(table, part.tables[table])
    received = _mend(part, kept, source.rows("water_nodes"))
    part.replace("sources", _told(source.rows("sources"), part))
    if received and (not chosen or "water_nodes" in chosen):
        part.cite("water_nodes", _from_upstream(source.path.name, received))
        job.remark(_RECEIVED.format(names=", ".join(received)))
    if chosen:
        for table in chosen:
            _lay(job.folder, part, table, kept)
    else:
        for table in part.changed:
            job.folder.replace(table, part.rows(table))
    job.head = head_text(job.folder.path.name, job.count("year", 1900, 2100))
    message = Text("{n} territoires", "{n} territories")
    job.remark(message.format(n=len(codes)))


def _filled(rows: Sequence[Mapping[str, str]], table: str) -> list[Row]:
    """Return rows without the optional columns that are blank in all of them."""
    columns = case_columns()[table]
    empty = {
        name for name, column in columns.items() if column.optional and not any(r.get(name) for r in rows)
    }
    return [{name: cell for name, cell in row.items() if name not in empty} for row in rows]


def _tables(job: Job, source: CaseFolder) -> list[str]:
    """Return the tables asked for; none when all are."""
    wanted = [part.strip() for part in job.option("tables").split(";") if part.strip()]
    known = [*_LAID, *_WHOLE]
    problems = []
    for table in wanted:
        if table not in known:
            message = Text("cette table ne se prend pas seule", "this table is not taken alone")
            problems.append(Problem(message, "", 0, "tables", table, ", ".join(known), nearest(table, known)))
        elif not source.rows(table):
            message = Text("le cas n'a pas cette table", "the case has no such table")
            problems.append(Problem(message, str(source.path), 0, "tables", table))
    if problems:
        raise ScenarioError(problems)
    return wanted


def _lay(folder: CaseFolder, part: CaseFolder, table: str, kept: set[str]) -> None:
    """Put the rows of a table in the place of those of the same territories; the others stay, with their sources."""
    owner = _LAID.get(table) or next(iter(case_columns()[table]))
    mine = kept if table in _LAID else {row[owner] for row in part.rows(table)}
    others = [row for row in folder.rows(table) if row[owner] not in mine]
    key = next(iter(case_columns()[table]))
    old = [row for row in folder.rows("sources") if _about(row, table)]
    rest = [row for row in folder.rows("sources") if not _about(row, table)]
    stay = _narrowed(old, others, _scope(others, key))
    come = [row for row in part.rows("sources") if _about(row, table)]
    come = _narrowed(come, part.rows(table), _scope(part.rows(table), key) if others else "*")
    folder.replace("sources", [*rest, *stay, *come])
    folder.replace(table, [*part.rows(table), *others])


def _about(row: Row, table: str) -> bool:
    return row["table"].removesuffix(".csv") == table


def _scope(rows: Sequence[Row], key: str) -> str:
    return ";".join(dict.fromkeys(row[key] for row in rows))


def _told(sources: Sequence[Row], part: CaseFolder) -> list[Row]:
    """Return the rows of sources about what was taken."""
    return [
        row
        for source in sources
        for row in _narrowed([source], part.tables.get(source["table"].removesuffix(".csv"), []), "*")
    ]


def _narrowed(sources: Sequence[Row], rows: Sequence[Row], everyone: str) -> list[Row]:
    """Return sources with the part of their scopes that is about some rows; those about none of them go.

    Parameters
    ----------
    sources, rows : sequence of Row
    everyone : str
        Scope to write where a source is about every row.
    """
    names = {cell for row in rows for cell in list(row.values())[:_NAMING]}
    out = []
    for row in sources:
        if row["scope"] == "*":
            scope = everyone if rows else ""
        else:
            scope = ";".join(code for code in row["scope"].split(";") if code in names)
        if scope:
            out.append({**row, "scope": scope})
    return out


def _chosen(job: Job, source: CaseFolder) -> list[str]:
    """Return the codes asked for, by code, name or département, then as many rings of neighbours as asked."""
    rows = source.rows("territories")
    wanted = [part.strip() for part in job.option("territories").split(";") if part.strip()]
    by_name = {row["name"]: row["code"] for row in rows}
    known = {row["code"] for row in rows}
    problems, codes = [], []
    for part in wanted:
        code = part if part in known else by_name.get(part, "")
        if code:
            codes.append(code)
        else:
            message = Text("aucun territoire de ce code ou de ce nom", "no territory of this code or name")
            problems.append(
                Problem(message, key="territories", value=part, nearest=nearest(part, [*by_name, *known]))
            )
    if problems:
        raise ScenarioError(problems)
    deps = {part.strip() for part in job.option("departements").split(";") if part.strip()}
    there = {row.get("departement", "") for row in rows} - {""}
    problems = [
        Problem(_NO_DEPARTEMENT, key="departements", value=dep, nearest=nearest(dep, sorted(there)))
        for dep in sorted(deps - there)
    ]
    if problems:
        raise ScenarioError(problems)
    codes += [row["code"] for row in rows if row.get("departement") in deps]
    if not codes:
        raise scenario_error(
            "dire lesquels : territories=… (codes ou noms) ou departements=…",
            "say which: territories=… (codes or names) or departements=…",
        )
    found = set(codes)
    for _ in range(job.count("rings", 0, _FARTHEST)):
        found |= {
            other
            for link in source.rows("links")
            if link["adjacent"] == "1"
            for one, other in ((link["from"], link["to"]), (link["to"], link["from"]))
            if one in found
        }
    return [row["code"] for row in rows if row["code"] in found]


def _rows(source: CaseFolder, table: str, kept: set[str]) -> Sequence[Mapping[str, str]]:
    rows = source.rows(table)
    if table in _WHOLE:
        return rows
    if table == "territories":
        return [row for row in rows if row["code"] in kept]
    if table in {"links", "commuting"}:
        return [
            row
            for row in rows
            if {row["from"], row["to"]} <= kept | ({"outside"} if table == "commuting" else set())
        ]
    if table == "bodies":
        members = {row["body"] for row in source.rows("body_members") if row["territory"] in kept}
        return [row for row in rows if row["body"] in members]
    return [row for row in rows if row[_OWNERS[table]] in kept]


def _mend(folder: CaseFolder, kept: set[str], rivers: Sequence[Row]) -> list[str]:
    """Cut what leads to territories left out: rivers, access to forests, missing links.

    Returns
    -------
    list of str
        Nodes that now receive from outside what territories left out sent them.
    """
    nodes = {row["node"] for row in folder.rows("water_nodes")}
    received = []
    for row in folder.rows("water_nodes"):
        if row["downstream"] not in nodes:
            row["downstream"] = ""
        above = sum(_flow(rivers, other) for other in rivers if _feeds(other, row["node"], nodes))
        if above > 0.0:
            row["boundary_module_m3s"] = written(float(row["boundary_module_m3s"]) + above)
            received.append(row["node"])
    for row in folder.rows("forest"):
        row["access"] = ";".join(code for code in row["access"].split(";") if code in kept)
    _cut_perimeters(folder, nodes)
    complete(folder)
    return received


def _cut_perimeters(folder: CaseFolder, nodes: set[str]) -> None:
    """Take nodes left out from the perimeters of bodies; a body with none of its nodes here goes."""
    gone = set()
    for row in folder.rows("bodies"):
        named = [node for node in row.get("nodes", "").split(";") if node]
        left = [node for node in named if node in nodes]
        if named:
            row["nodes"] = ";".join(left)
            gone |= set() if left else {row["body"]}
    for table in ("bodies", "body_members"):
        if gone:
            folder.replace(table, [row for row in folder.rows(table) if row["body"] not in gone])


def _feeds(row: Row, node: str, kept: set[str]) -> bool:
    """Return whether a node that is left out flows straight into one that is kept."""
    return row["downstream"] == node and row["node"] not in kept


def _flow(rivers: Sequence[Row], row: Row) -> float:
    """Return the mean flow that leaves a node: its own, what it gets from outside and what comes from above."""
    own = float(row["local_module_m3s"]) + float(row["boundary_module_m3s"])
    return own + sum(_flow(rivers, other) for other in rivers if other["downstream"] == row["node"])


def _from_upstream(case: str, nodes: Sequence[str]) -> Note:
    return Note(
        ("boundary_module_m3s",),
        f"sum of the mean flows of the nodes upstream in case {case}, left out here",
        "assumption",
        "m³/s",
        scope=";".join(nodes),
        note="mean flow; what those upstream take is not taken off",
    )
