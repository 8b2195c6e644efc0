"""Pacts as columns; a dissolved pact keeps its row."""

from dataclasses import dataclass, fields
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
    stage, founder : IntArray, shape (P,)
    tax_at_entry : FloatArray, shape (P, T), k€/yr
        Business tax of each member when it joined: base of sharing ``new`` revenue.
    kept : FloatArray, shape (P, T)
        Moving mean of promises kept.
    ladder : IntArray, shape (P, T)
        Step of the sanction ladder reached by each member.
    suspended : IntArray, shape (P, T), tick
        First tick at which a member has its quotas again.
    president, since : IntArray, shape (P,)
        Territory that presides, and the tick since when.
    held, vacancy : FloatArray, shape (P,), 0-1
        Share of the pact's links in the hands of who presides; share lost with those who left.
    handovers : IntArray, shape (P,)
        Changes of presidency lived through.
    mismatch : FloatArray, shape (P,), 0-1
        How far written rules have drifted from circumstances.
    size, wins : FloatArray, shape (P,), 0-1
        Size of the next joint action; what is remembered of those that succeeded.
    delivered : IntArray, shape (P, 6)
        Joint actions delivered, by subject.
    failed, followers : IntArray, shape (P,)
        Joint actions that failed; territories and pacts outside that took up the practice.
    capital : FloatArray, shape (P,), k€
        Own funds that funders have given and that are not spent.
    federation : IdArray, shape (P,)
        Id shared by the pacts of a federation; its own for a pact alone.
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
    suspended: IntArray
    president: IntArray
    since: IntArray
    held: FloatArray
    vacancy: FloatArray
    handovers: IntArray
    mismatch: FloatArray
    size: FloatArray
    wins: FloatArray
    delivered: IntArray
    failed: IntArray
    followers: IntArray
    federation: IdArray
    capital: FloatArray

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
            suspended=np.zeros((0, t), np.int64),
            president=np.zeros(0, np.int64),
            since=np.zeros(0, np.int64),
            held=np.zeros(0),
            vacancy=np.zeros(0),
            handovers=np.zeros(0, np.int64),
            mismatch=np.zeros(0),
            size=np.zeros(0),
            wins=np.zeros(0),
            delivered=np.zeros((0, len(SCOPES)), np.int64),
            failed=np.zeros(0, np.int64),
            followers=np.zeros(0, np.int64),
            federation=np.zeros(0, np.uint64),
            capital=np.zeros(0),
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
        first: dict[str, object] = {
            "id": pact_id,
            "members": members,
            "scopes": scopes,
            "founded": tick,
            "reviewed": tick,
            "ended": -1,
            "founder": founder,
            "tax_at_entry": np.where(members, tax, 0.0),
            "kept": np.ones(members.size),
            "president": founder,
            "since": tick,
            "federation": pact_id,
        }
        for field in fields(self):
            old = getattr(self, field.name)
            new = np.asarray(first.get(field.name, np.zeros(old.shape[1:])), dtype=old.dtype)
            setattr(self, field.name, np.concatenate([old, new[np.newaxis]]))
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
