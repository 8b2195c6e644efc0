"""Calibration of coopsim against diagnostic data, with what the model cannot say.

What is named here is imported when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopsim_calibration.diagnostics import Diagnostic, load_diagnostic
    from coopsim_calibration.fitting import Result, calibrate
    from coopsim_calibration.observed import observed_table
    from coopsim_calibration.results import save
    from coopsim_calibration.study_load import Study, load_study

_PLACES = {
    "Diagnostic": "diagnostics",
    "Result": "fitting",
    "Study": "study_load",
    "calibrate": "fitting",
    "load_diagnostic": "diagnostics",
    "load_study": "study_load",
    "observed_table": "observed",
    "save": "results",
}

__all__ = [
    "Diagnostic",
    "Result",
    "Study",
    "calibrate",
    "load_diagnostic",
    "load_study",
    "observed_table",
    "save",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
