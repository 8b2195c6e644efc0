"""The comparison as a table for the terminal."""

import shutil
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from rich.table import Table

from coopsim.comparison.words import (
    REGIME,
    count_words,
    decimals,
    identical,
    interval,
    number,
    ordered_indicators,
    unit_words,
    verdict_words,
)
from coopsim.i18n import Text
from coopsim.indicators import Indicator

if TYPE_CHECKING:
    import pandas as pd

    from coopsim.comparison import Comparison

_COLOURS = {"better": "green", "worse": "red"}
_CAPTION = Text(
    fr="{lanes}. {n} mondes, les mêmes pour chaque scénario ; valeurs de fin {year} : médiane et "
    "90 % des mondes ; écarts moyens et leur intervalle à 95 %. Un verdict demande un intervalle qui exclut "
    "0 et 4 mondes sur 5 d'accord.",
    en="{lanes}. {n} worlds, the same for each scenario; values at the end of {year}: median and 90% of "
    "worlds; mean differences and their 95% interval. A verdict needs an interval that excludes 0 and 4 "
    "worlds in 5 that agree.",
)
_LABEL_WIDTH, _LANE_WIDTH, _VERDICT_WIDTH = 30, 22, 22  # of a table whose ranges take one line
_BREAK = "\0"  # where a range may go to the next line
_REGIME_GROUP = Text("{group} – {regime}, sans verdict", "{group} – {regime}, no verdict")


def comparison_table(
    comparison: "Comparison", *, outcomes_only: bool = False, width: int | None = None
) -> Table:
    """Return the table a person reads: medians and 90 % ranges, paired differences, verdicts in words.

    Scenarios are lettered, A first; with more than two, each is compared with A.

    Parameters
    ----------
    outcomes_only : bool
        Leave out the indicators that describe a regime and get no verdict.
    width : int or None
        Columns of the terminal (this one's when None): in a narrow one, ranges take two lines.
    """
    letters = ascii_uppercase[: len(comparison.names)]
    lanes = ", ".join(f"{letter} = {name}" for letter, name in zip(letters, comparison.names, strict=True))
    caption = _CAPTION.format(lanes=lanes, n=len(comparison.seeds), year=comparison.last_year)
    title = " · ".join(comparison.titles)
    table = Table(title=title, caption=str(caption), title_justify="left", caption_justify="left")
    table.add_column(str(Text("Indicateur", "Indicator")))
    for letter in letters:
        table.add_column(letter, justify="right", no_wrap=True)
    for letter in letters[1:]:
        table.add_column(f"{letter} − A", justify="right", no_wrap=True)
        table.add_column(str(Text(f"{letter} fait mieux dans", f"{letter} does better in")))
    columns = width or shutil.get_terminal_size().columns
    others = len(letters) - 1
    split = columns < _LABEL_WIDTH + _LANE_WIDTH * (len(letters) + others) + _VERDICT_WIDTH * others
    groups = ordered_indicators()
    for position, (group, indicators) in enumerate(groups[:1] if outcomes_only else groups):
        regime = _REGIME_GROUP.format(group=group, regime=REGIME)
        table.add_section()
        table.add_row(f"[bold]{regime if position else group}[/bold]")
        for indicator in indicators:
            cells = _row(comparison, indicator)
            table.add_row(*(cell.replace(_BREAK, "\n" if split else " ") for cell in cells))
    return table


def _row(comparison: "Comparison", indicator: Indicator) -> list[str]:
    unit = indicator.unit
    names = comparison.names
    summary = comparison.summary[comparison.summary["indicator"] == indicator.name]
    places = decimals(summary[["median", "p05", "p95"]].to_numpy().ravel().tolist(), unit)
    cells = [f"{indicator.label}\n[dim]{unit_words(unit)}[/dim]"]
    for name in names:
        row = summary[summary["scenario"] == name].iloc[0]
        spread = interval(row["p05"], row["p95"], unit, places, gap=_BREAK)
        cells.append(f"{number(row['median'], unit, places)}\n[dim]{spread}[/dim]")
    for name in names[1:]:
        pair = comparison.pair(names[0], name)
        cells += _paired_cells(pair.loc[[indicator.name]].iloc[0], indicator, len(comparison.seeds))
    return cells


def _paired_cells(row: "pd.Series[Any]", indicator: Indicator, worlds: int) -> list[str]:
    """Return the difference over its interval, and the worlds where b is better over the verdict."""
    unit = indicator.unit
    places = decimals([row["mean_difference"], row["low"], row["high"]], unit)
    mean = number(row["mean_difference"], unit, places, sign=True)
    spread = interval(row["low"], row["high"], unit, places, sign=True, gap=_BREAK)
    share = f"{count_words(row['share_b_better'], worlds)}/{worlds}" if indicator.direction else "–"
    words = verdict_words(indicator, row["verdict"], same=identical(row))
    colour = _COLOURS.get(row["verdict"], "default") if indicator.outcome else "dim"
    return [f"{mean}\n[dim]{spread}[/dim]", f"{share}\n[{colour}]{words}[/{colour}]"]
