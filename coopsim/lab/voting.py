"""Laboratory of votes: what the votes of a member are worth, and the seats that a municipal election gives."""

from coopsim.errors import Problem
from coopsim.governance.seats import list_seats
from coopsim.i18n import Text
from coopsim.lab import formulas_voting as formulas
from coopsim.lab.engine import Bench, Changes
from coopsim.lab.results import Value
from coopsim.lab.values import Values
from coopsim.world.assemblies import bodies

_RULE = "governance.aggregation.body_rule"
_MOST_WORK = 4e9  # additions of the closed form: about half a minute
_SOME = Text("aucun n'a de voix", "none has a vote")
_AT_LEAST_ONE = Text("au moins un nombre positif", "at least one number above 0")


def votes_refused(v: Values) -> list[Problem]:
    """Refuse members or lists without a vote, a quota above all votes, and more than can be counted."""
    problems = [
        Problem(_SOME, key=name, value=v[name], allowed=str(_AT_LEAST_ONE))
        for name in ("weights", "votes")
        if not any(v[name])
    ]
    total = sum(v["weights"])
    if v["quota"] is not None and v["quota"] > total > 0:
        message = Text("le seuil dépasse le total des voix", "the quota is above the total of the votes")
        allowed = f"1 – {total}" + str(Text(", ou null", ", or null"))
        problems.append(Problem(message, key="quota", value=v["quota"], allowed=allowed))
    elif total > 0 and (work := formulas.work(v["weights"], _quota(v))) > _MOST_WORK:
        n, most = len(v["weights"]), int(_smaller(v) * _MOST_WORK / work)
        message = Text(
            "trop de membres et de voix pour être comptés", "too many members and votes to be counted"
        )
        allowed = str(
            Text(
                f"pour {n} membres, un seuil (ou ce qu'il faut pour bloquer) d'au plus {most} voix ; "
                f"jusqu'à {formulas.COUNTED} membres, sans limite",
                f"for {n} members, a quota (or what it takes to block) of at most {most} votes; "
                f"up to {formulas.COUNTED} members, without limit",
            )
        )
        problems.append(Problem(message, key="weights", value=f"{n} × {max(v['weights'])}", allowed=allowed))
    return problems


def _quota(v: Values) -> int:
    return int(v["quota"]) if v["quota"] is not None else sum(v["weights"]) // 2 + 1


def _smaller(v: Values) -> int:
    """Return the smaller of the quota and of the votes that keep the others from reaching it."""
    return min(_quota(v), sum(v["weights"]) - _quota(v) + 1)


def votes_changes(v: Values) -> Changes:
    """Return the scenario keys of a body with these votes under this quota."""
    rule: str | dict[str, object] = "weighted"
    return {
        "case.synthetic.territories": len(v["weights"]),
        "case.synthetic.population": [float(w) for w in v["weights"]],
        _RULE: rule if v["quota"] is None else {"rule": rule, "quota": v["quota"]},
    }


def votes_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return the power of each member of the body in the engine, and the seats that its electoral law gives."""
    with bench.model() as model:
        world = model.world
        (body,) = bodies(world)
        seats = list_seats(v["votes"], v["seats"], world.law)
    if body.power is None:
        raise RuntimeError("the rule of the body has no quota")
    rows = [body.codes.index(code) for code in world.spec.territory_names]  # the engine has its own order
    return {
        "banzhaf": [float(x) for x in body.power.banzhaf[rows]],
        "shapley_shubik": [float(x) for x in body.power.shapley_shubik[rows]],
        "seats_by_list": [float(x) for x in seats],
    }


def votes_exact(v: Values) -> dict[str, Value]:
    """Return the indices counted coalition by coalition, and the seats by quotient and averages."""
    banzhaf, shapley_shubik = formulas.indices(v["weights"], _quota(v))
    seats = formulas.seats_by_list(v["votes"], v["seats"])
    return {
        "banzhaf": banzhaf,
        "shapley_shubik": shapley_shubik,
        "seats_by_list": [float(x) for x in seats],
    }
