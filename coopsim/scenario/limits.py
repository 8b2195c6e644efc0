"""What is too large to be read or lived, said with the figure: files, numbers, worlds, runs.

The costs are those of the engine as measured (docs/measured.md, "Hardening"): they tell a machine's gigabytes and
hours to within a factor of two, which is enough to refuse what is a thousand times too large before anything starts.
"""

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coopsim.errors import scenario_error
from coopsim.i18n import Text

MIB, GIB = 2**20, 2**30
MOST_TEXT = 8 * MIB
"""Bytes of a scenario, plan or parameter file; the largest one shipped has 60 kB."""
MOST_TABLE = 512 * MIB
"""Bytes of a table or a map of a case; the tables of all of France have 2 MB together."""
MOST_WORLD = 16 * GIB
"""Bytes of one world: fourteen times the whole of France, company by company."""
MOST_RESULTS = 16 * GIB
"""Bytes of the results that a comparison holds in memory."""
DEEPEST = 64
"""Tables and lists inside each other; no scenario needs ten."""
INTEGERS = -(2**63), 2**63 - 1
"""Bounds of a whole number, those of TOML."""

MOST_SEED = 2**53
"""The largest first seed; a float keeps it exactly."""

BASE_BYTES, COMPANY_BYTES, PAIR_BYTES = 280 * MIB, 250, 220
BASE_S, COMPANY_S, PAIR_S = 0.004, 2e-7, 7e-8  # of a quarter

_TIMES = (
    ("ans", "years", 31_557_600.0),
    ("jours", "days", 86_400.0),
    ("h", "h", 3600.0),
    ("min", "min", 60.0),
)
DEEP = Text("tables et listes emboîtées trop profondément", "tables and lists nested too deeply")
LARGE = Text("nombre entier trop grand", "whole number too large")
_FILE = Text(
    "le fichier est trop gros : {has} (au plus {most})", "the file is too large: {has} (at most {most})"
)


def oversized(tree: Any) -> Text | None:
    """Return what is too large in a tree read from a file: a whole number or the depth; None when nothing is."""
    level = [tree]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, Mapping):
                below += value.values()
            elif isinstance(value, list | tuple):
                below += value
            elif type(value) is int and not INTEGERS[0] <= value <= INTEGERS[1]:
                return LARGE
        if not below:
            return None
        level = below
    return DEEP


def too_many_bytes(path: Path, most: int) -> Text | None:
    """Return why a file is too large to be read, or None."""
    has = path.stat().st_size
    return _FILE.format(has=gigabytes(has), most=gigabytes(most)) if has > most else None


def world_bytes(companies: float, territories: int) -> float:
    """Return the memory that a world takes, with the program itself."""
    return BASE_BYTES + COMPANY_BYTES * companies + PAIR_BYTES * territories**2


def run_seconds(companies: float, territories: int, ticks: int) -> float:
    """Return the time of one run on one core."""
    return ticks * (BASE_S + COMPANY_S * companies + PAIR_S * territories**2)


def require_world(companies: float, territories: int) -> None:
    """Refuse a world that takes more memory than `MOST_WORLD`, or than this machine has.

    Raises
    ------
    ScenarioError
        With the memory, the time of a quarter, and what to lower.
    """
    needs, most = world_bytes(companies, territories), min(MOST_WORLD, machine_bytes())
    if needs <= most:
        return
    quarter = duration(run_seconds(companies, territories, 1))
    firms, places, size = count(companies), count(territories), gigabytes(needs)
    raise scenario_error(
        f"un monde de {firms.fr} entreprises et {places.fr} territoires demande environ {size} de mémoire et "
        f"{quarter.fr} par trimestre : donner moins d'entreprises ou de territoires",
        f"a world of {firms.en} companies and {places.en} territories needs about {size} of memory and "
        f"{quarter.en} a quarter: give fewer companies or territories",
        key="case", allowed=f"≤ {gigabytes(most)}",
    )  # fmt: skip


def require_runs(key: str, replicates: int, each_bytes: float, each_seconds: float) -> None:
    """Refuse more worlds than memory can hold.

    Parameters
    ----------
    key : str
        What the user gave the number as.
    replicates : int
    each_bytes, each_seconds : float
        Of one replicate: every scenario lived once, its results kept.

    Raises
    ------
    ScenarioError
        With the memory and the time, and the largest number that fits.
    """
    most = max(int(min(MOST_RESULTS, machine_bytes()) // max(each_bytes, 1.0)), 1)
    if replicates <= most:
        return
    worlds, size = count(replicates), gigabytes(replicates * each_bytes)
    lasts = duration(replicates * each_seconds)
    raise scenario_error(
        f"{worlds.fr} mondes demandent environ {size} de mémoire et {lasts.fr} sur un cœur : en demander moins, ou "
        "une campagne (coopsim batch), qui écrit sur le disque",
        f"{worlds.en} worlds need about {size} of memory and {lasts.en} on one core: ask for fewer, or for a batch "
        "(coopsim batch), which writes to disk",
        key=key, value=replicates, allowed=f"≤ {most}",
    )  # fmt: skip


def check_seed(seed: int, key: str = "seed") -> None:
    """Refuse a seed that is negative or beyond what a spreadsheet keeps exactly.

    Raises
    ------
    ScenarioError
    """
    if seed < 0:
        raise scenario_error("valeur trop petite", "too small", key=key, value=seed, allowed="≥ 0")
    if seed > MOST_SEED:
        raise scenario_error("valeur trop grande", "too large", key=key, value=seed, allowed=f"≤ {MOST_SEED}")


def machine_bytes() -> float:
    """Return the memory of this machine; infinite where the system does not tell."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return math.inf


def gigabytes(size: float) -> str:
    """Return a size in words."""
    for unit, one in (("PiB", 2**50), ("TiB", 2**40), ("GiB", GIB), ("MiB", MIB)):
        if size >= one:
            return f"{size / one:.3g} {unit}"
    return f"{size / 1024:.3g} KiB"


def duration(seconds: float) -> Text:
    """Return a time in words."""
    for fr, en, one in _TIMES:
        if seconds >= one:
            return Text(f"{count(seconds / one).fr} {fr}", f"{count(seconds / one).en} {en}")
    return Text(f"{seconds:.2g} s".replace(".", ","), f"{seconds:.2g} s")


def count(number: float) -> Text:
    """Return a number of things in words."""
    text = f"{number:,.0f}" if number >= 10 else f"{number:.2g}"  # noqa: PLR2004 - digits that matter
    return Text(text.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ","), text)
