"""Compiled kernels, before several processes need them at once."""

import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

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
    from coopsim.model import CoopModel
    from coopsim.scenario import load_scenario

    with FileLock(_folder() / "coopsim-kernels.lock", timeout=_PATIENCE_S):
        if cold():
            CoopModel(load_scenario(_WHOLE).but({"horizon.years": 1}), 0, views=False).run()
            mark()


def _folder() -> Path:
    """Return a folder that all processes of this user share; that of temporary files where there is no home."""
    folder = user_cache_path("coopsim")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())
