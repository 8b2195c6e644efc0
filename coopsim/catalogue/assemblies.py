"""Who weighs how much in the assemblies of a case: seats and voting power under the rules of a scenario."""

from typing import Any

from coopsim.i18n import Text
from coopsim.scenario import load_scenario
from coopsim.scenario.scenario import Scenario, build

Record = dict[str, Any]

MOST = 60  # territories of a case whose assemblies are shown
_KINDS = {"council": Text("conseil", "council"), "body": Text("organisme", "body")}


def assembly_records(spec: Scenario) -> list[Record]:
    """Return the assemblies of a scenario on its first day that have several members, councils first.

    ``first`` is the member with most votes and ``share`` its share of them; ``banzhaf`` and ``shapley_shubik`` are
    its power; ``centres`` is how many members of equal power would be as concentrated. ``each`` holds all members.
    Of a council, ``statutes_pass`` is the share of random votes on its statutes that pass the legal double majority,
    and ``statutes_power`` the probability that the first commune decides one.
    """
    from coopsim.world.assemblies import Assembly, bodies, councils  # they need the engine
    from coopsim.world.founding import founded

    world = founded(spec, seed=0)  # seats by commune do not depend on luck
    found: list[Assembly] = [*councils(world), *bodies(world)]
    return [_record(assembly) for assembly in found if len(assembly.members) > 1]


def _record(assembly: Any) -> Record:
    record: Record = {
        "name": assembly.name,
        "assembly": _KINDS[assembly.kind],
        "rule": assembly.rule,
        "members": len(assembly.members),
        "votes": None,
        "needed": None,
        "first": assembly.members[0],
    }
    power = assembly.power
    if power is None:
        return record
    votes, total = power.votes.tolist(), int(power.votes.sum())
    each = [
        {
            "code": code,
            "name": name,
            "votes": v,
            "share": v / max(total, 1),
            "banzhaf": b,
            "shapley_shubik": s,
        }
        for code, name, v, b, s in zip(
            assembly.codes,
            assembly.members,
            votes,
            power.banzhaf.tolist(),
            power.shapley_shubik.tolist(),
            strict=True,
        )
    ]
    head = {name: each[0][name] for name in ("share", "banzhaf", "shapley_shubik")}
    found = record | {"votes": total, "needed": power.quota, **head, "centres": power.centres, "each": each}
    return found | _statutes(assembly, each)


def _statutes(assembly: Any, each: list[Record]) -> Record:
    """Return how a change of statutes fares among the communes of a council, and who decides it."""
    from coopsim.governance.statutes import statutes
    from coopsim.governance.voting import DoubleMajority

    found = statutes(DoubleMajority(), assembly.people) if assembly.kind == "council" else None
    if found is None:
        return {}
    for member, decisive in zip(each, found.decisive.tolist(), strict=True):
        member["statutes_power"] = decisive
    return {"statutes_pass": found.passes, "statutes_power": each[0]["statutes_power"]}


def case_scenario(case: str) -> Scenario:
    """Return the scenario of a shipped case under the rules that hold where a scenario says nothing."""
    return build({"schema": 1, "name": case, "horizon": {"years": 1}, "case": {"name": case}})


def with_assemblies(record: Record) -> Record:
    """Return the record of a case or of a scenario on a case with its assemblies; any other as it is.

    Of a national case there are too many to read, or to count in a moment: it stays as it is.
    """
    if record["kind"] == "case":
        spec = case_scenario(record["name"])
    elif record["kind"] == "scenario" and record["type"] == "scenario":
        spec = load_scenario(record["name"])
    else:
        return record
    if len(spec.territory_names) > MOST:
        return record
    return record | {"assemblies": assembly_records(spec)}
