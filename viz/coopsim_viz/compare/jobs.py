"""Comparisons that run: one at a time, each in a process of lower priority, with progress; cancelled at once."""

import multiprocessing
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from coopsim.errors import CoopsimError
from coopsim.i18n import Lang, set_lang
from coopsim_viz.compare.sides import Question

State = Literal["waiting", "running", "drawing", "done", "failed", "cancelled"]
_NICE = 15
_OVER: tuple[State, ...] = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Job:
    """One comparison asked for.

    Attributes
    ----------
    key : str
        Of its question: the folder of its answer.
    sides : tuple of str
    done, total : int
        Runs lived, and all of them.
    run : int
        Counts the times that work on any question began: a cancelled one does not speak for the next.
    """

    key: str
    sides: tuple[str, str]
    worlds: int
    seed: int
    state: State
    done: int = 0
    total: int = 0
    error: str = ""
    run: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in _OVER


def work(question: Question, place: str, language: Lang, told: Connection) -> None:
    """Live a comparison in this process, draw what a page shows first, and leave both in a folder."""
    from coopsim.comparison import compare
    from coopsim_viz.compare.figures import draw_all

    if hasattr(os, "nice"):
        os.nice(_NICE)
    try:
        folder = Path(place)
        fresh = folder.with_name(f".new-{folder.name}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.parent.mkdir(parents=True, exist_ok=True)
        lived = compare(
            question.scenarios, question.worlds, question.seed, workers=1,
            progress=lambda done, total: told.send(("running", done, total)),
        )  # fmt: skip
        told.send(("drawing", 0, 0))
        lived.save(fresh)
        set_lang(language)
        draw_all(lived, fresh, language)
        fresh.replace(folder)
        told.send(("done", 0, 0))
    except BrokenPipeError:
        return  # the server is gone: nobody waits for an answer
    except Exception as error:  # whatever breaks is told on the page; nobody reads this process
        text = str(error) if isinstance(error, CoopsimError) else f"{type(error).__name__}: {error}"
        told.send(("failed", text[:300], 0))


class Comparisons:
    """Comparisons of a session; answers stay in its folder and are found again after a restart.

    Parameters
    ----------
    folder : Path
        Of the session.
    told : callable
        Called when a comparison is over.
    """

    def __init__(self, folder: Path, told: Callable[[], None]) -> None:
        self.folder = folder / "comparisons"
        self._told = told
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # one at a time
        self._jobs: dict[str, Job] = {}
        self._processes: dict[str, BaseProcess] = {}
        self._closed, self._runs = False, 0

    @property
    def jobs(self) -> list[Job]:
        """What was asked for, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def job(self, key: str) -> Job | None:
        """Return what is known of a question."""
        with self._lock:
            return self._jobs.get(key)

    def answer(self, key: str) -> Path | None:
        """Return the folder of a finished comparison."""
        place = self.folder / key
        return place if (place / "compare.json").is_file() else None

    def ask(self, question: Question, language: Lang = "fr") -> Job:
        """Begin a comparison; the same question is lived once."""
        key = question.key
        with self._lock:
            known = self._jobs.get(key)
            if known is not None and (not known.over or known.state == "done"):
                return known
            found = self.answer(key) is not None
            runs = 2 * question.worlds
            self._runs += 1
            state: State = "done" if found else "waiting"
            job = Job(key, question.sides, question.worlds, question.seed, state, 0, runs, run=self._runs)
            self._jobs.pop(key, None)  # asked again, it is the newest
            self._jobs[key] = job
        if not found:
            threading.Thread(
                target=self._live, args=(question, language, job.run), name="comparison", daemon=True
            ).start()
        return job

    def cancel(self, key: str) -> None:
        """Stop a comparison, waiting or running; what it had lived is forgotten."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.over:
                return
            self._jobs[key] = replace(job, state="cancelled")
            process = self._processes.get(key)
        if process is not None:
            process.terminate()
        self._told()

    def close(self) -> None:
        """Stop all work."""
        with self._lock:
            self._closed = True
            processes = list(self._processes.values())
        for process in processes:
            process.terminate()
            process.join(5)

    def _live(self, question: Question, language: Lang, run: int) -> None:
        key = question.key
        with self._turn:
            context = multiprocessing.get_context("spawn")
            here, there = context.Pipe(duplex=False)
            process = context.Process(
                target=work, args=(question, str(self.folder / key), language, there), daemon=True
            )
            with self._lock:
                if self._closed or not self._speaks(key, run):
                    return
                self._processes[key] = process
                process.start()
            there.close()
            self._follow(key, run, here)
            process.join()
            with self._lock:
                del self._processes[key]
                if self._speaks(key, run):  # killed from outside, out of memory
                    self._jobs[key] = replace(self._jobs[key], state="failed", error="worker ended")
            shutil.rmtree(self.folder / f".new-{key}", ignore_errors=True)
        self._told()

    def _follow(self, key: str, run: int, line: Connection) -> None:
        """Note what the process says until it ends."""
        while True:
            try:
                state, one, two = line.recv()
            except (EOFError, OSError):
                return
            changes: dict[str, Any] = {"state": state}
            if state == "running":
                changes |= {"done": one, "total": two}
            elif state == "failed":
                changes["error"] = one
            with self._lock:
                if self._speaks(key, run):
                    self._jobs[key] = replace(self._jobs[key], **changes)

    def _speaks(self, key: str, run: int) -> bool:
        """Return whether this run of the work is the one that the page waits for."""
        return self._jobs[key].run == run and not self._jobs[key].over
