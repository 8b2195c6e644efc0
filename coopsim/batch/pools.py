"""Where the chunks of a batch are lived: in this process, in several, or on a Dask cluster.

A pool takes chunks and gives back what became of each, in the order in which they end. A chunk whose worker died is
lived again once; a second death is told, and the other chunks go on.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol

from coopsim.batch.design import missing_extra
from coopsim.batch.work import Chunk, Done, Job, live
from coopsim.errors import scenario_error
from coopsim.executors import prepare_rules, script_hidden, stop_pool, worker_context, worker_started

_WAITING = 2  # chunks in the hands of each worker: none idles, few are lost with a worker
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Lost:
    """A chunk that no worker brought to its end.

    Attributes
    ----------
    chunk : Chunk
    why : str
    """

    chunk: Chunk
    why: str


class Pool(Protocol):
    """Lives chunks."""

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Iterator[Done | Lost]:
        """Yield what became of each chunk, as they end.

        Raises
        ------
        OSError
            When a part cannot be written: the batch stops, what is done is kept.
        """
        ...


@dataclass(frozen=True, slots=True)
class SerialPool:
    """Everything in this process."""

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Iterator[Done | Lost]:
        """Yield what became of each chunk, in their order."""
        for chunk in chunks:
            yield live(job, chunk)


@dataclass(frozen=True, slots=True)
class ProcessPool:
    """Worker processes of this machine, which keep their compiled kernels from one chunk to the next.

    Attributes
    ----------
    workers : int
    """

    workers: int

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Iterator[Done | Lost]:
        """Yield what became of each chunk; a pool that lost a worker is replaced by a new one."""
        tries = dict.fromkeys(range(len(chunks)), 0)
        left = deque(range(len(chunks)))
        while left:
            pool = ProcessPoolExecutor(
                min(self.workers, len(left)), worker_context(), initializer=_worker, initargs=(job,)
            )
            try:
                in_hand: dict[Future[Done], int] = {}
                yield from self._lived(pool, chunks, left, in_hand)
            except BrokenProcessPool:
                for n in in_hand.values():
                    tries[n] += 1
                    if tries[n] < _TRIES:
                        left.append(n)
                    else:
                        yield Lost(chunks[n], "a worker process died (memory?)")
                stop_pool(pool)
            except BaseException:  # Ctrl-C and a full disk included: no worker may outlive the call
                stop_pool(pool)
                raise
            else:
                pool.shutdown()

    def _lived(
        self,
        pool: ProcessPoolExecutor,
        chunks: Sequence[Chunk],
        left: "deque[int]",
        in_hand: "dict[Future[Done], int]",
    ) -> Iterator[Done]:
        while left or in_hand:
            while left and len(in_hand) < _WAITING * self.workers:
                with script_hidden():
                    future = pool.submit(_live_here, chunks[left[0]])
                in_hand[future] = left.popleft()
            for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
                done = future.result()
                del in_hand[future]
                yield done


_job: Job


def _worker(job: Job) -> None:
    """Prepare a worker process for one batch."""
    global _job  # noqa: PLW0603 - one batch per worker process, set before its first chunk
    worker_started(job.modules, job.files)
    _job = job


def _live_here(chunk: Chunk) -> Done:
    return live(_job, chunk)


@dataclass(frozen=True, slots=True)
class DaskPool:
    """A Dask cluster: an address that is there already, or one on this machine.

    Attributes
    ----------
    address : str
        ``tcp://host:port`` of a scheduler, or ``local``.
    workers : int
        Of a local cluster.
    """

    address: str
    workers: int

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Iterator[Done | Lost]:
        """Yield what became of each chunk; Dask itself gives the chunks of a dead worker to another one.

        Raises
        ------
        ScenarioError
            When Dask is not installed, or no scheduler answers.
        """
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise missing_extra("dask", "batch") from None
        if self.address == "local":
            with (
                script_hidden(),
                LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=self.workers, threads_per_worker=1, dashboard_address=None
                ) as cluster,
                Client(cluster) as client,  # type: ignore[no-untyped-call]
            ):
                yield from self._lived(client, job, chunks)
            return
        try:
            client = Client(self.address, timeout="10s")  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise scenario_error(
                "aucun ordonnanceur Dask ne répond à cette adresse (exemple : tcp://machine:8786)",
                "no Dask scheduler answers at this address (example: tcp://host:8786)",
                key="--dask", value=self.address,
            ) from error  # fmt: skip
        with client:
            yield from self._lived(client, job, chunks)

    def _lived(self, client: Any, job: Job, chunks: Sequence[Chunk]) -> Iterator[Done | Lost]:
        from distributed import KilledWorker, as_completed

        shared = client.scatter(job, broadcast=True)
        waiting = deque(chunks)
        slots = _WAITING * max(len(client.scheduler_info()["workers"]), 1)
        of: dict[str, Chunk] = {}

        def submit() -> Any:
            chunk = waiting.popleft()
            future = client.submit(_live_there, shared, chunk, pure=False)
            of[future.key] = chunk
            return future

        going: Any = as_completed(  # type: ignore[no-untyped-call]
            [submit() for _ in range(min(slots, len(waiting)))]
        )
        for future in going:
            chunk = of.pop(future.key)
            try:
                yield future.result()
            except KilledWorker:
                yield Lost(chunk, "its Dask workers died one after another (memory?)")
            if waiting:
                going.add(submit())


def _live_there(job: Job, chunk: Chunk) -> Done:
    prepare_rules(job.modules, job.files)
    return live(job, chunk)


def pool_of(workers: int, dask: str | None) -> Pool:
    """Return the pool for a number of workers and an address of Dask, if any."""
    if dask is not None:
        return DaskPool(dask, workers)
    return SerialPool() if workers <= 1 else ProcessPool(workers)
