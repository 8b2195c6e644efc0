"""The picture of a pact's stability: what members gain by keeping to it, and what they pay."""

import io
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coopsim.errors import Problem, ScenarioError, reason_of
from coopsim.i18n import Text
from coopsim.report.svg import INK, LANE_COLOURS, style
from coopsim.stability import PactStability
from coopsim.stability.words import title

_UNWRITABLE = Text("impossible d'écrire ici", "cannot write here")
_GAINS = Text(
    "ce que chacun gagne à tenir le pacte (k€/an)", "what each gains by keeping to the pact (k€/yr)"
)
_PAYS = Text("ce que chacun paie (k€/an)", "what each pays (k€/yr)")
_LEAVING = Text("plutôt que sortir", "rather than leave")
_RIDING = Text("plutôt que rester sans payer", "rather than stay without paying")
_NOW = Text("aujourd'hui", "now")
_SHAPLEY = Text("pour que chacun ait sa valeur de Shapley", "for each to get its Shapley value")
_DOTS = 150


def draw(found: PactStability, path: Path) -> None:
    """Write the picture, ``.svg`` or ``.png``, whole or not at all.

    Raises
    ------
    ScenarioError
        When the place cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(picture(found, path.suffix.lower().removeprefix(".")))
        part.replace(path)
    except OSError as error:
        raise ScenarioError([Problem(_UNWRITABLE, file=str(path), value=str(reason_of(error)))]) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def picture(found: PactStability, kind: str) -> bytes:
    """Return the picture as ``svg`` or ``png``; the same result gives the same bytes."""
    payment = found.shapley_payment
    panels = 1 if payment is None else 2
    with style():
        height = 1.7 + 0.5 * len(found.names)
        figure = Figure(figsize=(5.2 * panels, height), layout="constrained")
        frames = figure.subplots(1, panels, squeeze=False)[0]
        leaving, riding = found.over_leaving["money"], found.over_riding["money"]
        bars = [(leaving.mean, leaving.mean - leaving.low), (riding.mean, riding.mean - riding.low)]
        _bars(frames[0], found.names, bars, (_LEAVING, _RIDING), _GAINS, 0)
        if payment is not None:
            flat = np.zeros_like(payment)
            _bars(frames[1], found.names, [(found.paid, flat), (payment, flat)], (_NOW, _SHAPLEY), _PAYS, 2)
            frames[1].set_yticklabels([])
        figure.suptitle(title(found), x=0.01, ha="left", fontsize=10, fontweight="bold")
        buffer = io.BytesIO()
        metadata: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        metadata = metadata | {"Title": title(found)} if kind == "svg" else {"Software": None}
        figure.savefig(buffer, format=kind, dpi=_DOTS, metadata=metadata, facecolor="white")
    return buffer.getvalue()


def _bars(
    axes: Axes, names: tuple[str, ...], bars: list[Any], legends: Any, label: Text, colour: int
) -> None:
    """Draw two bars a member, with its interval where it has one."""
    places = np.arange(len(names))
    for k, ((value, error), legend) in enumerate(zip(bars, legends, strict=True)):
        axes.barh(
            places + 0.38 * (k - 0.5),
            value,
            0.34,
            color=LANE_COLOURS[colour + k],
            label=str(legend),
            zorder=2,
        )
        shown = np.isfinite(error) & (error > 0.0)
        axes.errorbar(
            value[shown],
            (places + 0.38 * (k - 0.5))[shown],
            xerr=error[shown],
            fmt="none",
            ecolor=INK,
            zorder=3,
        )
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_xlabel(str(label))
    axes.grid(visible=False, axis="y")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=1, frameon=False, fontsize=8)
