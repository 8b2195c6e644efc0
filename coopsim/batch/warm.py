"""Compiled kernels, before several processes need them at once."""

from functools import cache

from filelock import FileLock
from platformdirs import user_cache_path

from coopsim._numba_cache import cold, mark

_WHOLE = "figeac-status-quo"  # all parts of the model on: no kernel is left to compile later
_PATIENCE_S = 600


@cache
def warmed() -> None:
    """Compile every kernel unless that is done; once a process, and in one process of a machine at a time.

    Two that compile the same function at once could pair one's index with the other's code.
    """
    if not cold():
        return
    from coopsim.run import simulate
    from coopsim.scenario import load_scenario

    folder = user_cache_path("coopsim")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "kernels.lock", timeout=_PATIENCE_S):
        if cold():
            simulate(load_scenario(_WHOLE), seed=0, years=1)
            mark()
