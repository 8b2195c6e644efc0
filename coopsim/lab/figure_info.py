"""What a laboratory's figure shows, as the ``[theory.figure]`` table of its scenario file states it."""

from typing import Literal

from pydantic import model_validator

from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.scenario.strict import Local, Strict, key


class Panel(Strict):
    """One pair of axes."""

    y: tuple[str, ...] = key("résultats montrés", "results shown", strict=False, min_length=1)
    label: Local | None = key("titre de l'axe vertical", "title of the vertical axis", None)
    unit: str = key("unité de l'axe vertical", "unit of the vertical axis", "")
    names: tuple[Local, ...] = key(
        "nom de chaque résultat dans la légende", "name of each result in the legend", (), strict=False
    )
    level: str = key("paramètre dessiné en trait horizontal", "parameter drawn as a horizontal line", "")
    across: Local | None = key(
        "titre de l'axe horizontal d'un cadre de barres",
        "title of the horizontal axis of a panel of bars",
        None,
    )
    item: Local | None = key("nom d'un élément, avec {n}", "name of an item, with {n}", None)
    last: Local | None = key("nom du dernier élément", "name of the last item", None)
    frame: str = key("paramètre en cadre autour des barres", "parameter as a frame around the bars", "")
    frame_share: bool = key("cadre en part de la somme", "frame as a share of the sum", default=False)
    beside: Local | None = key(
        "nom du cadre ou du trait dans la légende", "name of the frame or line in the legend", None
    )


class FigureInfo(Strict):
    """Results over one parameter (lines), or the items of one result (bars).

    The engine is run at a few values, theory is drawn through many. The values of ``range`` and ``at`` are cut to
    those that the laboratory accepts with the other parameters as the user gives them.
    """

    kind: Literal["lines", "bars"] = key("sorte de figure", "kind of figure", "lines")
    panels: tuple[Panel, ...] = key(
        "cadres, de gauche à droite", "panels, left to right", strict=False, min_length=1
    )
    x: str = key("paramètre de l'axe horizontal", "parameter of the horizontal axis", "")
    range: tuple[float, float, int] | None = key(
        "première et dernière valeur, nombre de simulations",
        "first and last value, number of runs",
        None,
        strict=False,
    )
    at: tuple[float, ...] = key("valeurs simulées", "values that are run", (), strict=False)
    times: str = key(
        "paramètre dont les bornes sont des multiples", "parameter that the range is a multiple of", ""
    )
    log: bool = key("axe horizontal logarithmique", "logarithmic horizontal axis", default=False)
    horizontal: Local | None = key(
        "titre de l'axe horizontal des lignes", "title of the horizontal axis of lines", None
    )

    @model_validator(mode="after")
    def _whole(self) -> "FigureInfo":
        lines = self.kind == "lines"
        if lines != bool(self.x) or lines != (self.range is not None or bool(self.at)):
            raise scenario_error(
                "des lignes demandent x et range (ou at), des barres ni l'un ni l'autre",
                "lines need x and range (or at), bars neither",
            )
        if any(panel.names and len(panel.names) != len(panel.y) for panel in self.panels):
            raise scenario_error(
                "un nom par résultat est attendu", "one name for each result is expected", key="names"
            )
        if any(bool(panel.frame or panel.level) != (panel.beside is not None) for panel in self.panels):
            raise scenario_error(
                "un cadre ou un trait a un nom", "a frame or a line has a name", key="beside"
            )
        return self

    @property
    def results(self) -> tuple[str, ...]:
        """Names of the results shown."""
        return tuple(name for panel in self.panels for name in panel.y)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters shown."""
        names = [self.x, self.times, *(name for panel in self.panels for name in (panel.frame, panel.level))]
        return tuple(name for name in names if name)


UNITS: dict[str, Text] = {
    "1": Text("", ""),
    "yr": Text("années", "years"),
    "ticks": Text("trimestres", "quarters"),
    "1/yr": Text("par an", "a year"),
    "m³/yr": Text("m³ par an", "m³ a year"),
    "yr^-1/2": Text("par √an", "per √year"),
    "1/%": Text("par point de %", "per point of %"),
    "k€/yr": Text("k€ par an", "k€ a year"),
    "tick": Text("trimestres", "quarters"),
    "1/tick": Text("par trimestre", "a quarter"),
    "votes": Text("voix", "votes"),
    "seats": Text("sièges", "seats"),
    "territories": Text("territoires", "territories"),
}


def unit_text(unit: str) -> Text:
    """Return a unit of a laboratory as an axis shows it."""
    return UNITS.get(unit, Text(unit.replace("/yr", "/an"), unit))
