"""One room: its lanes, its tree, its votes and predictions; all commands, one at a time, each in the log."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coopsim.errors import scenario_error
from coopsim.scenario import Scenario
from coopsim.scenario.events import EVENTS
from coopsim_viz.room.assembly import Assembly
from coopsim_viz.room.branches import LANES, Branch, Position, Tree
from coopsim_viz.room.changes import Amendment, Change, Choice, Shock, scenario_of, to_json
from coopsim_viz.room.lane import Lane, Lived
from coopsim_viz.room.log import FORMAT, SessionLog


class Room:
    """A room with two lanes of the same world.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        Lanes A and B: the same case, the same horizon.
    folder : Path
        Where the session is kept.
    seed : int
        Luck of both lanes.
    clock : callable
        Seconds, for the timers of votes.
    keep : bool
        Whether to write the log; off while a log is lived again.

    Raises
    ------
    ScenarioError
        When the two scenarios are of different cases or times, or the folder cannot be written.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Scenario],
        folder: Path,
        seed: int = 1,
        clock: Callable[[], float] = time.monotonic,
        *,
        keep: bool = True,
    ) -> None:
        _same_world(scenarios)
        self._lock = threading.RLock()
        self._clock = clock
        self.base = dict(scenarios)
        self.seed = seed
        self.tree = Tree()
        self.lanes = {lane: Lane(scenarios[lane], seed) for lane in LANES}
        self.past: dict[int, Lived] = {}
        self.assembly = Assembly(self)
        self.lived_at = 0.0  # wall clock of the last quarter, to measure how soon a page shows it
        self.version = 0
        self.ended = False
        self._watchers: set[threading.Event] = set()
        self.log = SessionLog(folder) if keep else None
        self.folder = folder

    def opened(self) -> None:
        """Write the first line of a new session."""
        documents = {lane: scenario.document() for lane, scenario in self.base.items()}
        self.note("open", format=FORMAT, seed=self.seed, scenarios=documents)

    # time

    @property
    def tick(self) -> int:
        """First tick that is not lived."""
        return self.tree.position.tick

    @property
    def horizon(self) -> int:
        """Ticks of the scenarios."""
        return self.base["A"].ticks

    @property
    def finished(self) -> bool:
        """Whether the horizon is reached or the session ended."""
        return self.ended or self.tick >= self.horizon

    def live(self, ticks: int = 1) -> None:
        """Live some quarters on both lanes."""
        for _ in range(ticks):
            with self._lock:
                if self.finished:
                    return
                for lane in self.lanes.values():
                    lane.step()
                self.tree.lived(self.tick + 1)
                self.lived_at = time.time()
                self.note("live", to=self.tick, sync=False)

    def back(self, tick: int) -> None:
        """Go back in time; both lanes keep what was decided before that tick, and what followed stays in the tree."""
        with self._lock:
            if not 0 <= tick < self.tick:
                raise scenario_error(
                    "on ne revient que vers le passé", "one only goes back to the past", key="tick", value=tick,
                    allowed=f"0 – {self.tick - 1}",
                )  # fmt: skip
            self._leave()
            there = {lane: self.tree.cut(lane, tick).id for lane in LANES}
            self.tree.go(self.tree.position.moved(tick, **there))
            self._stand()
            self.note("back", tick=tick)

    def undo(self) -> None:
        """Take back the last decision; time goes back to when it was made."""
        self._walk("undo")

    def redo(self) -> None:
        """Take an undone decision again."""
        self._walk("redo")

    def _walk(self, way: str) -> None:
        with self._lock:
            if not (self.tree.can_undo if way == "undo" else self.tree.can_redo):
                return
            self._leave()
            self.tree.undo() if way == "undo" else self.tree.redo()
            self._stand()
            self.note(way)

    # decisions

    def amend(
        self, settings: Mapping[str, Any], lanes: Sequence[str] = LANES, territories: Iterable[str] = ()
    ) -> None:
        """Change rules from now on; keys as in a scenario, without ``governance``.

        Raises
        ------
        ScenarioError
            With every refused key; nothing is changed then.
        """
        self.change([Amendment(self.tick, tuple(settings.items()), tuple(territories))], lanes)

    def shock(
        self, what: str, amount: float, lanes: Sequence[str] = LANES, territories: Iterable[str] = (),
        duration: int | None = None,
    ) -> None:  # fmt: skip
        """Let something happen to the world now; ``duration`` in ticks, the kind's own when none."""
        if duration is None:
            duration = EVENTS[what].duration if what in EVENTS and EVENTS[what].lasts else None
        self.change([Shock(self.tick, what, amount, tuple(territories), duration)], lanes)

    def choose(
        self, territory: str, moves: Sequence[tuple[str, float]], lanes: Sequence[str] = LANES
    ) -> None:
        """Decide for a council, at its next session."""
        self.change([Choice(self.tick, territory, tuple((str(m), float(n)) for m, n in moves))], lanes)

    def change(self, changes: Sequence[Change], lanes: Sequence[str] = LANES) -> None:
        """Make some changes at once on some lanes: new branches, one step to undo; all or nothing."""
        with self._lock:
            if self.finished:
                raise scenario_error("la séance est finie", "the session is over")
            unknown = [lane for lane in lanes if lane not in LANES]
            if unknown or not lanes:
                raise scenario_error("voie inconnue", "unknown lane", value=str(unknown), allowed="A, B")
            plans = {lane: self._planned(lane, changes) for lane in lanes}
            self._leave()
            grown: dict[str, int] = {}
            for lane, scenario in plans.items():
                branch = self._grown(lane, changes)
                self.lanes[lane].adopt(scenario)
                grown[lane] = branch.id
            self.tree.go(self.tree.position.moved(self.tick, **grown))
            self.note("change", changes=[to_json(change) for change in changes], lanes=list(lanes))

    def _planned(self, lane: str, changes: Sequence[Change]) -> Scenario:
        now = self.tree.branches[self.tree.position.on(lane)]
        return scenario_of(self.base[lane], (*now.changes, *changes), self.base[lane].name)

    def _grown(self, lane: str, changes: Sequence[Change]) -> Branch:
        branch = self.tree.grow(lane, changes[0])
        if len(changes) > 1:
            branch = self.tree.extend(branch.id, changes[1:])
        return branch

    def rename(self, branch: int, name: str) -> None:
        """Give a branch a name that people will find again."""
        with self._lock:
            if branch not in self.tree.branches:
                raise scenario_error("branche inconnue", "unknown branch", value=branch)
            self.tree.rename(branch, name[:60])
            self.note("rename", branch=branch, name=name[:60])

    def visit(self, branch: int) -> None:
        """Put a lane on another branch of its own, at the date where the room stands; both branches stay.

        Raises
        ------
        ScenarioError
            For an unknown branch.
        """
        with self._lock:
            if branch not in self.tree.branches:
                raise scenario_error("branche inconnue", "unknown branch", value=branch)
            lane = self.tree.branches[branch].lane
            if self.tree.position.on(lane) == branch:
                return
            self._leave()
            self.tree.go(self.tree.position.moved(self.tick, **{lane: branch}))
            self.lanes[lane].go(self.scenario(branch), self.tick)
            self.note("visit", branch=branch)

    def founders(self, lanes: Sequence[str] = LANES) -> list[str]:
        """Return the codes of the territories that founded the pacts now in force, each once."""
        codes = sorted(self.base["A"].territory_names)
        with self._lock:
            rows = {pact["founder"] for lane in lanes for pact in self.lanes[lane].pacts()}
        return [codes[row] for row in sorted(rows)]

    def scenario(self, branch: int, name: str = "") -> Scenario:
        """Return the scenario of a branch: it runs in a batch as it is."""
        found = self.tree.branches[branch]
        return scenario_of(self.base[found.lane], found.changes, name or self.base[found.lane].name)

    # the end

    def end(self) -> None:
        """Close the session; the room can still look, nothing more is lived."""
        with self._lock:
            if not self.ended:
                self.assembly.close_ballot()
                self._leave()
                self.ended = True
                self.note("end", tick=self.tick)

    # what others see

    def lived(self, branch: int) -> Lived:
        """Return the record of a branch; of one that was never stood on, none."""
        with self._lock:
            for lane, where in self.tree.position.branches:
                if where == branch:
                    return self.lanes[lane].lived()
            return self.past[branch]

    @property
    def lock(self) -> threading.RLock:
        """Held while several things are read that belong together."""
        return self._lock

    def watch(self) -> threading.Event:
        """Return an event that is set whenever something changed."""
        event = threading.Event()
        event.set()
        with self._lock:
            self._watchers.add(event)
        return event

    def unwatch(self, event: threading.Event) -> None:
        """Forget a watcher."""
        with self._lock:
            self._watchers.discard(event)

    def now(self) -> float:
        """Return the time of the room's clock, in seconds."""
        return self._clock()

    def touched(self) -> None:
        """Tell watchers that something beside the room changed: it plays, or stopped."""
        with self._lock:
            self._changed()

    def close(self) -> None:
        """Let the models and the log go."""
        with self._lock:
            for lane in self.lanes.values():
                lane.close()
            if self.log is not None:
                self.log.close()
                self.log = None

    # inside

    def _leave(self) -> None:
        """Keep the record of where the lanes stand, before they go elsewhere."""
        for lane, branch in self.tree.position.branches:
            record = self.lanes[lane].lived()
            known = self.past.get(branch)
            if known is None or record.ticks >= known.ticks:
                self.past[branch] = record

    def _stand(self) -> None:
        """Put the lanes where the tree says."""
        position: Position = self.tree.position
        for lane, branch in position.branches:
            self.lanes[lane].go(self.scenario(branch), position.tick)

    def note(self, do: str, *, sync: bool = True, **what: Any) -> None:
        """Write one line of the log and tell the watchers."""
        if self.log is not None:
            self.log.write(do, sync=sync, **what)
        self._changed()

    def _changed(self) -> None:
        self.version += 1
        for event in self._watchers:
            event.set()


def _same_world(scenarios: Mapping[str, Scenario]) -> None:
    a, b = (scenarios[lane] for lane in LANES)
    if a.spec.case != b.spec.case or a.spec.horizon != b.spec.horizon:
        raise scenario_error(
            "les deux voies montrent le même cas et la même durée",
            "both lanes show the same case and the same time", key="case", value=f"{a.name}, {b.name}",
        )  # fmt: skip
