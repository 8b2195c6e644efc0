"""Chunks on a Dask cluster: an address that is there already, or a cluster on this machine."""

import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from coopsim.batch.extras import missing_extra
from coopsim.batch.pool import WAITING, Lost, Outcomes
from coopsim.batch.work import Chunk, Done, Job, Parcel, live
from coopsim.errors import CoopsimError, scenario_error
from coopsim.executors import interrupts_held, script_hidden, worker_context
from coopsim.i18n import Text

LOCAL = "local"
_ANSWER_S = 5
_DIED = Text(
    "les processus Dask sont morts l'un après l'autre (mémoire ?)", "its Dask workers died (memory?)"
)
_one_at_a_time = threading.Lock()  # a worker process lives one chunk, however many threads it was given


class ClusterGone(CoopsimError):  # noqa: N818 - as `RunFailure`, it says what happened
    """The scheduler of a Dask cluster ended, or no worker of it is left; what is finished is kept."""

    def __str__(self) -> str:
        return str(
            Text(
                "la grappe Dask ne répond plus ; ce qui est fini est gardé : relancer la même commande",
                "the Dask cluster does not answer any more; what is finished is kept: run the same command again",
            )
        )


@dataclass(frozen=True, slots=True)
class DaskPool:
    """A Dask cluster.

    Attributes
    ----------
    address : str
        ``tcp://host:port`` of a scheduler, or ``local``.
    workers : int
        Of a local cluster.
    """

    address: str
    workers: int

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Outcomes:
        """Yield what became of each chunk; Dask gives the chunk of a dead worker to another one.

        Raises
        ------
        ScenarioError
            When Dask is not installed, no scheduler answers, it has no workers, or these cannot live the runs.
        ClusterGone
            When the cluster ends before the batch.
        """
        if chunks:
            with self._client() as client:
                from distributed import CancelledError
                from distributed.comm.core import CommClosedError

                try:
                    _check(client, job)
                    yield from _lived(client, job, chunks)
                except (Exception, CancelledError) as error:  # what dask raises then depends on the moment
                    gone = isinstance(error, (CancelledError, CommClosedError, TimeoutError))
                    if gone or client.status != "running":
                        raise ClusterGone from error
                    raise

    def size(self) -> int:
        """Return the number of worker processes."""
        if self.address == LOCAL:
            return self.workers
        with self._client() as client:
            return len(client.nthreads())

    @contextmanager
    def _client(self) -> Iterator[Any]:
        try:
            from dask import config
            from distributed import Client, LocalCluster
        except ImportError:
            raise missing_extra("dask", "batch") from None
        if self.address == LOCAL:
            method = worker_context("distributed").get_start_method()
            with (
                _told_once(),
                script_hidden(),
                config.set({"distributed.worker.multiprocessing-method": method}),
                ExitStack() as stack,
            ):
                with interrupts_held():  # a cluster interrupted while it starts would leave processes behind
                    cluster = LocalCluster(  # type: ignore[no-untyped-call]
                        n_workers=self.workers,
                        threads_per_worker=1,
                        dashboard_address=None,
                        silence_logs=logging.ERROR,
                    )
                    stack.enter_context(cluster)
                    client = stack.enter_context(Client(cluster))  # type: ignore[no-untyped-call]
                yield client
            return
        with _told_once():
            try:
                client = Client(self.address, timeout=_ANSWER_S)  # type: ignore[no-untyped-call]
            except (OSError, ValueError) as error:
                raise scenario_error(
                    "aucun ordonnanceur Dask ne répond à cette adresse (exemple : tcp://machine:8786)",
                    "no Dask scheduler answers at this address (example: tcp://host:8786)",
                    key="--dask", value=self.address,
                ) from error  # fmt: skip
            with client:
                yield client


@contextmanager
def _told_once() -> Iterator[None]:
    """Keep Dask from logging what we tell in a sentence of our own: connections that end, workers that die."""
    names = ("asyncio", "distributed", "distributed.client", "tornado", "tornado.application")
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _check(client: Any, job: Job) -> None:
    """Refuse a cluster whose workers cannot live the runs: no coopsim, another one, or not the same folder."""
    if not client.nthreads():
        raise scenario_error(
            "cet ordonnanceur Dask n'a aucun processus de calcul : dask worker ADRESSE",
            "this Dask scheduler has no workers: dask worker ADDRESS",
            key="--dask",
        )
    for worker, answer in client.run(_fit, replace(job.parcel(), points={}), on_error="return").items():
        if isinstance(answer, CoopsimError):
            raise answer
        if isinstance(answer, Exception):
            raise scenario_error(
                f"le processus Dask {worker} ne peut pas lancer coopsim : {answer}",
                f"the Dask worker {worker} cannot run coopsim: {answer}",
                key="--dask",
            )


def _fit(parcel: Parcel) -> None:
    job = parcel.opened()
    if not job.folder.is_dir():
        raise scenario_error(
            "les processus Dask ne voient pas ce dossier : choisir un dossier partagé entre les machines",
            "the Dask workers do not see this folder: choose one that the machines share",
            file=str(job.folder),
        )


def _lived(client: Any, job: Job, chunks: Sequence[Chunk]) -> Iterator[Done | Lost]:
    from distributed import KilledWorker, as_completed

    waiting, parcel = deque(chunks), job.parcel()
    of: dict[str, Chunk] = {}

    def submit() -> Any:
        chunk = waiting.popleft()
        future = client.submit(_live_there, replace(parcel, points=job.points_of(chunk)), chunk, pure=False)
        of[future.key] = chunk
        return future

    slots = min(WAITING * len(client.nthreads()), len(waiting))
    going: Any = as_completed([submit() for _ in range(slots)])  # type: ignore[no-untyped-call]
    for future in going:
        chunk = of.pop(future.key)
        try:
            yield future.result()
        except KilledWorker:
            yield Lost(chunk, str(_DIED))
        if waiting:
            going.add(submit())


def _live_there(parcel: Parcel, chunk: Chunk) -> Done:
    with _one_at_a_time:
        return live(parcel.opened(), chunk)
