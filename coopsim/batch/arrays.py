"""A batch as one labelled array an indicator, for xarray and netCDF."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coopsim.batch.extras import missing_extra
from coopsim.batch.tables import Tables
from coopsim.indicators import BY_NAME

if TYPE_CHECKING:
    import xarray

_DIMENSIONS = ("scenario", "point", "seed", "tick", "territory")
_QUARTERS = 4


def dataset(tables: Tables, columns: Sequence[str]) -> "xarray.Dataset":
    """Return scenario × point × seed × tick (× territory) arrays; NaN where a run failed or is not there yet.

    Raises
    ------
    ScenarioError
        When xarray is not installed.
    """
    try:
        import xarray
    except ImportError:
        raise missing_extra("xarray", "batch") from None
    frame = tables.values(columns)
    local = bool(tables.about["record"]["territories"])
    names = _DIMENSIONS if local else _DIMENSIONS[:-1]
    ticks = np.unique(frame["tick"].to_numpy(np.int64))
    places = [str(name) for name in frame["territory"].astype("category").cat.categories]
    sizes = (len(tables.scenarios), len(tables.points), len(tables.seeds), len(ticks), len(places))
    at = (
        frame["scenario"].cat.codes.to_numpy() if len(frame) else np.empty(0, np.int64),
        frame["point"].to_numpy(np.int64),
        frame["seed"].to_numpy(np.int64) - tables.seeds.start,
        np.searchsorted(ticks, frame["tick"].to_numpy(np.int64)),
        frame["territory"].astype("category").cat.codes.to_numpy(),
    )
    variables = {}
    for name in columns:
        values = np.full(sizes[: len(names)], np.nan)
        values[at[: len(names)]] = frame[name].to_numpy(np.float64)
        variables[name] = (names, values, _attributes(name))
    year = int(tables.about["start_year"]) + ticks // _QUARTERS
    coordinates: dict[str, Any] = {
        "scenario": _words(tables.scenarios),
        "point": np.arange(len(tables.points)),
        "seed": np.array(tables.seeds),
        "tick": ticks,
        "year": ("tick", year),
        "quarter": ("tick", ticks % _QUARTERS + 1),
        **{key: ("point", _plain(tables.points[key].to_numpy())) for key in tables.parameters},
    }
    if local:
        coordinates["territory"] = _words(places)
    about = {"title": tables.about["name"], "source": f"coopsim {tables.about['code']}"}
    return xarray.Dataset(variables, coordinates, about)


def _words(names: Sequence[str]) -> Any:
    return np.array(list(names), dtype=object)


def _plain(values: Any) -> Any:
    return values.astype(object) if values.dtype.kind not in "biuf" else values


def _attributes(name: str) -> dict[str, str]:
    known = BY_NAME[name]
    return {
        "units": known.unit,
        "long_name": str(known.label),
        "label_fr": known.label.fr,
        "label_en": known.label.en,
    }
