"""The base of every model that reads a file, and the helpers that describe its keys."""

import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from coopsim.i18n import Text


def finite(value: Any) -> bool:
    """Return whether no number in a tree is NaN or infinite."""
    if isinstance(value, Mapping):
        return all(finite(x) for x in value.values())
    if isinstance(value, list | tuple):
        return all(finite(x) for x in value)
    return not isinstance(value, float) or math.isfinite(value)


class Strict(BaseModel):
    """Immutable, closed to unknown keys; numbers are finite, and a boolean or a text is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


def key(fr: str, en: str, default: Any = ..., *, unit: str = "", **constraints: Any) -> Any:
    """Return the field of an ordinary key: help in French and English, unit, default and bounds."""
    extra: Any = {"fr": fr, "en": en, "unit": unit}
    return Field(default, description=fr, json_schema_extra=extra, **constraints)


def lever(
    fr: str,
    en: str,
    default: Any,
    *,
    unit: str = "1",
    levers: str = "",
    grade: str = "assumption",
    **constraints: Any,
) -> Any:
    """Return the field of a governance key.

    Parameters
    ----------
    fr, en : str
        One line of help.
    default : object
        Value when no file sets the key.
    unit : str
        Unit of the value; "1" for shares, names and switches.
    levers : str
        Identifiers of the levers of the source catalogue, separated by spaces.
    grade : str
        Evidence behind the default: measured, literature or assumption.
    **constraints : object
        Bounds, as pydantic names them.
    """
    extra: Any = {"fr": fr, "en": en, "unit": unit, "levers": levers.split(), "grade": grade}
    return Field(default, description=fr, json_schema_extra=extra, **constraints)


class Local(Strict):
    """One text in French and in English."""

    fr: str = key("texte français", "French text")
    en: str = key("texte anglais", "English text")

    def text(self) -> Text:
        """Return the text in the form that the rest of the package shows."""
        return Text(self.fr, self.en)
