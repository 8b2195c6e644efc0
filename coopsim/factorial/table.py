"""A factorial design as tables for the terminal."""

from typing import TYPE_CHECKING, Any

from rich.table import Table

from coopsim.comparison.words import decimals, difference_unit, interval, number
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from coopsim.factorial import Factorial

_COLOURS = {"better": "green", "worse": "red"}


def factorial_tables(result: "Factorial", indicator: str = "jobs") -> list[Table]:
    """Return the effects on every outcome at the base, then one indicator and the zero-sum share by point.

    Parameters
    ----------
    indicator : str
        Shown along the sweep.
    """
    tables = [_effects(result)]
    tables.append(_sweep(result, indicator))
    return tables


def _effects(result: "Factorial") -> Table:
    rows = result.effects[(result.effects["sweep"] == "") & (result.effects["kind"] != "simple")]
    title = Text(
        "Effets à l'horizon {year}, {n} mondes : moyenne et intervalle à 95 %",
        "Effects at the horizon {year}, {n} worlds: mean and 95% interval",
    )
    year, n = result.manifest["year"], len(result.manifest["seeds"])
    table = Table(title=str(title.format(year=year, n=n)), title_justify="left")
    table.add_column(str(Text("Indicateur", "Indicator")))
    names = list(dict.fromkeys(rows["effect"]))
    for name in names:
        table.add_column(name, justify="right")
    for outcome in OUTCOMES:
        shown = BY_NAME[outcome]
        cells = [f"{shown.label}\n[dim]{difference_unit(shown.unit)}[/dim]"]
        for name in names:
            row = rows[(rows["effect"] == name) & (rows["indicator"] == outcome)].iloc[0]
            cells.append(_cell(row, shown.unit))
        table.add_row(*cells)
    return table


def _sweep(result: "Factorial", indicator: str) -> Table:
    rows = result.effects[(result.effects["indicator"] == indicator) & (result.effects["kind"] != "simple")]
    shown = BY_NAME[indicator]
    title = Text("{label} selon les hypothèses", "{label} by assumption")
    caption = Text(
        "Part à somme nulle : 1 − gain du système / gain propre, quand {territory} joue seul « {factor} ».",
        "Zero-sum share: 1 − system gain / own gain, when {territory} alone plays '{factor}'.",
    )
    factor = result.zero_sum["factor"].iloc[0]
    table = Table(
        title=str(title.format(label=shown.label)),
        caption=str(caption.format(territory=result.manifest["player_name"], factor=factor)),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column(str(Text("Hypothèse", "Assumption")))
    names = list(dict.fromkeys(rows["effect"]))
    for name in names:
        table.add_column(name, justify="right")
    for column in (Text("gain propre", "own gain"), Text("gain du système", "system gain")):
        table.add_column(str(column), justify="right")
    table.add_column(str(Text("part à somme nulle", "zero-sum share")), justify="right")
    for point in dict.fromkeys(rows["sweep"]):
        here = rows[rows["sweep"] == point]
        cells = [_assumption(point)]
        cells += [_cell(here[here["effect"] == name].iloc[0], shown.unit) for name in names]
        cells += _gains(result.zero_sum[result.zero_sum["sweep"] == point].iloc[0])
        table.add_row(*cells)
    return table


def _assumption(point: str) -> str:
    """Return a point of the sweep by the last parts of its keys, one a line."""
    settings = (setting.partition("=") for setting in point.split(",")) if point else ()
    lines = [f"{key.rpartition('.')[2]} = {value}" for key, _, value in settings]
    return "\n".join(lines) or str(Text("base", "base"))


def _gains(row: "pd.Series[Any]") -> list[str]:
    cells = []
    for name, unit in (("own_gain", "jobs"), ("system_gain", "jobs"), ("zero_sum_share", "ratio")):
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        places = decimals([row[name], low, high], unit) if unit == "jobs" else 2
        cells.append(f"{number(row[name], unit, places)}\n[dim]{interval(low, high, unit, places)}[/dim]")
    return cells


def _cell(row: "pd.Series[Any]", unit: str) -> str:
    places = decimals([row["mean"], row["low"], row["high"]], unit)
    mean = number(row["mean"], unit, places, sign=True)
    spread = interval(row["low"], row["high"], unit, places, sign=True)
    colour = _COLOURS.get(row["verdict"], "default")
    return f"[{colour}]{mean}[/{colour}]\n[dim]{spread}[/dim]"
