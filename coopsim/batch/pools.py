"""Which pool lives the chunks of a batch."""

import warnings

from coopsim.batch.dask_pool import LOCAL, DaskPool
from coopsim.batch.pool import Pool, SerialPool
from coopsim.batch.process_pool import ProcessPool
from coopsim.errors import scenario_error
from coopsim.executors import cores, rule_modules
from coopsim.i18n import Text

_IN_SCRIPT = Text(
    "des règles sont écrites dans le script même, que les processus ne lisent pas : les mettre dans un module",
    "rules are written in the script itself, which workers do not read: put them in a module",
)


def pool_of(workers: int | None, dask: str | None) -> Pool:
    """Return the pool for a number of workers (all cores when None) and an address of Dask, if any.

    Raises
    ------
    ScenarioError
        For a number below one, for workers with the address of a cluster, or for a cluster with rules that are
        written in the script itself.
    """
    if workers is not None and workers < 1:
        raise scenario_error(
            "au moins un processus est nécessaire", "at least one worker is needed", key="workers", value=workers,
            allowed="≥ 1",
        )  # fmt: skip
    in_script = "__main__" in rule_modules()
    if dask is not None:
        if workers is not None and dask != LOCAL:
            raise scenario_error(
                "la grappe Dask a ses propres processus : donner --workers ou --dask, pas les deux",
                "the Dask cluster has workers of its own: give --workers or --dask, not both",
                key="workers", value=workers,
            )  # fmt: skip
        if in_script:
            raise scenario_error(str(_IN_SCRIPT.fr), str(_IN_SCRIPT.en), key="dask", value=dask)
        return DaskPool(dask, workers or cores())
    if in_script and (workers or cores()) > 1:
        warnings.warn(str(_IN_SCRIPT), stacklevel=3)
        return SerialPool()
    return SerialPool() if (workers or cores()) <= 1 else ProcessPool(workers or cores())
