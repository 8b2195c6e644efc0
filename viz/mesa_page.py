"""The model on Mesa's own page, for people who know SolaraViz: ``solara run viz/mesa_page.py``.

SolaraViz shows one model, in English. It works with the pins of ``coopsim[viz]``, but importing ``mesa.visualization``
needs Altair, which no page of coopsim uses: ``pip install altair`` beside them, never ``mesa[viz]``, which brings other
widgets and leaves the workshop's pages blank. Without Altair this file shows the same charts on a page of its own.
Mesa's grid of charts asks the network for one more file, so the charts stand below Mesa's controls, outside that grid.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import solara
from matplotlib.figure import Figure

from coopsim.comparison.words import unit_words
from coopsim.indicators import BY_NAME, SYSTEM, TERRITORY
from coopsim.model import CoopModel
from coopsim.report.phase import spread_labels
from coopsim.report.svg import lane_colour, number_axis, style, year_axis
from coopsim.scenario import load_scenario

try:
    from mesa.visualization import SolaraViz
    from mesa.visualization.utils import update_counter
except ImportError:  # Altair is missing
    SolaraViz = None

SCENARIOS = ("figeac-attractiveness", "figeac-cooperation", "figeac-status-quo")
SHOWN = ("jobs", "unemployment", "low_flow_share")
_LABEL_SIDE = 260.0  # points, for labels that repel each other


class ShippedModel(CoopModel):
    """A model made from names and numbers, as SolaraViz makes one at each reset.

    Parameters
    ----------
    scenario_name : str
        Of a shipped scenario.
    luck : int
        Seed.
    """

    def __init__(self, scenario_name: str = SCENARIOS[1], luck: int = 1) -> None:
        super().__init__(load_scenario(scenario_name), luck)

    def step(self) -> None:
        """Live one quarter; stop at the horizon."""
        if self.world.tick < self.spec.ticks:
            super().step()
        self.running = self.world.tick < self.spec.ticks


def trajectory(model: CoopModel, name: str) -> Figure:
    """Return the whole's trajectory of an indicator so far."""
    one = BY_NAME[name]
    values = model.recorder.system_values[:, SYSTEM.index(name)]
    years = model.spec.start_year + (np.arange(len(values)) + 1) / 4
    with style():
        figure = Figure(figsize=(4.5, 2.7), layout="constrained")
        axes = figure.subplots()
        axes.plot(years, values, color=lane_colour(0), linewidth=1.8)
        axes.plot(years[-1:], values[-1:], "o", color=lane_colour(0), markersize=4)
        axes.set(title=str(one.label), ylabel=unit_words(one.unit))
        axes.set_xlim(model.spec.start_year, model.spec.start_year + model.spec.years)
        number_axis(axes, "y", one.unit, 5)
        year_axis(axes)
    return figure


def plane(model: CoopModel) -> Figure:
    """Return the territories on the plane of the two indices, with their trails."""
    record = model.recorder
    columns = [TERRITORY.index(name) for name in ("attractiveness_index", "cooperation_index")]
    trails = record.territory[: record.ticks][:, :, columns]
    with style():
        figure = Figure(figsize=(4.5, 4.2), layout="constrained")
        axes = figure.subplots()
        for trail in trails.transpose(1, 0, 2):
            axes.plot(trail[:, 0], trail[:, 1], color=lane_colour(0), alpha=0.5, linewidth=1)
        axes.set(
            xlabel=str(BY_NAME["attractiveness_index"].label), ylabel=str(BY_NAME["cooperation_index"].label)
        )
        if len(trails) and np.isfinite(trails[-1]).all():
            ends = trails[-1]
            axes.plot(ends[:, 0], ends[:, 1], "o", color=lane_colour(0))
            low, span = ends.min(axis=0), np.maximum(np.ptp(ends, axis=0), 1e-9)
            places = spread_labels((ends - low) / span * _LABEL_SIDE) / _LABEL_SIDE * span + low
            for number, place in enumerate(places, start=1):
                axes.annotate(str(number), place, ha="center", va="center", fontsize=9)
    return figure


def component(draw: Callable[[CoopModel], Figure]) -> Callable[..., Any]:
    """Return a picture as SolaraViz wants it: drawn again at each step."""

    @solara.component
    def Drawn(model: Any, ticks: int = 0) -> None:  # noqa: ARG001, N802 - a component; its time draws it again
        if SolaraViz is not None:
            update_counter.get()
        solara.FigureMatplotlib(draw(model), format="svg")

    made: Callable[..., Any] = Drawn
    return made


CHARTS = [component(lambda model, name=name: trajectory(model, name)) for name in SHOWN]  # type: ignore[misc]
CHARTS.append(component(plane))
PARAMETERS = {
    "scenario_name": {
        "type": "Select",
        "value": SCENARIOS[1],
        "values": list(SCENARIOS),
        "label": "Scenario",
    },
    "luck": {"type": "SliderInt", "value": 1, "label": "Seed", "min": 0, "max": 99, "step": 1},
}


@solara.component
def Plain() -> None:  # noqa: N802 - a component
    """The same charts with three buttons, where Mesa's page cannot be imported."""
    model = solara.use_memo(ShippedModel, [])
    ticks, set_ticks = solara.use_state(0)

    def live(count: int) -> None:
        for _ in range(count):
            model.step()
        set_ticks(model.world.tick)

    solara.Warning("SolaraViz needs Altair: pip install altair (not mesa[viz]). The same charts without it:")
    with solara.Row():
        for label, count in (("One quarter", 1), ("One year", 4), ("Five years", 20)):
            solara.Button(label, on_click=lambda count=count: live(count), disabled=ticks >= model.spec.ticks)
        solara.Text(f"Quarter {ticks} of {model.spec.ticks}")
    with solara.ColumnsResponsive(12, large=6):
        for chart in CHARTS:
            chart(
                model, ticks
            )  # the model is the same one: its time tells that there is something new to draw


@solara.component
def Mesa() -> None:  # noqa: N802 - a component
    """Mesa's page of the model; the charts stand below it, since its own grid asks a file of the network."""
    made = solara.use_reactive(solara.use_memo(ShippedModel, []))
    SolaraViz(made, model_params=PARAMETERS, name="coopsim", play_interval=200)
    with solara.ColumnsResponsive(12, large=6):
        for chart in CHARTS:
            chart(made.value)


Page = Plain if SolaraViz is None else Mesa
