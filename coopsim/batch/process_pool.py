"""Chunks in several processes of this machine."""

import os
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import connection, parent_process
from queue import SimpleQueue

from coopsim.batch.pool import WAITING, Lost, Outcomes
from coopsim.batch.work import Chunk, Done, Job, Parcel, live
from coopsim.executors import interrupts_held, script_hidden, stop_pool, worker_context, worker_started
from coopsim.i18n import Text

TRIES = 2


@dataclass(frozen=True, slots=True)
class ProcessPool:
    """Worker processes of this machine, which keep their compiled kernels from one chunk to the next.

    Each worker is a pool of its own: when one dies, it is known which chunk it was living, and the others go on.

    Attributes
    ----------
    workers : int
    """

    workers: int

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Outcomes:
        """Yield what became of each chunk; a worker that died is replaced."""
        waiting, deaths = deque(chunks), Counter[int]()
        parcel, told = job.parcel(), SimpleQueue[object]()
        hands = [_Hands(parcel, told) for _ in range(min(self.workers, len(chunks)))]
        try:
            while waiting or any(hand.chunks for hand in hands):
                with interrupts_held():
                    for hand in hands:
                        hand.fill(waiting)
                told.get()  # the one place where Ctrl-C is heard: it could leave a lock of a future closed for ever
                with interrupts_held():
                    ended = [outcome for hand in hands for outcome in hand.ended(waiting, deaths)]
                yield from ended
        except BaseException:  # Ctrl-C and a full disk included: no worker may outlive the call
            with interrupts_held():
                for hand in hands:
                    stop_pool(hand.pool)
            raise
        for hand in hands:
            hand.pool.shutdown()


@dataclass(slots=True)
class _Hands:
    """One worker process and the chunks given to it; the first is the one that it lives."""

    parcel: Parcel
    told: "SimpleQueue[object]"  # gets every chunk that ended, one way or the other
    pool: ProcessPoolExecutor = field(init=False)
    chunks: "deque[tuple[Future[Done], Chunk]]" = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.pool = ProcessPoolExecutor(1, worker_context(), initializer=_started, initargs=(self.parcel,))

    def fill(self, waiting: "deque[Chunk]") -> None:
        """Take chunks until the hands are full."""
        while waiting and len(self.chunks) < WAITING:
            chunk = waiting.popleft()
            try:
                with script_hidden():
                    future = self.pool.submit(_live_here, chunk)
                future.add_done_callback(self.told.put)
                self.chunks.append((future, chunk))
            except BrokenProcessPool:  # it died with nothing in hand, or its death is not read yet
                waiting.appendleft(chunk)
                if self.chunks:
                    return
                self._replace()

    def ended(self, waiting: "deque[Chunk]", deaths: Counter[int]) -> Iterator[Done | Lost]:
        """Yield what became of the chunks that ended; when the worker died, the others go back."""
        while self.chunks and self.chunks[0][0].done():
            future, chunk = self.chunks.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                waiting.extendleft(other for _, other in reversed(self.chunks))
                self.chunks.clear()
                deaths[chunk.number] += 1
                if deaths[chunk.number] < TRIES:
                    waiting.append(chunk)
                else:
                    yield Lost(chunk, str(_DIED))
                self._replace()

    def _replace(self) -> None:
        stop_pool(self.pool)
        self.__post_init__()


_DIED = Text(
    "le processus de calcul est mort deux fois (mémoire ?)", "the worker process died twice (memory?)"
)
_job: Job
_unfit: Exception | None = None


def _started(parcel: Parcel) -> None:
    """Prepare a worker process for one batch; what is wrong is told by its first chunk."""
    global _job, _unfit  # noqa: PLW0603 - one batch per worker process, set before its first chunk
    threading.Thread(target=_follow_parent, daemon=True).start()
    worker_started((), ())
    try:
        _job = parcel.opened()
    except Exception as error:
        _unfit = error


def _follow_parent() -> None:
    """End this process when the one that gave it work is killed: nobody else would, and it would wait for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _live_here(chunk: Chunk) -> Done:
    if _unfit is not None:
        raise _unfit
    return live(_job, chunk)
