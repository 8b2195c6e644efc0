"""What lives the chunks of a batch: one interface for this process, several, or a cluster.

A pool takes chunks and gives back what became of each, in the order in which they end. A chunk whose worker died is
lived again once; a second death is told, and the other chunks go on.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

from coopsim.batch.work import Chunk, Done, Job, live

WAITING = 2  # chunks in the hands of each worker: none idles, few are lost with a worker


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


Outcomes = Generator["Done | Lost", None, None]


class Pool(Protocol):
    """Lives chunks."""

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Outcomes:
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

    def run(self, job: Job, chunks: Sequence[Chunk]) -> Outcomes:
        """Yield what became of each chunk, in their order."""
        for chunk in chunks:
            yield live(job, chunk)
