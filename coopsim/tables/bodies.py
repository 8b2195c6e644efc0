"""Bodies whose perimeter crosses territories: who sits there, what they may do, what they own and owe."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

KINDS = ("petr", "water_syndicate", "river_board", "forest_charter")
PETR, WATER_SYNDICATE, RIVER_BOARD, FOREST_CHARTER = range(4)
# Order of the columns of `BodyTable.powers`; what they are stands in the file of the law.
POWERS = (
    "water_supply", "sanitation", "river_works", "floods", "water_quantity", "environment", "forest_charter",
    "territorial_project", "economic_promotion",
)  # fmt: skip
POWER = {name: column for column, name in enumerate(POWERS)}
# Lines of a body's account and their counterparts; revenue is positive, spending negative.
ACCOUNT: tuple[tuple[str, str], ...] = (
    ("users", "households"),
    ("contributions", "territories"),
    ("outside_funding", "state"),
    ("operation", "suppliers"),
    ("programmes", "suppliers"),
    ("works", "builders"),
    ("interest", "banks"),
    ("taken_over", "bodies"),
)
ENTRY = {name: column for column, (name, _) in enumerate(ACCOUNT)}
_RECEIVED = ENTRY["outside_funding"]
_AMOUNTS = ("ordinary", "volume", "price", "debt", "saving", "wetlands", "store", "store_capacity")
_COUNTS = ("drafted", "passed", "refused")
_LAST = ("saving_until", "store_node", "diagnosed_until", "animated_until", "pooled_until")


@dataclass(slots=True)
class BodyTable:
    """All bodies of a case, in the order of their codes; a body that is merged into another keeps its row.

    Attributes
    ----------
    kind : IntArray, shape (B,)
        Row of `KINDS`.
    alive : BoolArray, shape (B,)
    powers : BoolArray, shape (B, P)
    share : FloatArray, shape (B, T), 0-1
        Share of the people of each territory that live in the perimeter.
    seats : IntArray, shape (B, T)
        Delegates of each member in the committee.
    service : IntArray, shape (B,)
        Row of the water service in `Rivers`; -1 for other bodies.
    nodes : BoolArray, shape (B, W)
        Water nodes of the perimeter.
    by_seats : BoolArray, shape (B,)
        Whether members contribute by their seats; by their people otherwise.
    ordinary : FloatArray, shape (B,), k€/yr
        Cost of the first day, paid by users or by contributions.
    volume : FloatArray, shape (B,), m3/yr
        Water sold in the last year; 0 for other bodies.
    price : FloatArray, shape (B,), EUR/m3
    debt : FloatArray, shape (B,), k€
    total : FloatArray, shape (B, len(ACCOUNT)), k€
        Account since the first day.
    paid : FloatArray, shape (T,), k€
        Contributions of each territory since the first day.
    levied : FloatArray, shape (T,), k€
        Tax raised this year for river boards.
    saving, saving_until : shape (B,)
        Share of drinking water spared by a sobriety plan, and its last tick.
    plan, charter : BoolArray, shape (B,)
        Abstraction plan, and supply charter, in force.
    wetlands : FloatArray, shape (B,)
        Share of runoff that restored wetlands add to the recharge.
    store, store_capacity : FloatArray, shape (B,), m3
    store_node : IntArray, shape (B,)
        Node where water is held back in winter and released in summer; -1 without a store.
    diagnosed_until, animated_until, pooled_until : IntArray, shape (B,), tick
        Last tick of a shared diagnostic, of posts lent to pacts, of pooled engineering.
    links : list of (int, int, float)
        Interconnected services (rows of bodies) and the capacity of the main between them, m3/day.
    pending : list of (int, int, str, int)
        Tick, body, move and its target (a body or a power; -1 for none) adopted and not yet in force.
    drafted, passed, refused : IntArray, shape (B,)
        Moves put to the vote, adopted, and stopped for want of a power, since the first day.
    asked : dict of (int, str) to int
        Tick at which a body was last refused a move for want of a power, or asked its members for a power.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    id: IdArray
    kind: IntArray
    alive: BoolArray
    powers: BoolArray
    share: FloatArray
    seats: IntArray
    service: IntArray
    nodes: BoolArray
    by_seats: BoolArray
    ordinary: FloatArray
    volume: FloatArray
    price: FloatArray
    debt: FloatArray
    total: FloatArray
    paid: FloatArray
    levied: FloatArray
    saving: FloatArray
    saving_until: IntArray
    plan: BoolArray
    charter: BoolArray
    wetlands: FloatArray
    store: FloatArray
    store_capacity: FloatArray
    store_node: IntArray
    diagnosed_until: IntArray
    animated_until: IntArray
    pooled_until: IntArray
    drafted: IntArray
    passed: IntArray
    refused: IntArray
    links: list[tuple[int, int, float]] = field(default_factory=list)
    pending: list[tuple[int, int, str, int]] = field(default_factory=list)
    asked: dict[tuple[int, str], int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.code)

    @classmethod
    def of(
        cls,
        code: tuple[str, ...],
        name: tuple[str, ...],
        ids: IdArray,
        kind: IntArray,
        powers: BoolArray,
        share: FloatArray,
        seats: IntArray,
        service: IntArray,
        nodes: BoolArray,
        by_seats: BoolArray,
    ) -> "BodyTable":
        """Return bodies that own and owe nothing yet."""
        n, t = share.shape
        columns: dict[str, Any] = {name: np.zeros(n) for name in _AMOUNTS}
        columns |= {name: np.zeros(n, np.int64) for name in _COUNTS}
        columns |= {name: np.full(n, -1) for name in _LAST}
        columns |= {name: np.zeros(n, np.bool_) for name in ("plan", "charter")}
        return cls(
            code=code,
            name=name,
            id=ids,
            kind=kind,
            alive=np.ones(n, np.bool_),
            powers=powers,
            share=share,
            seats=seats,
            service=service,
            nodes=nodes,
            by_seats=by_seats,
            total=np.zeros((n, len(ACCOUNT))),
            paid=np.zeros(t),
            levied=np.zeros(t),
            **columns,
        )

    @classmethod
    def empty(cls, territories: int = 0) -> "BodyTable":
        """Return no body."""
        none = np.zeros(0, np.int64)
        return cls.of(
            (), (), np.zeros(0, np.uint64), none, np.zeros((0, len(POWERS)), np.bool_),
            np.zeros((0, territories)), np.zeros((0, territories), np.int64), none.copy(),
            np.zeros((0, 0), np.bool_), np.zeros(0, np.bool_),
        )  # fmt: skip

    def post(self, body: int, line: str, amount: float) -> None:
        """Add an amount (k€, positive) to a line of a body's account: it lowers or raises its debt."""
        signed = amount if ENTRY[line] <= _RECEIVED else -amount
        self.total[body, ENTRY[line]] += signed
        self.debt[body] -= signed

    def take_over(self, gone: int, heir: int, debt: float) -> None:
        """Move a debt (k€) from one body to another; both accounts tell it, and the two lines sum to zero."""
        for body, signed in ((gone, debt), (heir, -debt)):
            self.total[body, ENTRY["taken_over"]] += signed
            self.debt[body] -= signed

    def members(self, body: int) -> BoolArray:
        """Return the territories that sit in a body, shape (T,)."""
        out: BoolArray = self.seats[body] > 0
        return out

    def served(self, body: int, population: FloatArray) -> FloatArray:
        """Return the people of each territory inside the perimeter, shape (T,)."""
        out: FloatArray = self.share[body] * population
        return out
