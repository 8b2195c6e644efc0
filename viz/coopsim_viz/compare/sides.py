"""The two sides of a comparison: branches of the session's tree or shipped scenarios, as an address names them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from coopsim.comparison import check_comparable
from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario import Scenario, load_scenario, shipped, shipped_scenarios
from coopsim_viz.room.frame import tree
from coopsim_viz.room.room import Room

BRANCH = "branche-"
WORLDS = 20
MOST_WORLDS = 200
_FOLDERS = (".", "families")
_NOT_TWICE = Text("choisir deux côtés différents", "choose two different sides")


@dataclass(frozen=True)
class Question:
    """What is compared.

    Attributes
    ----------
    sides : tuple of str
        What the address says: ``branche-3`` or the name of a shipped scenario.
    scenarios : tuple of Scenario
        Of different names, one case, one horizon.
    worlds, seed : int
        Worlds, and the seed of the first.
    """

    sides: tuple[str, str]
    scenarios: tuple[Scenario, Scenario]
    worlds: int
    seed: int

    @property
    def key(self) -> str:
        """Name of the answer's folder: the same question has one answer."""
        a, b = (spec.hash[:12] for spec in self.scenarios)
        return f"{a}-{b}-{self.worlds}-{self.seed}"


def question_of(room: Room, asked: Mapping[str, str]) -> Question:
    """Return the question of an address: ``a``, ``b``, ``mondes``, ``graine``.

    Raises
    ------
    ScenarioError
        For a side that does not exist, twice the same, two that cannot be compared, a refused number.
    """
    one, other = (str(asked.get(name, ""))[:80] for name in ("a", "b"))
    if one == other:
        raise scenario_error(_NOT_TWICE.fr, _NOT_TWICE.en, key="b", value=other)
    worlds = _whole(asked, "mondes", WORLDS, 2, MOST_WORLDS)
    seed = _whole(asked, "graine", 0, 0, 2**31 - 1)
    a, b = _side(room, one), _side(room, other)
    if a.name == b.name:
        a, b = _renamed(a, one), _renamed(b, other)
    if a.spec.case != b.spec.case:
        raise scenario_error(
            "les deux côtés ne montrent pas le même cas", "the two sides do not show the same case", key="case",
            value=f"{a.name}, {b.name}",
        )  # fmt: skip
    check_comparable([a, b], worlds, seed)
    return Question((one, other), (a, b), worlds, seed)


def choices(room: Room) -> list[dict[str, Any]]:
    """Return what may be chosen: branches of the tree with where they leave it, then shipped scenarios."""
    start = room.base["A"].start_year
    found = [
        {
            "id": f"{BRANCH}{row['id']}", "branch": True, "lane": row["lane"], "here": row["here"],
            **_named(room, row), "year": start + row["start"] // 4,
        }
        for row in tree(room)
    ]  # fmt: skip
    for name, (fr, en) in shipped_titles().items():
        found.append(
            {"id": name, "branch": False, "lane": "", "here": False, "fr": fr, "en": en, "year": start}
        )
    return found


@cache
def shipped_titles() -> dict[str, tuple[str, str]]:
    """Return the titles (French, English) of the scenarios that a town hall would compare, by name."""
    kept = {shipped(folder) for folder in _FOLDERS}
    found = {}
    for name, path in shipped_scenarios().items():
        if path.parent in kept or path.parent.resolve() in {k.resolve() for k in kept}:
            title = tomllib.loads(path.read_text(encoding="utf-8")).get("title", {})
            found[name] = (str(title.get("fr", name)), str(title.get("en", name)))
    return found


def _side(room: Room, name: str) -> Scenario:
    if name.startswith(BRANCH):
        number = name.removeprefix(BRANCH)
        known = [f"{BRANCH}{branch}" for branch in room.tree.branches]
        if name not in known:
            raise scenario_error(
                "cette branche n'existe pas",
                "there is no such branch",
                key="a, b",
                value=name,
                allowed=", ".join(known),
            )
        row = next(row for row in tree(room) if row["id"] == int(number))
        spec = room.scenario(int(number))
        return spec.but({"name": f"{spec.name}-{number}", "title": _named(room, row)})
    known = list(shipped_titles())
    if name not in known:
        raise scenario_error(
            "aucun scénario livré ne porte ce nom", "no shipped scenario has this name", key="a, b", value=name,
            nearest=nearest(name, known),
        )  # fmt: skip
    spec = load_scenario(name)
    years = room.base["A"].years
    same = spec.spec.case == room.base["A"].spec.case
    return spec if spec.years == years or not same else spec.but({"horizon.years": years, "name": spec.name})


def _named(room: Room, row: Mapping[str, Any]) -> dict[str, str]:
    """Return what a branch is called in both languages: its name, its last change, or the lane's title."""
    base = room.base[row["lane"]].title
    head = f"{row['lane']}{row['id']}"
    return {
        "fr": f"{head} · {row['name'] or row['fr'] or base.fr}",
        "en": f"{head} · {row['name'] or row['en'] or base.en}",
    }


def _renamed(spec: Scenario, side: str) -> Scenario:
    return spec.but({"name": f"{spec.name}-{side}"})


def _whole(asked: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = str(asked.get(name, "") or default)
    if not (text.isdecimal() and len(text) < 12 and low <= int(text) <= high):  # noqa: PLR2004 - no giant numbers
        raise scenario_error(
            "nombre refusé", "refused number", key=name, value=text[:20], allowed=f"{low} – {high}"
        )
    return int(text)
