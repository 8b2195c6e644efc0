"""``new``: a territory's own folder, ready to fill."""

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.commands.options import Json
from coopsim.cli.failures import kept
from coopsim.cli.inputs import check_places
from coopsim.cli.output import plain, write_json
from coopsim.errors import scenario_error
from coopsim.i18n import Text

_DEFAULT_YEARS = 30
_LONGEST = 200
_WROTE = Text(
    "{folder} : {n} territoires ({names})",
    "{folder}: {n} territories ({names})",
)
_NEXT = Text(
    "Ensuite :\n"
    "  1. coopsim validate {case}\n"
    "  2. remplir dans un tableur les lignes connues de {sheet} ({rows} chiffres supposés), puis\n"
    "     coopsim import figures {sheet} --into {case}\n"
    "  3. coopsim compare {race} {together} --replicates 20 --report rapport.html",
    "Next:\n"
    "  1. coopsim validate {case}\n"
    "  2. fill in, in a spreadsheet, the rows you know of {sheet} ({rows} assumed figures), then\n"
    "     coopsim import figures {sheet} --into {case}\n"
    "  3. coopsim compare {race} {together} --replicates 20 --report report.html",
)


def new(
    place_folder: Annotated[Path, typer.Argument(metavar="DIR")],
    territories: Annotated[str, typer.Option("--territories", metavar="CODE;NAME")] = "",
    departements: Annotated[str, typer.Option("--departements", metavar="46;12")] = "",
    rings: Annotated[int, typer.Option("--rings")] = 0,
    base_case: Annotated[str, typer.Option("--from", metavar="CASE")] = "france",
    place_title: Annotated[str, typer.Option("--title")] = "",
    place_years: Annotated[int, typer.Option("--years")] = _DEFAULT_YEARS,
    as_json: Json = False,
) -> None:
    """Begin a place of one's own."""
    from coopsim.importers.beginning import CASE, FIGURES, begin

    if not 0 <= rings <= _LONGEST:
        raise scenario_error(
            "hors bornes", "out of range", key="--rings", value=rings, allowed=f"0 – {_LONGEST}"
        )
    if not 1 <= place_years <= _LONGEST:
        raise scenario_error(
            "hors bornes", "out of range", key="--years", value=place_years, allowed=f"1 – {_LONGEST}"
        )
    if not territories.strip() and not departements.strip():
        raise scenario_error(
            "dire quels territoires : --territories CODE;NOM, ou --departements",
            "say which territories: --territories CODE;NAME, or --departements",
        )
    check_places(folder=place_folder)
    options = {"territories": territories, "departements": departements, "rings": str(rings)}
    begun = begin(place_folder, options, base=base_case, title=place_title, years=place_years)
    kept(place_folder)
    if as_json:
        write_json(
            {
                "folder": str(place_folder),
                "territories": begun.territories,
                "scenarios": [str(path) for path in begun.scenarios],
                "figures": begun.figures,
                "remarks": plain(begun.remarks),
            }
        )
        return
    typer.echo(
        _WROTE.format(folder=place_folder, n=len(begun.territories), names=", ".join(begun.territories))
    )
    for remark in begun.remarks:
        typer.echo(f"  {remark}")
    race, together = begun.scenarios[1:]
    typer.echo(
        _NEXT.format(
            case=place_folder / CASE,
            sheet=place_folder / FIGURES,
            rows=begun.figures,
            race=race,
            together=together,
        )
    )
