"""Records of everything that has a name: plain dictionaries, labels in both languages."""

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from coopsim.catalogue.inactive import inactive_keys
from coopsim.catalogue.keys import rule_keys
from coopsim.i18n import Text
from coopsim.indicators import INDICATORS
from coopsim.plugins import package_of
from coopsim.scenario.events import EVENTS
from coopsim.scenario.governance_choice import Moves
from coopsim.scenario.parameters import parameters
from coopsim.scenario.rules import all_rules
from coopsim.scenario.shipped import shipped_cases, shipped_scenarios
from coopsim.society.moves import CANDIDATES

Record = dict[str, Any]

_FOLDERS = {"presets": "preset", "places": "place", "dynamics": "dynamic", "lab": "lab", "families": "family"}
_HEAD = ("schema", "name", "title", "question", "extends", "horizon", "case", "theory")


def records(kind: str) -> list[Record]:
    """Return the records of one of `KINDS`, in a fixed order."""
    return _TABLES[kind]()


def flat(record: Mapping[str, Any]) -> Record:
    """Return a record in JSON types: a text becomes two columns, one a language."""
    out: Record = {}
    for name, value in record.items():
        if isinstance(value, Text):
            out[f"{name}_fr"], out[f"{name}_en"] = value.fr, value.en
        elif isinstance(value, list | tuple):
            out[name] = [flat(item) if isinstance(item, Mapping) else item for item in value]
        else:
            out[name] = value
    return out


def _case(data: Mapping[str, Any]) -> str:
    """Return the name of the case of a scenario file, or of the last of those that it extends and that has one."""
    if "case" in data:
        return str(data["case"].get("name", ""))
    paths = (shipped_scenarios()[parent] for parent in reversed(data.get("extends", ())))
    found = (_case(tomllib.loads(path.read_text(encoding="utf-8-sig"))) for path in paths)
    return next((name for name in found if name), "")


def _scenarios() -> list[Record]:
    found = []
    for name, path in shipped_scenarios().items():
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        folder = _FOLDERS.get(path.parent.name, "scenario")
        found.append(
            {
                "kind": "scenario",
                "name": name,
                "type": folder,
                "title": _text(data.get("title", {}), name),
                "question": _text(data.get("question", {}), ""),
                "extends": data.get("extends", []),
                "case": _case(data),
                "settings": dict(_leaves({k: v for k, v in data.items() if k not in _HEAD}, "")),
            }
        )
    return found


def _text(table: Mapping[str, str], default: str) -> Text:
    return Text(table.get("fr", default), table.get("en", default))


def _leaves(tree: Mapping[str, Any], head: str) -> list[tuple[str, Any]]:
    """Return the settings of a file by dotted key; the table of a rule is one setting."""
    out: list[tuple[str, Any]] = []
    for name, value in tree.items():
        if isinstance(value, Mapping) and "rule" not in value:
            out += _leaves(value, f"{head}{name}.")
        else:
            out.append((head + name, value))
    return out


def _rules() -> list[Record]:
    return [
        {
            "kind": "rule",
            "name": name,
            "rule_kind": kind,
            "label": cls.traits.summary,
            "source": cls.traits.source,
            "levers": list(cls.traits.levers),
            "parameters": rules.parameters(name),
            "used_by": rule_keys(kind),
            "package": package_of(cls),
        }
        for kind, rules in all_rules()[0].items()
        for name, cls in rules.classes().items()
    ]


def _indicators() -> list[Record]:
    return [
        {
            "kind": "indicator",
            "name": i.name,
            "unit": i.unit,
            "label": i.label,
            "direction": i.direction,
            "aggregate": i.aggregate,
            "outcome": i.outcome,
            "group": i.group,
            "formula": i.formula,
            "baseline": i.baseline,
            "source": i.source,
        }
        for i in INDICATORS
    ]


def _parameters() -> list[Record]:
    found = []
    for p in parameters().values():
        legal, swept = p.legal or (None, None), p.range or (None, None)
        found.append(
            {
                "kind": "parameter",
                "name": p.key,
                "label": p.text,
                "value": list(p.value) if isinstance(p.value, tuple) else p.value,
                "unit": p.unit,
                "legal_low": legal[0],
                "legal_high": legal[1],
                "range_low": swept[0],
                "range_high": swept[1],
                "choices": ", ".join(p.choices),
                "grade": p.grade,
                "source": p.source,
            }
        )
    return found


def _labs() -> list[Record]:
    from coopsim.lab import labs

    return [
        {
            "kind": "lab",
            "name": lab.name,
            "title": lab.title,
            "question": lab.question,
            "change": lab.change,
            "look": lab.look,
            "source": lab.source,
            "values": [
                {"name": name, "label": p.text, "default": p.default, "allowed": p.allowed, "unit": p.unit}
                for name, p in lab.parameters.items()
            ],
            "results": [{"name": name, "label": r.text, "unit": r.unit} for name, r in lab.results.items()],
        }
        for lab in labs().values()
    ]


def _moves() -> list[Record]:
    found = []
    for name, field in Moves.model_fields.items():
        extra: Any = field.json_schema_extra
        steps = [c for c in CANDIDATES if c.move == name]
        found.append(
            {
                "kind": "move",
                "name": name,
                "label": Text(extra["fr"], extra["en"]),
                "family": ", ".join(dict.fromkeys(c.family for c in steps)),
                "payer": ", ".join(dict.fromkeys(c.payer for c in steps)),
                "levers": extra["levers"],
                "key": f"governance.choice.moves.{name}",
            }
        )
    return found


def _events() -> list[Record]:
    return [
        {
            "kind": "event",
            "name": name,
            "label": event.text,
            "unit": event.unit,
            "legal_low": event.low,
            "legal_high": event.high,
            "duration": event.duration if event.lasts else None,
            "submodel": event.submodel,
        }
        for name, event in EVENTS.items()
    ]


def _cases() -> list[Record]:
    found = []
    for name, folder in shipped_cases().items():
        data = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8-sig"))
        text = _text(data.get("title", {}), name)
        found.append({"kind": "case", "name": name, "title": text, "year": data.get("reference_year")})
    return found


def _plans() -> list[Record]:
    from coopsim.batch import load_plan, shipped_plans

    found = []
    for name in shipped_plans():
        plan = load_plan(name)
        found.append(
            {
                "kind": "plan",
                "name": name,
                "title": plan.title.text() if plan.title else Text(name, name),
                "question": plan.question.text() if plan.question else Text("", ""),
                "design": plan.design.kind,
                "scenarios": [lane.name for lane in plan.run.scenarios],
                "varied": [parameter.key for parameter in plan.parameter],
                "runs": plan.run_count,
            }
        )
    return found


def _inactive() -> list[Record]:
    return [dict(record) for record in inactive_keys()]


_TABLES: dict[str, Callable[[], list[Record]]] = {
    "scenarios": _scenarios,
    "rules": _rules,
    "indicators": _indicators,
    "parameters": _parameters,
    "labs": _labs,
    "moves": _moves,
    "events": _events,
    "cases": _cases,
    "plans": _plans,
    "inactive": _inactive,
}
KINDS: tuple[str, ...] = tuple(_TABLES)
