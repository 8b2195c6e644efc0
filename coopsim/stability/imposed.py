"""Worlds with one pact of given members: the rules stay, only who is in the pact is imposed.

Nobody votes on this membership, nobody joins or leaves, and no other pact is founded: in all these worlds the pact is
created by the ordinary event ``pact_founded``, and the rules of the scenario decide everything else. Fines still fall,
and the third broken word still excludes, since that is a rule of the game.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.run import simulate
from coopsim.scenario import Scenario, load_scenario

_MEMBERSHIP_MOVES = ("propose_pact", "leave_pact")
_EVENTS_OF_PACTS = ("pact_founded",)
PAIR = 2


@dataclass(frozen=True, slots=True)
class Pact:
    """A pact of a run, as its largest membership.

    Attributes
    ----------
    number : int
        From 1, in the order of the run; 0 for one that the user names.
    members : tuple of str
        Codes, in the order of the case.
    tick : int
        When it was founded.
    ended : int
        Tick at which the run saw it end, -1 when it did not.
    times : int
        Pacts of the run with these members.
    """

    number: int
    members: tuple[str, ...]
    tick: int
    ended: int = -1
    times: int = 1


def pacts_of_run(spec: Scenario, seed: int) -> list[Pact]:
    """Return the pacts of one run of a scenario, each membership once, with its first date.

    Read from the journal: the largest membership that each pact ever had.
    """
    spec = spec.but({"record.journal": True, "name": spec.name})
    journal = simulate(spec, seed).journal
    order = list(spec.territory_names)
    rows = journal[(journal["kind"] != "vote") & journal["pact"].fillna("").ne("")]
    found: dict[tuple[str, ...], Pact] = {}
    for _, lines in rows.groupby("pact", sort=False):
        sets = [set(str(text).split(";")) - {"", "nan"} for text in lines["members"]]
        members = tuple(code for code in order if code in max(sets, key=len, default=set()))
        if len(members) < PAIR:
            continue
        gone = lines[lines["outcome"] == "dissolved"]["tick"]
        pact = Pact(len(found) + 1, members, int(lines["tick"].min()), int(gone.max()) if len(gone) else -1)
        first = found.get(members)
        found[members] = pact if first is None else _again(first)
    return list(found.values())


def _again(first: Pact) -> Pact:
    return Pact(first.number, first.members, first.tick, first.ended, first.times + 1)


def chosen_pacts(spec: Scenario, found: Sequence[Pact], asked: Sequence[str]) -> list[Pact]:
    """Return the pacts asked for: by their number in the run, or by the codes or names of members joined by ``+``.

    Raises
    ------
    ScenarioError
        For a number that the run does not have and for a territory that the case does not have.
    """
    if not asked:
        return list(found)
    return [_chosen(spec, found, text) for text in asked]


def _chosen(spec: Scenario, found: Sequence[Pact], text: str) -> Pact:
    if text.isdigit() and len(text) < 5:  # noqa: PLR2004 - a code is longer
        for pact in found:
            if pact.number == int(text):
                return pact
        numbers = ", ".join(str(pact.number) for pact in found) or str(Text("aucun", "none"))
        raise scenario_error(
            "ce pacte n'existe pas dans la simulation",
            "the run has no such pact",
            key="--pact",
            value=text,
            allowed=numbers,
        )
    codes = {_code(spec, part.strip()) for part in text.split("+")}
    if len(codes) < PAIR:
        raise scenario_error(
            "un pacte a au moins deux membres : les écrire avec « + » (codes ou noms)",
            "a pact has at least two members: write them with '+' (codes or names)",
            key="--pact",
            value=text,
        )
    return Pact(0, tuple(code for code in spec.territory_names if code in codes), 0)


def _code(spec: Scenario, name: str) -> str:
    names = spec.territory_names
    for code, label in names.items():
        if name in (code, label):
            return code
    known = [*names.values(), *names]
    raise ScenarioError(
        [
            Problem(
                Text("le cas n'a pas ce territoire", "the case has no such territory"),
                key="--pact",
                value=name,
                nearest=nearest(name, known),
            )
        ]
    )


def imposed(
    spec: Scenario, members: Sequence[str], tick: int, last_year: int, *, withholds: str | None = None
) -> Scenario:
    """Return the scenario in which a pact has exactly these members from a tick on; no pact with fewer than two.

    Parameters
    ----------
    spec : Scenario
    members : sequence of str
        Codes.
    tick : int
        First tick of the pact.
    last_year : int
        Calendar year after which the run ends.
    withholds : str or None
        Member that pays nothing of its share of the animation and, where it plays jointly with the members of its
        pact, plays for itself instead.
    """
    document = copy.deepcopy(spec.document())
    document["horizon"]["years"] = last_year - spec.start_year + 1
    moves = document["governance"]["choice"]["moves"]
    for move in _MEMBERSHIP_MOVES:
        moves[move]["allowed"] = False
    for rules in document.get("territory", []):
        choice = rules["governance"].get("choice", {})
        for move in _MEMBERSHIP_MOVES:
            choice.get("moves", {}).pop(move, None)
    document["event"] = [e for e in document.get("event", []) if e["what"] not in _EVENTS_OF_PACTS]
    document["society"]["pacts"]["max_members"] = max(len(members), PAIR)  # closed: nobody joins later
    document["record"]["journal"] = False
    if len(members) >= PAIR:
        document["event"].append(_event(tick, "pact_founded", members, 1))
    if withholds is not None:
        quarters = 4 * document["horizon"]["years"] - tick
        document["event"].append(_event(tick, "withholding", [withholds], max(quarters, 1)))
        alone = _for_itself(spec, withholds, tick)
        if alone is not None:
            document.setdefault("territory", []).append(alone)
    return load_scenario(document)


def _event(tick: int, what: str, territories: Sequence[str], duration: int) -> dict[str, Any]:
    event: dict[str, Any] = {"when": tick, "what": what, "amount": 1.0, "territories": list(territories)}
    return event | ({"duration": duration} if duration > 1 else {})


def _for_itself(spec: Scenario, code: str, tick: int) -> dict[str, Any] | None:
    """Return the dated rule that makes a territory play for itself where it would play jointly; None elsewhere."""
    maker = spec.governance_for(code, tick).choice.decision_maker
    if not isinstance(maker, dict) or maker.get("rule") != "joint":
        return None
    alone = {name: value for name, value in maker.items() if name != "among"} | {"rule": "best_reply"}
    return {"code": code, "from": tick, "governance": {"choice": {"decision_maker": alone}}}
