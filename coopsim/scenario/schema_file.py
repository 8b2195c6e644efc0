"""The JSON Schema of scenario files, which editors read to complete and to check them."""

import json
from pathlib import Path
from typing import Any

from coopsim.scenario.document import document_model
from coopsim.scenario.rules import registry
from coopsim.scenario.shipped import shipped

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, described in French.

    Each key also bears, where it has them, ``x-en``, ``x-unit``, ``x-levers``, ``x-grade`` and ``x-source``.
    """
    schema = document_model().model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    for table in (schema, *definitions.values()):
        table.pop("description", None)
        table.pop("title", None)
        for name, key in table.get("properties", {}).items():
            table["properties"][name] = _described(key)
    territory = definitions["TerritoryRules"]["properties"]
    rules = territory["governance"]
    territory["governance"] = {"$ref": "#/$defs/Governance"} | {n: rules[n] for n in ("description", "x-en")}
    # A file may leave to those it extends what a whole scenario needs.
    required = [name for name in schema.pop("required", []) if name not in {"name", "case"}]
    head = {"$schema": DIALECT, "title": "coopsim : fichier de scénario"}
    return {**head, **({"required": required} if required else {}), **schema}


def _described(key: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one key with its French description, unit and evidence."""
    out = {name: value for name, value in key.items() if name not in {"title", "fr"} and value != ""}
    for name in ("en", "unit", "levers", "grade", "source"):
        value = out.pop(name, None)
        if value:
            out[f"x-{name}"] = value
    unit = key.get("unit", "")
    if unit and unit != "1":
        out["description"] = f"{key['fr']} [{unit}]"
    if isinstance(out.get("default"), dict):
        out.pop("default")  # the keys of the table bear their own
    if "default" in out and out["default"] is None:  # TOML has no null: the key is left out
        out.pop("default")
        out |= out.pop("anyOf")[0]
    if "x-rule" in out:
        out["examples"] = _shipped_rules(out["x-rule"])
    return out


def _shipped_rules(kind: str) -> list[str]:
    """Return the rules of a kind that coopsim ships; those of other packages differ by machine."""
    rules = registry(kind)
    return [name for name in rules if rules[name].__module__.startswith("coopsim.")]


def write_schema(path: Path | None = None) -> Path:
    """Write the JSON Schema, by default over the shipped one, and return its path."""
    path = path or shipped("schema.json")
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
