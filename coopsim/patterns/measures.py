"""What a run shows, year by year: every indicator of the whole by its name, and what no indicator tells.

``centre.NAME`` is an indicator of the most populous territory, ``spread.NAME`` the difference between the highest and
the lowest territory.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, SYSTEM, TERRITORY
from coopsim.registry import nearest
from coopsim.tables.pacts import SCOPES, STAGES
from coopsim.types import FloatArray

if TYPE_CHECKING:
    from coopsim.model import CoopModel
    from coopsim.scenario import Scenario
    from coopsim.world.state import World

QUARTERS = 4

Observer = Callable[["World"], float]
STATE: dict[str, tuple[Text, Observer]] = {}


def _state(name: str, fr: str, en: str) -> Callable[[Observer], Observer]:
    def keep(function: Observer) -> Observer:
        STATE[name] = (Text(fr, en), function)
        return function

    return keep


@_state("pact.inside_trust", "confiance entre les membres du premier pacte (aucune valeur après sa fin)",
        "trust between the members of the first pact (no value after its end)")  # fmt: skip
def inside_trust(world: "World") -> float:
    """Return the mean trust inside the first pact; NaN once it has ended."""
    pacts = world.pacts
    if not len(pacts) or pacts.ended[0] >= 0:
        return np.nan
    m = pacts.members[0]
    return float(world.ties.trust[np.ix_(m, m)].sum() / max(m.sum() * (m.sum() - 1), 1))


@_state(
    "pact.first_in_force", "premier pacte encore en vigueur (0 ou 1)", "first pact still in force (0 or 1)"
)
def first_in_force(world: "World") -> float:
    """Return whether the first pact is in force."""
    return float(len(world.pacts) > 0 and world.pacts.ended[0] < 0)


@_state("pact.delivered", "actions communes réussies (cumul)", "joint actions delivered (cumulated)")
def delivered(world: "World") -> float:
    """Return the joint actions delivered so far by all pacts."""
    return float(world.pacts.delivered.sum())


@_state("pact.founded", "pactes fondés (cumul)", "pacts founded (cumulated)")
def founded(world: "World") -> float:
    """Return the number of pacts ever founded."""
    return float(len(world.pacts))


@_state(
    "pact.pairs",
    "part des paires de voisins liées par un pacte",
    "share of pairs of neighbours in a common pact",
)
def pairs(world: "World") -> float:
    """Return the share of pairs of neighbours that are members of one pact at least."""
    members = world.pacts.members[world.pacts.active].astype(np.float64)
    near = world.ties.adjacent
    return float(((members.T @ members > 0) & near).sum() / max(near.sum(), 1))


@_state("pact.members_share", "part des territoires membres d'un pacte", "share of territories in a pact")
def members_share(world: "World") -> float:
    """Return the share of territories that are members of a pact."""
    return (
        float(world.pacts.members[world.pacts.active].any(axis=0).mean()) if world.pacts.active.size else 0.0
    )


@_state("pact.estate", "un pacte du sol ou des implantations est en vigueur (0 ou 1)",
        "a pact on land or siting is in force (0 or 1)")  # fmt: skip
def estate(world: "World") -> float:
    """Return whether a pact on land or siting is in force."""
    columns = [SCOPES.index("land"), SCOPES.index("siting")]
    return float(world.pacts.scopes[world.pacts.active][:, columns].any())


@_state(
    "pact.action_size", "taille de la prochaine action commune (0-1)", "size of the next joint action (0-1)"
)
def action_size(world: "World") -> float:
    """Return the mean size of the next joint action of the pacts in force; NaN without any."""
    rows = world.pacts.active
    return float(world.pacts.size[rows].mean()) if rows.size else np.nan


@_state(
    "pact.last_stage",
    "arrivées de pactes au dernier stade (cumul)",
    "pacts that reached the last stage (cumulated)",
)
def last_stage(world: "World") -> float:
    """Return how many times a pact reached the last stage; needs the journal."""
    last = len(STAGES) - 1
    return float(sum(1 for x in world.journal if x["move"] == "stage" and int(x["amount"]) == last))


@_state(
    "pact.last_stage_share",
    "arrivées au dernier stade / pactes fondés",
    "arrivals at the last stage / pacts founded",
)
def last_stage_share(world: "World") -> float:
    """Return arrivals at the last stage over pacts founded."""
    return last_stage(world) / max(len(world.pacts), 1)


@_state(
    "ties.trust", "confiance entre voisins, moyenne des paires", "trust between neighbours, mean of pairs"
)
def trust(world: "World") -> float:
    """Return the mean trust of pairs of neighbours."""
    return float(world.ties.trust[world.ties.adjacent].mean())


@_state(
    "ties.rivalry", "rivalité entre voisins, moyenne des paires", "rivalry between neighbours, mean of pairs"
)
def rivalry(world: "World") -> float:
    """Return the mean rivalry of pairs of neighbours."""
    return float(world.ties.rivalry[world.ties.adjacent].mean())


@_state("people.presence", "présence des collèges invités (0-1)", "presence of the invited colleges (0-1)")
def presence(world: "World") -> float:
    """Return the mean presence of the colleges beside the elected."""
    return float(world.minds.presence.mean())


def _votes(world: "World") -> list[tuple[float, float]]:
    """Return the votes for and against of every vote of councils on pacts so far."""
    return [
        (float(x["votes_for"]), float(x["votes_against"]))
        for x in world.journal
        if x["kind"] == "vote" and "pact" in x["move"] and "votes_for" in x
    ]


@_state("votes.pact_favour", "part des voix pour dans les votes sur les pactes (depuis le début)",
        "share of votes in favour in votes on pacts (since the start)")  # fmt: skip
def pact_favour(world: "World") -> float:
    """Return the votes in favour over all votes on pacts so far; NaN before the first; needs the journal."""
    votes = np.array(_votes(world)).reshape(-1, 2)
    return float(votes[:, 0].sum() / votes.sum()) if votes.sum() > 0 else np.nan


@_state("votes.minority", "part des voix de la minorité, moyenne des votes (depuis le début)",
        "share of the minority, mean of votes (since the start)")  # fmt: skip
def minority(world: "World") -> float:
    """Return the mean share of the smaller side over all votes so far; NaN before the first; needs the journal."""
    found = [
        min(x["votes_for"], x["votes_against"]) / (x["votes_for"] + x["votes_against"])
        for x in world.journal
        if x["kind"] == "vote" and x.get("votes_for", 0) + x.get("votes_against", 0) > 0
    ]
    return float(np.mean(found)) if found else np.nan


def _whole(table: dict[str, FloatArray], name: str, weight: str) -> FloatArray:
    """Return the mean of a local indicator weighted by another, shape (Y,)."""
    out: FloatArray = (table[name] * table[weight]).sum(axis=1) / np.maximum(table[weight].sum(axis=1), 1e-12)
    return out


def _net_cost(table: dict[str, FloatArray]) -> FloatArray:
    """Return the public cost of a year less what it avoided, over the people employed in it, EUR; NaN without any."""
    jobs = table["ebe_jobs"].sum(axis=1)
    spent = np.diff((table["ebe_paid_keur"] - table["ebe_avoided_keur"]).sum(axis=1), prepend=0.0)
    employed = 0.5 * (jobs + np.concatenate([[0.0], jobs[:-1]]))
    with np.errstate(divide="ignore", invalid="ignore"):
        out: FloatArray = np.where(employed > 0, 1000.0 * spent / employed, np.nan)
    return out


Combiner = Callable[[dict[str, FloatArray]], FloatArray]
# Of the territories' indicators at the ends of years, shape (Y, T) each; with the indicators that they need.
COMBINED: dict[str, tuple[Text, tuple[str, ...], Combiner]] = {
    "firms.reached": (
        Text("part des entreprises sensibilisées, de l'ensemble", "share of firms reached, of the whole"),
        ("firms_reached", "companies"), lambda t: _whole(t, "firms_reached", "companies"),
    ),
    "firms.acting": (
        Text("part des entreprises en transition, de l'ensemble", "share of firms acting, of the whole"),
        ("firms_acting", "companies"), lambda t: _whole(t, "firms_acting", "companies"),
    ),
    "people.seekers": (
        Text("chercheurs d'emploi (43 % d'actifs)", "job seekers (43 % of people active)"),
        ("unemployment", "population"), lambda t: 0.43 * (t["unemployment"] * t["population"]).sum(axis=1),
    ),
    "centre.centrality_per_head": (
        Text("charges de centralité par habitant du territoire le plus peuplé (k€)",
             "centrality charges per head of the most populous territory (k€)"),
        ("centrality_keur", "population"), lambda t: _centre(t, "centrality_keur") / _centre(t, "population"),
    ),
    "people.centrality_eur_per_head": (
        Text("charges de centralité par habitant (€/an)", "centrality charges per head (EUR/yr)"),
        ("centrality_keur", "population"),
        lambda t: 1000.0 * t["centrality_keur"].sum(axis=1) / t["population"].sum(axis=1),
    ),
    "ebe.net_cost_eur": (
        Text("coût public net d'un emploi de l'entreprise à but d'emploi (€/an)",
             "net public cost of a job of the employment company (EUR/yr)"),
        ("ebe_jobs", "ebe_paid_keur", "ebe_avoided_keur"), _net_cost,
    ),
}  # fmt: skip


def _centre(table: dict[str, FloatArray], name: str) -> FloatArray:
    """Return an indicator of the territory that is the most populous in the first year."""
    out: FloatArray = table[name][:, int(np.argmax(table["population"][0]))]
    return out


def label_of(name: str) -> Text:
    """Return what a measure is."""
    head, _, tail = name.partition(".")
    if name in STATE:
        return STATE[name][0]
    if name in COMBINED:
        return COMBINED[name][0]
    base = BY_NAME[tail if head in _PLACES else name].label
    told = _PLACES.get(head)
    return Text(f"{base.fr}{told.fr}", f"{base.en}{told.en}") if told else base


_PLACES = {
    "centre": Text(" (territoire le plus peuplé)", " (most populous territory)"),
    "spread": Text(" (écart entre territoires)", " (spread between territories)"),
}


def missing(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the measures that do not exist, each with the nearest one that does."""
    known = [*SYSTEM, *STATE, *COMBINED]
    out = []
    for name in names:
        head, _, tail = name.partition(".")
        if head in _PLACES and name not in COMBINED:
            if tail not in TERRITORY:
                out.append((name, f"{head}.{nearest(tail, list(TERRITORY))}"))
        elif name not in known or any(n not in TERRITORY for n in _needed(name)):
            out.append((name, nearest(name, known)))
    return out


def _needed(name: str) -> tuple[str, ...]:
    return COMBINED[name][1] if name in COMBINED else ()


def series(spec: "Scenario", seed: int, names: Iterable[str]) -> dict[str, list[float]]:
    """Return measures of one run at the end of every year; each list has one value a year, NaN where there is none."""
    from coopsim.model import CoopModel

    wanted = list(names)
    observed = [name for name in wanted if name in STATE]
    model = CoopModel(spec, seed, views=False)
    rows: dict[str, list[float]] = {name: [] for name in observed}
    try:
        for tick in range(spec.ticks):
            model.step()
            if tick % QUARTERS == QUARTERS - 1:
                for name in observed:
                    rows[name].append(STATE[name][1](model.world))
        return {name: rows[name] if name in rows else _recorded(model, name) for name in wanted}
    finally:
        model.release()


def _recorded(model: "CoopModel", name: str) -> list[float]:
    recorder: Any = model.recorder
    last = slice(QUARTERS - 1, None, QUARTERS)
    local: FloatArray = recorder.territory[: recorder.ticks][last]
    head, _, tail = name.partition(".")
    if name in COMBINED:
        found = COMBINED[name][2]({n: local[:, :, TERRITORY.index(n)] for n in COMBINED[name][1]})
    elif head == "centre":
        found = _centre({n: local[:, :, TERRITORY.index(n)] for n in {tail, "population"}}, tail)
    elif head == "spread":
        values = local[:, :, TERRITORY.index(tail)]
        found = np.nanmax(values, axis=1) - np.nanmin(values, axis=1)
    else:
        found = recorder.system_values[last][:, SYSTEM.index(name)]
    return [float(x) for x in found]
