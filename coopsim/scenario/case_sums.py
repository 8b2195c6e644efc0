"""Checks of a case's sums: land uses, shares and yearly profiles."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.tables import Rows

SHARE_TOLERANCE = 1e-6
PROFILE_TOLERANCE = 1e-4  # profiles are written with few digits
AREA_TOLERANCE = 1e-6
DEKADS = 36
LAND_USES = (
    "housing_land_ha",
    "economic_land_ha",
    "economic_vacant_ha",
    "brownfield_ha",
    "other_artificial_ha",
    "protected_ha",
)
Profile = tuple[str, str]


def land(rows: Rows) -> Iterator[Problem]:
    """Land uses stay within the area of each territory."""
    uses = [rows.numbers(name) for name in LAND_USES]
    for n, area in enumerate(rows.numbers("area_ha")):
        total = sum(values[n] for values in uses)
        if total > area * (1 + AREA_TOLERANCE):
            message = Text(
                "les usages du sol ({total:.10g} ha) dépassent la surface ({area:.10g} ha)",
                "land uses ({total:.10g} ha) are above the area ({area:.10g} ha)",
            )
            code = rows.texts("code")[n]
            yield Problem(message.format(total=total, area=area), rows.file, rows.lines[n], "area_ha", code)


def _sum_problem(rows: Rows, line: int, key: str, what: str, total: float) -> Problem:
    message = Text(
        "les parts de « {what} » font {total:.9g}, non 1",
        "shares of '{what}' sum to {total:.9g}, not 1",
    )
    return Problem(message.format(what=what, total=total), file=rows.file, line=line, key=key)


def groups(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    """Shares of each group of sectors sum to one, and every group with establishments has sectors."""
    rows = tables["sectors"]
    totals, lines = _totals(rows, "group", "share_of_group")
    for group, total in totals.items():
        if abs(total - 1) > SHARE_TOLERANCE:
            yield _sum_problem(rows, lines[group], "share_of_group", group, total)
    establishments = tables["establishments"]
    for line, group in dict(
        zip(reversed(establishments.lines), reversed(establishments.texts("group")), strict=True)
    ).items():
        if group and rows.columns and group not in lines:
            message = Text("aucun secteur n'appartient à ce groupe", "no sector belongs to this group")
            yield Problem(message, establishments.file, line, "group", group)
            return


def intakes(rows: Rows) -> Iterator[Problem]:
    """Shares of intake sum to one in each territory that has water nodes."""
    totals, lines = _totals(rows, "territory", "intake_share")
    for code, total in totals.items():
        if abs(total - 1) > SHARE_TOLERANCE:
            yield _sum_problem(rows, lines[code], "intake_share", code, total)


def _totals(rows: Rows, by: str, name: str) -> tuple[dict[str, float], dict[str, int]]:
    """Return the sum of a column by group, unless a cell was refused, and each group's first line."""
    totals: dict[str, float] = defaultdict(float)
    lines: dict[str, int] = {}
    for line, group, share in zip(rows.lines, rows.texts(by), rows.numbers(name), strict=True):
        totals[group] += share
        lines.setdefault(group, line)
    return {group: total for group, total in totals.items() if group and math.isfinite(total)}, lines


def profiles(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    """Every profile has 36 dekads of mean one, and nodes find the profiles they need."""
    rows, nodes = tables["water_regimes"], tables["water_nodes"]
    names: list[Profile] = list(zip(rows.texts("regime"), rows.texts("kind"), strict=True))
    lines = dict(zip(reversed(names), reversed(rows.lines), strict=True))
    yield from _means(rows, names, lines)
    if not len(nodes):
        return
    runoff = [regime for regime, kind in lines if kind == "runoff"]
    for line, regime in zip(nodes.lines, nodes.texts("regime"), strict=True):
        if regime and regime not in runoff:
            message = Text("aucun régime de débit ne porte ce nom", "no runoff regime has this name")
            yield Problem(message, nodes.file, line, "regime", regime, nearest=nearest(regime, runoff))
    for kind in {"irrigation", "drinking"} - {kind for _, kind in lines}:
        if rows.sound:
            message = Text("il manque un profil « {kind} »", "a '{kind}' profile is missing").format(
                kind=kind
            )
            yield Problem(message, rows.file, 0, "kind")


def _means(rows: Rows, names: list[Profile], lines: Mapping[Profile, int]) -> Iterator[Problem]:
    totals: dict[Profile, float] = defaultdict(float)
    for name, value in zip(names, rows.numbers("value"), strict=True):
        totals[name] += value
    for name, count in Counter(names).items():
        mean = totals[name] / DEKADS
        if count != DEKADS:
            message = Text("{n} décades au lieu de 36", "{n} dekads instead of 36").format(n=count)
            yield Problem(message, rows.file, lines[name], "dekad", " ".join(name))
        elif abs(mean - 1) > PROFILE_TOLERANCE:
            message = Text("le profil a pour moyenne {m:.6g}, non 1", "the profile has mean {m:.6g}, not 1")
            yield Problem(message.format(m=mean), rows.file, lines[name], "value", " ".join(name))
