"""Where work runs: in this process or in several; results always come in the order of the tasks."""

import importlib
import os
import pickle
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from queue import SimpleQueue
from types import ModuleType
from typing import Any, Protocol, TypeVar

from coopsim import plugins
from coopsim.errors import CoopsimError, scenario_error
from coopsim.i18n import Text
from coopsim.registry import Registry, is_ours, load_rules

Task = TypeVar("Task")
Result = TypeVar("Result")
OnDone = Callable[[int, int], None]
"""Called with the number of tasks done and their total."""

_CHUNKS_PER_WORKER = 8  # small enough to share the end of the work, large enough to hide its messages
_LARGEST_CHUNK = 50

_function: Callable[[Any], Any]  # what a worker process was started for


class RunFailure(CoopsimError):  # noqa: N818 - the name that scripts catch
    """A run stopped on an error that is not the user's; says which run, and where it broke.

    Attributes
    ----------
    scenario : str
    seed : int or None
        None when the process died before it could say.
    trace : str
        Traceback as the worker saw it.
    """

    def __init__(self, scenario: str, seed: int | None, trace: str) -> None:
        self.scenario, self.seed, self.trace = scenario, seed, trace
        super().__init__(scenario, seed, trace)

    def __str__(self) -> str:
        if self.seed is None:
            return str(
                Text(
                    fr=f"un processus de calcul s'est arrêté (mémoire ?) : essayer --workers 1\n{self.trace}",
                    en=f"a worker process died (memory?): try --workers 1\n{self.trace}",
                )
            )
        return str(
            Text(
                fr=f"la simulation de « {self.scenario} », graine {self.seed}, s'est arrêtée :\n{self.trace}",
                en=f"the run of '{self.scenario}', seed {self.seed}, failed:\n{self.trace}",
            )
        )


@contextmanager
def failing_as(scenario: str, seed: int) -> Iterator[None]:
    """Turn an unexpected error of the block into a `RunFailure`; errors of coopsim pass unchanged."""
    try:
        yield
    except CoopsimError:
        raise
    except Exception as error:
        raise RunFailure(scenario, seed, traceback.format_exc()) from error


class Executor(Protocol):
    """Applies a function to tasks."""

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], on_done: OnDone | None = None
    ) -> list[Result]:
        """Return the results in the order of the tasks; the first failure stops the work."""
        ...


@dataclass(frozen=True, slots=True)
class Serial:
    """Everything in this process."""

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], on_done: OnDone | None = None
    ) -> list[Result]:
        """Return the results in the order of the tasks."""
        results = []
        for task in tasks:
            results.append(function(task))
            if on_done:
                on_done(len(results), len(tasks))
        return results


@dataclass(frozen=True, slots=True)
class Processes:
    """Worker processes, which keep their compiled kernels from one task to the next.

    Attributes
    ----------
    workers : int
    """

    workers: int

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], on_done: OnDone | None = None
    ) -> list[Result]:
        """Return the results in the order of the tasks.

        The function travels once to each worker, the tasks in chunks. Ctrl-C stops the workers and
        goes on to the caller.

        Parameters
        ----------
        function : callable
            Of one task; it and what it holds come from importable modules.
        """
        if not tasks:
            return []
        chunks = _chunks(tasks, self.workers)
        payload = pickle.dumps(function)
        workers = min(self.workers, len(chunks))
        setup = (payload, *rule_places())
        pool = ProcessPoolExecutor(workers, worker_context(), initializer=_start, initargs=setup)
        try:
            with script_hidden(), interrupts_held():
                futures = [pool.submit(_run_chunk, chunk) for chunk in chunks]
            _report(futures, len(tasks), on_done)
            with interrupts_held():
                results = [result for future in futures for result in future.result()]
        except BrokenProcessPool as error:
            stop_pool(pool)
            raise RunFailure("", None, str(error)) from error
        except BaseException:  # Ctrl-C included: no worker may outlive the call
            with interrupts_held():
                stop_pool(pool)
            raise
        pool.shutdown()
        return results


def executor(workers: int | None = None, tasks: int | None = None) -> Executor:
    """Return the executor for a number of workers: in this process for one, else processes.

    Parameters
    ----------
    workers : int or None
        All cores that this process may use when None.
    tasks : int or None
        No more workers than tasks are started.

    Raises
    ------
    ScenarioError
        For a number of workers below one.
    """
    if workers is not None and workers < 1:
        raise scenario_error(
            "au moins un processus est nécessaire",
            "at least one worker is needed",
            key="workers",
            value=workers,
            allowed="≥ 1",
        )
    count = workers or cores()
    if tasks is not None:
        count = min(count, tasks)
    if count > 1 and "__main__" in rule_modules():
        message = Text(
            fr="des règles sont écrites dans le script même : tout se fait dans un seul processus ; "
            "les mettre dans un module pour utiliser tous les cœurs",
            en="rules are written in the script itself: everything runs in one process; "
            "put them in a module to use all cores",
        )
        warnings.warn(str(message), stacklevel=2)
        count = 1
    return Serial() if count <= 1 else Processes(count)


def rule_modules() -> set[str]:
    """Return the modules, outside coopsim, whose rules are registered here: workers must import them too."""
    classes = [cls for registry in Registry.all.values() for cls in registry.classes().values()]
    return {cls.__module__ for cls in classes if not is_ours(cls)}


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chunks(tasks: Sequence[Task], workers: int) -> list[Sequence[Task]]:
    size = min(max(len(tasks) // (workers * _CHUNKS_PER_WORKER), 1), _LARGEST_CHUNK)
    return [tasks[i : i + size] for i in range(0, len(tasks), size)]


def worker_context(*preload: str) -> BaseContext:
    """Return the fastest safe way to start workers.

    A fork server imports the engine once and forks workers from that clean, single-threaded process;
    a plain fork would copy the caller's threads and locks, and Windows has only spawn. Neither the server nor
    its workers hear Ctrl-C, even while they import: it is this process that stops them.

    Parameters
    ----------
    *preload : str
        Modules that the server imports besides the engine, when it is not running yet.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context = get_context("forkserver")
    context.set_forkserver_preload(["coopsim.run", *preload])
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's business
        return context
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # what a new process is born with
    try:
        ensure_running()
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
    return context


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C until the block ends: a process interrupted while it starts is one that nobody stops."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's business
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
        if pressed:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def script_hidden() -> Iterator[None]:
    """Start workers without running the user's script again in each.

    The standard library would, and a script without ``if __name__ == "__main__"`` would then start
    workers from its workers. Tasks need modules only, never the script.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def prepare_rules(modules: Sequence[str], files: Sequence[str]) -> None:
    """Register the user's rules in a worker: those of other modules, and those of files."""
    for name in modules:
        importlib.import_module(name)
    for file in files:
        load_rules(file)


def worker_started(modules: Sequence[str], files: Sequence[str]) -> None:
    """Prepare a worker process: the user's rules; Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare_rules(modules, files)


def rule_places() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the modules and the files that workers must import to know the user's rules."""
    names = rule_modules()
    files = tuple(str(plugins.FILES[name]) for name in sorted(names) if name in plugins.FILES)
    return tuple(sorted(names - plugins.FILES.keys())), files


def _start(payload: bytes, modules: Sequence[str], files: Sequence[str]) -> None:
    """Prepare a worker and give it the function of its tasks."""
    global _function  # noqa: PLW0603 - one function per worker process, set before its first task
    worker_started(modules, files)
    _function = pickle.loads(payload)  # nosec B301  # from the parent process


def _run_chunk(tasks: Sequence[Any]) -> list[Any]:
    return [_function(task) for task in tasks]


def _report(futures: list[Future[list[Any]]], total: int, on_done: OnDone | None) -> None:
    """Wait for the chunks, raising the first failure at once."""
    ended: SimpleQueue[Future[list[Any]]] = SimpleQueue()
    with interrupts_held():  # Ctrl-C inside a future's own methods could leave its lock closed for ever
        for future in futures:
            future.add_done_callback(ended.put)
    done = 0
    for _ in futures:
        future = ended.get()
        with interrupts_held():
            done += len(future.result())
        if on_done:
            on_done(done, total)


def stop_pool(pool: ProcessPoolExecutor) -> None:
    """End the workers of a pool now; chunks in flight are lost.

    A worker killed while it sends leaves half a result in the pipe. Its reader, a thread that the interpreter
    joins at exit, would wait for the rest for ever: closing our end of the pipe tells it that none will come.
    """
    processes = list((pool._processes or {}).values())  # noqa: SLF001 - public only from Python 3.14
    inner: Any = pool  # its parts are private and typed wrongly, if at all
    reader, results = inner._executor_manager_thread, inner._result_queue  # noqa: SLF001
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()
    if reader is not None:  # no task was submitted before the interruption
        results._writer.close()  # noqa: SLF001
        reader.join()
