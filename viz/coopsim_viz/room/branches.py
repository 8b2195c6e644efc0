"""The tree of what the room tried: branches never change once made; where the lanes stand can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coopsim_viz.room.changes import Change

LANES = ("A", "B")


@dataclass(frozen=True, slots=True)
class Branch:
    """One way the world may go.

    Attributes
    ----------
    id : int
    lane : str
        Lane it was made on.
    name : str
        Given by people; empty until then.
    parent : int, optional
        Branch it left; none for the two trunks.
    start : int, tick
        From here on it differs from its parent.
    changes : tuple of Change
        All changes since the base scenario, in the order they were made.
    """

    id: int
    lane: str
    name: str
    parent: int | None
    start: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """Where the room stands: one tick, a branch for each lane."""

    tick: int
    branches: tuple[tuple[str, int], ...]

    def on(self, lane: str) -> int:
        """Return the branch of a lane."""
        return dict(self.branches)[lane]

    def moved(self, tick: int, **branches: int) -> "Position":
        """Return another position."""
        return Position(tick, tuple((lane, branches.get(lane, branch)) for lane, branch in self.branches))


class Tree:
    """All branches, and the positions that undo and redo walk through."""

    def __init__(self) -> None:
        self.branches: dict[int, Branch] = {}
        for lane in LANES:
            self._add(Branch(len(self.branches), lane, "", None, 0))
        start = Position(0, tuple((branch.lane, branch.id) for branch in self.branches.values()))
        self._positions = [start]
        self._at = 0

    @property
    def position(self) -> Position:
        """Where the room stands."""
        return self._positions[self._at]

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was undone and nothing done since."""
        return self._at + 1 < len(self._positions)

    def lived(self, tick: int) -> None:
        """Move on in time without a decision: undo takes back what was decided, not the time that passed."""
        self._positions[self._at] = self.position.moved(tick)

    def grow(self, lane: str, change: Change) -> Branch:
        """Return a new branch: that of the lane with one change more."""
        now = self.branches[self.position.on(lane)]
        return self._add(
            replace(now, id=len(self.branches), lane=lane, name="", parent=now.id, start=change.tick,
                    changes=(*now.changes, change))
        )  # fmt: skip

    def extend(self, branch: int, changes: Sequence[Change]) -> Branch:
        """Give a branch that was just grown the other changes made with its first."""
        now = self.branches[branch]
        return self._add(replace(now, changes=(*now.changes, *changes)))

    def cut(self, lane: str, tick: int) -> Branch:
        """Return the lane's branch if it has no change from a tick on, else a new one without them."""
        now = self.branches[self.position.on(lane)]
        kept = tuple(change for change in now.changes if change.tick < tick)
        if len(kept) == len(now.changes):
            return now
        parent = now
        while parent.parent is not None and parent.start >= tick:
            parent = self.branches[parent.parent]
        if parent.changes == kept:
            return parent
        return self._add(
            replace(now, id=len(self.branches), name="", parent=parent.id, start=tick, changes=kept)
        )

    def go(self, position: Position) -> None:
        """Stand somewhere else; what was undone before is forgotten."""
        del self._positions[self._at + 1 :]
        self._positions.append(position)
        self._at += 1

    def undo(self) -> Position:
        """Step back to the position before the last decision."""
        self._at = max(self._at - 1, 0)
        return self.position

    def redo(self) -> Position:
        """Take an undone decision again."""
        self._at = min(self._at + 1, len(self._positions) - 1)
        return self.position

    def rename(self, branch: int, name: str) -> None:
        """Give a branch a name."""
        self.branches[branch] = replace(self.branches[branch], name=name)

    def _add(self, branch: Branch) -> Branch:
        self.branches[branch.id] = branch
        return branch
