"""Keys that change no trajectory of a shipped scenario, and why: ``scenarios/reference/inactive_keys.toml``."""

import tomllib
from functools import cache
from typing import Any

from coopsim.i18n import Text
from coopsim.scenario.shipped import shipped

Record = dict[str, Any]


@cache
def inactive_keys() -> tuple[Record, ...]:
    """Return the keys that do nothing, or whose ``values`` do nothing (all of them when empty), with the reason."""
    data = tomllib.loads(shipped("reference", "inactive_keys.toml").read_text(encoding="utf-8"))
    return tuple(
        {
            "kind": "inactive",
            "name": row["key"],
            "values_without_effect": list(row.get("values", ())),
            "why": Text(row["fr"], row["en"]),
        }
        for row in data["inactive"]
    )


def with_inactivity(record: Record) -> Record:
    """Return the record of a key or parameter with the reason why it, or some of its values, does nothing."""
    found = [row for row in inactive_keys() if row["name"] == record["name"]]
    if record["kind"] not in ("key", "parameter") or not found:
        return record
    return record | {name: found[0][name] for name in ("values_without_effect", "why")}
