"""A smaller case out of a larger one: some territories, or one and its neighbours."""

from collections.abc import Mapping, Sequence

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.importers.folder import CaseFolder, head_text
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
_WHOLE = ("sectors", "water_regimes")


def import_extract(job: Job) -> None:
    """Copy the tables of another case for some of its territories; rivers and links to the others are cut."""
    if len(job.files) != 1:
        raise scenario_error("donner un seul cas", "give one case", value=len(job.files))
    source = CaseFolder(case_folder(str(job.files[0])))
    codes = _chosen(job, source)
    kept = set(codes)
    for table in case_columns():
        if table != "sources":
            rows = [dict(row) for row in _rows(source, table, kept)]
            if rows:
                job.folder.replace(table, rows)
    _mend(job.folder, kept)
    job.folder.replace("sources", source.rows("sources"))
    job.head = head_text(job.folder.path.name, int(job.option("year")))
    message = Text("{n} territoires", "{n} territories")
    job.remark(message.format(n=len(codes)))


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
    codes += [row["code"] for row in rows if row.get("departement") in deps]
    if not codes:
        raise scenario_error(
            "dire lesquels : --set territories=… ou --set departements=…",
            "say which: --set territories=… or --set departements=…",
        )
    found = set(codes)
    for _ in range(int(job.option("rings"))):
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


def _mend(folder: CaseFolder, kept: set[str]) -> None:
    """Cut what leads to territories left out: downstream nodes, access to forests, missing links."""
    nodes = {row["node"] for row in folder.rows("water_nodes")}
    for row in folder.rows("water_nodes"):
        if row["downstream"] not in nodes:
            row["downstream"] = ""
    for row in folder.rows("forest"):
        row["access"] = ";".join(code for code in row["access"].split(";") if code in kept)
    complete(folder)
