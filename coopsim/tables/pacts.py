"""Pacts as columns; a dissolved pact keeps its row."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

SCOPES: tuple[str, ...] = ("water", "wood", "land", "siting", "revenue", "engineering")
STAGES: tuple[str, ...] = ("emergence", "structuring", "consolidation", "system-wide")


@dataclass(slots=True)
class PactTable:
    """All pacts ever founded.

    Attributes
    ----------
    id : IdArray, shape (P,)
    members : BoolArray, shape (P, T)
    scopes : BoolArray, shape (P, 6)
        In the order of `SCOPES`.
    founded, reviewed, ended : IntArray, shape (P,), tick
        ``ended`` is -1 while in force.
    fte : FloatArray, shape (P,), FTE
        Animation really funded this year.
    stage, founder, warnings : IntArray, shape (P,)
    tax_at_entry : FloatArray, shape (P, T), k€/yr
        Business tax of each member when it joined: base of sharing ``new`` revenue.
    kept : FloatArray, shape (P, T)
        Moving mean of promises kept.
    ladder : IntArray, shape (P, T)
        Step of the sanction ladder reached by each member.
    """

    id: IdArray
    members: BoolArray
    scopes: BoolArray
    founded: IntArray
    reviewed: IntArray
    ended: IntArray
    fte: FloatArray
    stage: IntArray
    founder: IntArray
    tax_at_entry: FloatArray
    kept: FloatArray
    ladder: IntArray

    @classmethod
    def empty(cls, territories: int) -> Self:
        """Return a table without pacts."""
        t = territories
        return cls(
            id=np.zeros(0, np.uint64),
            members=np.zeros((0, t), np.bool_),
            scopes=np.zeros((0, len(SCOPES)), np.bool_),
            founded=np.zeros(0, np.int64),
            reviewed=np.zeros(0, np.int64),
            ended=np.zeros(0, np.int64),
            fte=np.zeros(0),
            stage=np.zeros(0, np.int64),
            founder=np.zeros(0, np.int64),
            tax_at_entry=np.zeros((0, t)),
            kept=np.zeros((0, t)),
            ladder=np.zeros((0, t), np.int64),
        )

    def __len__(self) -> int:
        return int(self.id.size)

    @property
    def active(self) -> IntArray:
        """Rows of the pacts in force."""
        return (self.ended < 0).nonzero()[0]

    def found(
        self,
        pact_id: np.uint64,
        members: BoolArray,
        scopes: BoolArray,
        tick: int,
        founder: int,
        tax: FloatArray,
    ) -> int:
        """Append a pact; returns its row."""

        def put(old: np.ndarray, new: object) -> np.ndarray:
            return np.concatenate([old, np.asarray(new, dtype=old.dtype)[np.newaxis]])

        self.id = put(self.id, pact_id)
        self.members = put(self.members, members)
        self.scopes = put(self.scopes, scopes)
        self.founded = put(self.founded, tick)
        self.reviewed = put(self.reviewed, tick)
        self.ended = put(self.ended, -1)
        self.fte = put(self.fte, 0.0)
        self.stage = put(self.stage, 0)
        self.founder = put(self.founder, founder)
        self.tax_at_entry = put(self.tax_at_entry, np.where(members, tax, 0.0))
        self.kept = put(self.kept, np.ones(members.size))
        self.ladder = put(self.ladder, np.zeros(members.size))
        return len(self) - 1

    def together(self, scope: str) -> BoolArray:
        """Return which pairs share a pact in force on a scope; shape (T, T), false on the diagonal."""
        rows = self.active
        rows = rows[self.scopes[rows, SCOPES.index(scope)]]
        size = self.members.shape[1]
        out = np.zeros((size, size), np.bool_)
        if rows.size:
            for m in self.members[rows]:
                out |= m[:, None] & m
            np.fill_diagonal(out, val=False)
        return out

    def covered(self, scope: str) -> BoolArray:
        """Return which territories have a pact in force on a scope; shape (T,)."""
        rows = self.active
        rows = rows[self.scopes[rows, SCOPES.index(scope)]]
        out: BoolArray = self.members[rows].any(axis=0)
        return out

    def coverage(self) -> FloatArray:
        """Return the share of scopes on which each territory has a pact in force, shape (T,)."""
        rows = self.active
        inside = np.einsum("ps,pt->st", self.scopes[rows], self.members[rows], dtype=np.int64) > 0
        out: FloatArray = inside.mean(axis=0)
        return out
