"""The page of the map of regimes, as Markdown: a figure and a table for each plane, and why where one never wins."""

from collections.abc import Iterator, Sequence

import numpy as np

from coopsim.comparison.words import interval, number, unit_words
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME
from coopsim.outputs import provenance
from coopsim.regimes.causes import Cause
from coopsim.regimes.plane import RATE, Plane
from coopsim.regimes.words import axis_words, value_words

_TITLE = Text("# La carte des régimes : où attirer l'emporte, où coopérer l'emporte",
              "# The map of regimes: where attracting wins, where cooperating wins")  # fmt: skip
_LEAD = Text(
    "Page écrite par `coopsim regimes --page` : ne pas la modifier à la main. Chaque plan croise deux hypothèses ; "
    "dans chaque case les mêmes mondes (mêmes graines, même hasard) vivent sous les règles de l'attractivité et "
    "sous celles de la coopération. Une case est gagnée sur un indicateur si l'écart apparié (test de Student) "
    "reste après la correction de Benjamini et Hochberg (1995) sur toutes les cases et tous les indicateurs du "
    "plan, au taux de {rate} % de fausses découvertes ; sinon elle est indécise, et hachurée. Les régimes ne "
    "diffèrent que par leurs règles. Rien ici n'est une prévision : les axes sont des hypothèses, et d'autres "
    "hypothèses restent à leur valeur.",
    "Page written by `coopsim regimes --page`: do not edit it by hand. Each plane crosses two assumptions; in each "
    "cell the same worlds (same seeds, same luck) live under the rules of attractiveness and under those of "
    "cooperation. A cell is won on an indicator if the paired difference (Student's test) remains after the "
    "correction of Benjamini and Hochberg (1995) over all cells and indicators of the plane, at a rate of {rate}% "
    "of false discoveries; else it is undecided, and hatched. The regimes differ by their rules only. Nothing here "
    "is a forecast: the axes are assumptions, and other assumptions stay at their values.",
)
_HEADS = (
    Text("indicateur", "outcome"),
    Text("attirer l'emporte", "attracting wins"),
    Text("coopérer l'emporte", "cooperating wins"),
    Text("indécis", "undecided"),
    Text(
        "écart moyen coopération − attractivité, de la plus petite à la plus grande case",
        "mean difference cooperation − attractiveness, smallest to largest cell",
    ),
    Text("où l'écart est le plus fort", "where the difference is largest"),
)
_FACTS = Text(
    "{question} {cells} cases, {worlds} mondes appariés par case, {years} ans, règles `{a}` et `{b}`.",
    "{question} {cells} cells, {worlds} paired worlds a cell, {years} years, rules `{a}` and `{b}`.",
)
_AXES = Text("En abscisse `{x}`, en ordonnée `{y}`.", "Across `{x}`, upwards `{y}`.")
_FIGURE = Text("{title} : qui l'emporte, case par case et indicateur par indicateur",
               "{title}: who wins, cell by cell and outcome by outcome")  # fmt: skip
_PLACE = Text("{x} ; {y}", "{x}; {y}")
_SUMMARY = Text("## Ce que disent les quatre plans ensemble", "## What the planes say together")
_WON = Text(
    "Sur {cells} cases × indicateurs : attirer l'emporte dans {a}, coopérer dans {b}, {c} restent indécises.",
    "Of {cells} cells × outcomes: attracting wins {a}, cooperating {b}, {c} stay undecided.",
)
_SOMEWHERE = Text(
    "- {regime} l'emporte quelque part sur : {names}.", "- {regime} wins somewhere on: {names}."
)
_NOWHERE = Text(
    "- {regime} ne l'emporte nulle part, sur aucun indicateur.", "- {regime} wins nowhere, on no outcome."
)
_NEVER = Text(
    "- Aucun des deux ne l'emporte nulle part sur : {names}.", "- Neither wins anywhere on: {names}."
)
_REGIMES = (Text("Attirer", "Attracting"), Text("Coopérer", "Cooperating"))
_WHY = Text("## Pourquoi : ce que font les enchères et ce que font les pactes",
            "## Why: what bidding does and what pacts do")  # fmt: skip
_WHY_LEAD = Text(
    "Les deux régimes diffèrent par plusieurs règles. Ici les deux moitiés sont croisées sur `{base}`, {worlds} "
    "mondes appariés : enchères permises ou non (aides, campagnes, baisse d'impôt), pactes permis ou non. Un effet "
    "en gras a un intervalle à 95 % qui exclut 0. Sur un indicateur où un régime ne gagne aucune case, son moteur "
    "n'y fait rien de net, ou l'autre moteur fait davantage.",
    "The two regimes differ by several rules. Here their two halves are crossed on `{base}`, {worlds} paired "
    "worlds: bidding allowed or not (aid, campaigns, tax cuts), pacts allowed or not. An effect in bold has a 95 % "
    "interval that leaves 0 out. On an outcome on which a regime wins no cell, its engine does nothing clear "
    "there, or the other engine does more.",
)
_WHY_HEADS = (
    Text("indicateur", "outcome"), Text("enchères", "bidding"), Text("pactes", "pacts"),
    Text("enchères × pactes", "bidding × pacts"), Text("ne gagne nulle part", "wins nowhere"),
)  # fmt: skip
_MADE = Text(
    "Code : coopsim {version}, Python {python}, numpy {numpy}.",
    "Code: coopsim {version}, Python {python}, numpy {numpy}.",
)


def page(planes: Sequence[Plane], figures: Sequence[str], causes: Sequence[Cause], base: str) -> str:
    """Return the page in the language in force.

    Parameters
    ----------
    figures : sequence of str
        Place of the picture of each plane, relative to the page.
    """
    lines = [str(_TITLE), "", str(_LEAD.format(rate=number(RATE * 100.0, "", 0))), "", *_together(planes), ""]
    if causes:
        lines += [*_why(planes, causes, base), ""]
    for plane, figure in zip(planes, figures, strict=True):
        lines += [*_section(plane, figure), ""]
    found = provenance()
    made = _MADE.format(version=found["coopsim"], python=found["python"], numpy=found["numpy"])
    return "\n".join([*lines, str(made)]) + "\n"


def silent(planes: Sequence[Plane]) -> dict[str, list[int]]:
    """Return, for each outcome, the regimes (0 attracting, 1 cooperating) that win none of its cells in any plane."""
    out: dict[str, list[int]] = {}
    for name in planes[0].outcomes if planes else ():
        counts = [plane.count(name) for plane in planes if name in plane.outcomes]
        never = [side for side in (0, 1) if not any(count[side] for count in counts)]
        if never:
            out[name] = never
    return out


def _together(planes: Sequence[Plane]) -> Iterator[str]:
    yield str(_SUMMARY)
    yield ""
    totals = np.sum([plane.count(name) for plane in planes for name in plane.outcomes], axis=0)
    a, b, c = (int(x) for x in totals)
    yield str(_WON.format(cells=a + b + c, a=a, b=b, c=c))
    yield ""
    never = silent(planes)
    names = list(planes[0].outcomes)
    for side, regime in enumerate(_REGIMES):
        won = [_name(name) for name in names if side not in never.get(name, [])]
        yield str((_SOMEWHERE if won else _NOWHERE).format(regime=regime, names=", ".join(won)))
    both = [_name(name) for name, sides in never.items() if len(sides) == len(_REGIMES)]
    if both:
        yield str(_NEVER.format(names=", ".join(both)))


def _name(outcome: str) -> str:
    return str(BY_NAME[outcome].label)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _head(heads: Sequence[Text]) -> list[str]:
    return [_row([str(head) for head in heads]), "|" + "---|" * len(heads)]


def _why(planes: Sequence[Plane], causes: Sequence[Cause], base: str) -> Iterator[str]:
    never = silent(planes)
    yield str(_WHY)
    yield ""
    yield str(_WHY_LEAD.format(base=base, worlds=min(cause.worlds for cause in causes)))
    yield ""
    yield from _head(_WHY_HEADS)
    for outcome in dict.fromkeys(cause.outcome for cause in causes):
        unit = BY_NAME[outcome].unit
        mine = [c for c in causes if c.outcome == outcome and c.kind in {"main", "interaction"}]
        regimes = ", ".join(str(_REGIMES[side]).lower() for side in never.get(outcome, []))
        yield _row([f"{_name(outcome)} ({unit_words(unit)})", *(_effect(c, unit) for c in mine), regimes])


def _effect(cause: Cause, unit: str) -> str:
    told = f"{number(cause.mean, unit, sign=True)} ({interval(cause.low, cause.high, unit, sign=True)})"
    return f"**{told}**" if cause.clear else told


def _section(plane: Plane, figure: str) -> Iterator[str]:
    title = str(plane.title)
    yield f"## {title}"
    yield ""
    yield str(
        _FACTS.format(
            question=plane.question, cells=plane.winner[0].size, worlds=plane.worlds, years=plane.years,
            a=plane.lanes[0], b=plane.lanes[1],
        )
    )  # fmt: skip
    yield str(_AXES.format(x=plane.x.key, y=plane.y.key))
    yield ""
    yield f"![{_FIGURE.format(title=title)}]({figure})"
    yield ""
    yield from _head(_HEADS)
    for o, name in enumerate(plane.outcomes):
        a, b, c = plane.count(name)
        unit, mean = BY_NAME[name].unit, plane.mean[o]
        cells = a + b + c
        told = [f"{_name(name)} ({unit_words(unit)})", *(f"{x} / {cells}" for x in (a, b, c))]
        if np.isfinite(mean).any():
            told += [
                interval(float(np.nanmin(mean)), float(np.nanmax(mean)), unit, sign=True),
                _largest(plane, o),
            ]
        else:
            told += ["–", "–"]
        yield _row(told)


def _largest(plane: Plane, outcome: int) -> str:
    """Return the place of the cell with the largest difference that is won; a dash where none is."""
    won = plane.winner[outcome] != 0
    if not won.any():
        return "–"
    size = np.where(won, np.abs(plane.mean[outcome]), -np.inf)
    j, i = np.unravel_index(int(np.argmax(size)), size.shape)
    x = f"{axis_words(plane.x)} = {value_words(plane.x.values[i])}"
    return str(_PLACE.format(x=x, y=f"{axis_words(plane.y)} = {value_words(plane.y.values[j])}"))
