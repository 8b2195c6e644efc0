"""Compile the kernels before the first run, and say so: it takes a while, once."""

import time

from coopsim._numba_cache import cold, mark
from coopsim.cli.failures import say
from coopsim.i18n import Text

_ABOUT_S = 15
_WHOLE = "figeac-status-quo"  # all parts of the model on, and a debate: no kernel is left to compile later
_DEBATE = {"governance.aggregation.deliberation": "deffuant"}
_BEFORE = Text(
    "Compilation du moteur, une seule fois, environ {n} s…", "Compiling the engine, once, about {n} s…"
)
_AFTER = Text("Compilé en {n:.0f} s.", "Compiled in {n:.0f} s.")


def compiled() -> None:
    """Compile every kernel by living one year of a whole scenario, unless the compiled code is kept already.

    Done here, in one process, before any worker starts: two that compile at once could mix their files.
    """
    if not cold():
        return
    say(str(_BEFORE.format(n=_ABOUT_S)))
    started = time.perf_counter()
    from coopsim.run import simulate
    from coopsim.scenario import load_scenario

    simulate(load_scenario(_WHOLE, _DEBATE), seed=0, years=1)
    mark()
    say(str(_AFTER.format(n=time.perf_counter() - started)))
