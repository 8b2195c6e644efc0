"""What the page Explorer says of a batch, in the language in force, as plain values for its template."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from coopsim.batch import Batch
from coopsim.comparison.words import interval, number, ordered_indicators
from coopsim.errors import ScenarioError, scenario_error
from coopsim.i18n import lang
from coopsim.indicators import BY_NAME, OUTCOMES
from coopsim_viz.explorer import figures
from coopsim_viz.explorer.cases import worst
from coopsim_viz.explorer.prim import Box, Condition, prim
from coopsim_viz.explorer.regimes import Cell, Cut, cells, cut
from coopsim_viz.explorer.sensitivity import LEAST_POINTS, Sensitivity, sensitivity
from coopsim_viz.explorer.view import Factor, View, hits, least_settled
from coopsim_viz.explorer.words import EXPLORE

SIDES = "AB"
Values = dict[str, Any]


def page(batch: Batch, name: str, asked: Mapping[str, str]) -> Values:
    """Return what the template shows of a batch for an address's ``de``, ``ind``, ``x``, ``y`` and ``cible``.

    Raises
    ------
    ScenarioError
        When nothing of the batch can be shown yet.
    """
    looks = look_names(batch)
    look = asked.get("de", "") if asked.get("de") in dict(looks) else looks[0][0]
    a, b = sides_of(batch, look)
    indicator = asked.get("ind", "")
    if indicator not in batch.indicators:
        indicator = (
            least_settled(batch, a, b)
            if b
            else next(i for i in (*OUTCOMES, *batch.indicators) if i in batch.indicators)
        )
    view = View(batch, BY_NAME[indicator], a, b)
    if view.runs.empty:
        raise scenario_error(
            "aucune vie de cette campagne n'a fini : attendre, puis recharger",
            "no life of this batch has ended: wait, then load the page again", file=name,
        )  # fmt: skip
    enough = len(view.points) >= LEAST_POINTS
    found = sensitivity(view) if view.factors and enough else None
    aims = ["b", "a", "worst", "best"] if b else ["worst", "best"]
    aim = asked.get("cible", "") if asked.get("cible") in aims else _first_aim(view, aims)
    return {
        "name": name, "look": look, "looks": looks, "indicator": indicator, "aim": aim,
        "indicators": _indicators(batch), "aims": [(key, _word(f"aim_{key}")) for key in aims],
        "factors": [(factor.key, figures.labelled(factor)) for factor in view.factors],
        "title": title(batch),
        "label": str(view.indicator.label), "unit": figures.unit_of(view), "direction": view.indicator.direction,
        "good": _word(f"dir_{view.indicator.direction}"),
        "look_text": "B − A" if b else "A", "sides": [(SIDES[n], _title(batch, s)) for n, s in enumerate((a, b)) if s],
        "matters": _matters(view, found) if found is not None else None,
        "plane": _plane(view, found, asked) if b else None,
        "conditions": _conditions(view, found, aim) if found is not None else None,
        "worst": [_case(view, case) for case in worst(view)],
        **_state(batch),
    }  # fmt: skip


def look_names(batch: Batch) -> list[tuple[str, str]]:
    """Return what can be looked at: the contrasts of the plan, then each scenario, by the name in an address."""
    order = {name: n for n, name in enumerate(batch.scenarios)}
    pairs = [
        (f"{order[a]}-{order[b]}", _word("difference", a=_title(batch, a), b=_title(batch, b)))
        for a, b in batch.contrasts
    ]
    return pairs + [(str(n), _word("alone", a=_title(batch, name))) for name, n in order.items()]


def sides_of(batch: Batch, look: str) -> tuple[str, str]:
    """Return the scenarios that an address looks at; the second is empty for one alone.

    Raises
    ------
    ScenarioError
        For a look that the batch does not have.
    """
    if look not in dict(look_names(batch)):
        raise scenario_error("vue inconnue", "unknown view", key="de", value=look[:40])
    one, _, other = look.partition("-")
    return batch.scenarios[int(one)], batch.scenarios[int(other)] if other else ""


def title(batch: Batch) -> str:
    """Return the name of a batch's plan: the title of a shipped plan of that name, else its name."""
    from coopsim.batch import load_plan, shipped_plans

    name = str(batch.about["name"])
    if name not in shipped_plans():
        return name
    try:
        said = load_plan(name).title
    except ScenarioError:
        return name
    return str(said.text()) if said is not None else name


def _state(batch: Batch) -> Values:
    runs = batch.runs
    done, failed = int((runs["status"] == "done").sum()), int((runs["status"] != "done").sum())
    text = _word(
        "state", done=number(done, "", 0), total=number(int(batch.about["runs"]), "", 0), points=len(batch.points),
        worlds=len(batch.seeds), scenarios=len(batch.scenarios),
    )  # fmt: skip
    return {"state": text, "going": not batch.complete, "failed": failed}


def _indicators(batch: Batch) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the indicators that the batch kept, under the headings of their groups."""
    kept = [
        (str(title), [(i.name, str(i.label)) for i in some if i.name in batch.indicators])
        for title, some in ordered_indicators()
    ]
    return [(title, some) for title, some in kept if some]


def _title(batch: Batch, label: str) -> str:
    lane = batch.about["scenarios"][batch.scenarios.index(label)]
    same = sum(other["title"] == lane["title"] for other in batch.about["scenarios"])
    said = str(lane["title"][lang()])
    return said if same == 1 else f"{said} ({label})"


def _first_aim(view: View, aims: list[str]) -> str:
    """Return the aim that says most: where the side that seldom wins does, when there is such a place."""
    if "b" not in aims:
        return "worst"
    b, a = int(hits(view, "b").sum()), int(hits(view, "a").sum())
    return ("b" if b <= a else "a") if min(a, b) >= 5 else "worst"  # noqa: PLR2004 - a box needs points


def _matters(view: View, found: Sensitivity) -> Values:
    with figures.DRAWING:
        svg = figures.bars(view, found)
    return {"svg": svg, "note": _word(f"m_{found.method}", name=view.indicator.label)}


def _plane(view: View, found: Sensitivity | None, asked: Mapping[str, str]) -> Values | None:
    by_key = {factor.key: factor for factor in view.factors}
    order = [driver.factor.key for driver in found.drivers] if found is not None else list(by_key)
    if len(order) < 2:  # noqa: PLR2004 - a plane
        return None
    if len(order) == 2:  # noqa: PLR2004 - the plan's own two, in its order
        order = list(by_key)
    x = asked.get("x", "") if asked.get("x") in by_key else order[0]
    y = (
        asked.get("y", "")
        if asked.get("y") in by_key and asked.get("y") != x
        else next(k for k in order if k != x)
    )
    across, upwards = (cut(by_key[key], len(view.points)) for key in (x, y))
    table = cells(view, across, upwards)
    with figures.DRAWING:
        svg = figures.plane(view, across, upwards, table)
    return {"x": x, "y": y, "svg": svg, "cells": [_cell(view, across, upwards, cell) for cell in table]}


def _cell(view: View, x: Cut, y: Cut, cell: Cell) -> Values:
    unit = view.indicator.unit
    return {
        "place": f"{x.factor.label} {_slice(x, cell.x)} ; {y.factor.label} {_slice(y, cell.y)}",
        "winner": cell.winner.upper() or "≈",
        "mean": f"{number(cell.mean, unit, sign=True)} ({interval(cell.low, cell.high, unit, sign=True)})",
        "size": f"{cell.points}, {cell.worlds}",
    }


def _slice(sliced: Cut, n: int) -> str:
    if sliced.levels:
        value = sliced.levels[n]
        return sliced.factor.said(value) if isinstance(value, str) else figures.short(float(value))
    return f"{figures.short(float(sliced.edges[n]))} – {figures.short(float(sliced.edges[n + 1]))}"


def _conditions(view: View, found: Sensitivity, aim: str) -> Values:
    hit = hits(view, aim)
    if hit.all() or not hit.any():
        return {"plain": _word("c_always" if hit.all() else "c_never")}
    box = prim(view.factors, hit)
    if not box.conditions:
        return {"plain": _word("c_none", base=_percent(box.base))}
    x, y = _shown(view, found, box)
    with figures.DRAWING:
        svg = figures.cloud(x, y, hit, box) if y is not None else ""
    lead = _word("c_lead", aim=_word(f"aim_{aim}"))
    return {
        "plain": "", "svg": svg, "lead": lead[:1].upper() + lead[1:],
        "lines": [condition_words(c) for c in box.conditions],
        "proof": _word(
            "c_proof", density=_percent(box.density), base=_percent(box.base), coverage=_percent(box.coverage),
            n=box.points, chance=_chance(max(c.chance for c in box.conditions)),
        ),
    }  # fmt: skip


def _shown(view: View, found: Sensitivity, box: Box) -> tuple[Factor, Factor | None]:
    """Return two factors to draw the box on: its strictest conditions, then what matters most."""
    order = [c.factor for c in box.conditions] + [d.factor for d in found.drivers]
    keys = list(dict.fromkeys(factor.key for factor in order))
    by_key = {factor.key: factor for factor in view.factors}
    return by_key[keys[0]], by_key[keys[1]] if len(keys) > 1 else None


def condition_words(one: Condition) -> str:
    """Return a condition as a sentence reads it."""
    label = figures.labelled(one.factor)
    if one.words:
        return _word("c_words", label=label, words=", ".join(map(one.factor.said, one.words)))
    low, high = (figures.short(v) if np.isfinite(v) else "" for v in (one.low, one.high))
    return _word("c_both" if low and high else "c_low" if low else "c_high", label=label, low=low, high=high)


def _percent(share: float) -> str:
    return number(share, "share", 0)


def _chance(value: float) -> str:
    for bound in (0.1, 1.0, 5.0):
        if value * 100.0 <= bound:
            return number(bound, "", 1 if bound < 1 else 0)
    return number(value * 100.0, "", 0)


def _case(view: View, case: Any) -> Values:
    unit = view.indicator.unit
    known = {factor.key: factor for factor in view.factors}
    return {
        "point": case.point, "seed": case.seed, "place": f"{case.point}, {case.seed}",
        "y": number(case.y, unit, sign=bool(view.b)),
        "sides": [number(value, unit) for value in (case.a, *((case.b,) if view.b else ()))],
        "values": [
            f"{figures.labelled(known[key])} : "
            + (known[key].said(value) if isinstance(value, str | bool) else figures.short(float(value)))
            for key, value in case.values.items()
        ],
    }  # fmt: skip


def _word(name: str, /, **parts: object) -> str:
    return str(EXPLORE[name]).format(**parts)
