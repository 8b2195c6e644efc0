"""The bodies of the first day: members, seats, powers, perimeters and accounts from the tables of the case."""

import tomllib
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from coopsim.resources.water import WaterParams
from coopsim.rng import text_id
from coopsim.scenario.case import Case
from coopsim.scenario.shipped import shipped
from coopsim.society.bodies import BodyParams
from coopsim.tables.bodies import FOREST_CHARTER, KINDS, PETR, POWERS, RIVER_BOARD, BodyTable
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import Places, Rivers


@cache
def law() -> dict[str, Any]:
    """Return the law of bodies: powers, statutes, seats, ceilings."""
    return tomllib.loads((shipped("law") / "bodies.toml").read_text(encoding="utf-8"))


def powers_of(kind: str, written: str) -> BoolArray:
    """Return the powers of a body, shape (P,): those that its row writes and those that the law gives its kind.

    Codes of powers that the model knows nothing of are left aside.
    """
    told = {part.strip() for part in written.split(";") if part.strip()}
    table = law()["power"]
    return np.array([name in told or kind in table[name]["by_law"] or bool(told & set(table[name]["codes"]))
                     for name in POWERS])  # fmt: skip


def bodies(case: Case, places: Places, rivers: Rivers, p: BodyParams, water: WaterParams) -> BodyTable:
    """Return the bodies of a case, in the order of its rows, with the account of their first day."""
    table, members = case.bodies, case.body_members
    if not len(table):
        return BodyTable.empty(len(places))
    home = {code: i for i, code in enumerate(places.code)}
    codes = tuple(str(code) for code in table["body"])
    row = {code: b for b, code in enumerate(codes)}
    share = np.zeros((len(codes), len(places)))
    seats = np.zeros(share.shape, np.int64)
    for line in members.to_dict("records"):
        where = row[str(line["body"])], home[str(line["territory"])]
        share[where], seats[where] = float(line["population_share"]), int(line["seats"])
    kinds = [str(kind) for kind in table["kind"]]
    out = BodyTable.of(
        codes,
        tuple(str(name) for name in table["name"]),
        np.array([text_id(code) for code in codes], dtype=np.uint64),
        np.array([KINDS.index(kind) for kind in kinds], dtype=np.int64),
        np.array([powers_of(k, str(w)) for k, w in zip(kinds, table["powers"], strict=True)]),
        share,
        seats,
        np.array([rivers.body.index(c) if c in rivers.body else -1 for c in codes], dtype=np.int64),
        _perimeters(table, rivers, seats > 0),
        np.array([str(key) == "seats" for key in table["contribution_key"]]),
    )
    _accounts(out, table, places, p, water)
    return out


def _perimeters(table: pd.DataFrame, rivers: Rivers, members: BoolArray) -> BoolArray:
    """Return the water nodes of each body, shape (B, W): those that its row names, else those of its members."""
    where = {name: w for w, name in enumerate(rivers.node)}
    out = np.zeros((len(table), len(rivers.node)), np.bool_)
    for b, text in enumerate(table["nodes"]):
        named = [where[part.strip()] for part in str(text).split(";") if part.strip() in where]
        if named:
            out[b, named] = True
        elif len(rivers.node):
            out[b] = members[b][rivers.territory]
    return out


def _accounts(out: BodyTable, table: pd.DataFrame, places: Places, p: BodyParams, water: WaterParams) -> None:
    """Set ordinary costs: those of the case, else by the price of water or per inhabitant."""
    people = out.share @ places.population
    per_head = np.zeros(len(KINDS))
    per_head[PETR], per_head[RIVER_BOARD], per_head[FOREST_CHARTER] = (
        p.petr_eur_per_head, p.river_eur_per_head, p.charter_eur_per_head,
    )  # fmt: skip
    service = out.service >= 0
    out.volume = np.where(service, people * water.drinking_m3_per_head, 0.0)
    usual: FloatArray = (
        np.where(service, p.water_price_eur_per_m3 * out.volume, per_head[out.kind] * people) / 1000.0
    )
    told = table["ordinary_keur_per_yr"].to_numpy(dtype=np.float64)
    out.ordinary = np.where(np.isnan(told), usual, told)
    sold = service & (out.volume > 0.0)
    out.price = np.where(sold, 1000.0 * out.ordinary / np.maximum(out.volume, 1e-9), 0.0)
