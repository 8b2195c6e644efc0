"""Commands ``coopsim view``, ``coopsim replay`` and ``coopsim session``: open a room, live it again, clean its log."""

import contextlib
import datetime as dt
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from coopsim.errors import scenario_error
from coopsim.i18n import Text, lang
from coopsim.scenario import Scenario, load_scenario, parse_override

_TOLD = Text(
    "Écran projeté   {base}/atelier\nAnimation       {base}/animation?jeton={token}\n"
    "Explorer        {base}/explorer?jeton={token}\n"
    "Téléphones      {seat}\nSéance          {folder}\n\nCtrl-C pour finir.",
    "Projected screen   {base}/atelier\nFacilitation       {base}/animation?jeton={token}\n"
    "Explorer           {base}/explorer?jeton={token}\n"
    "Phones             {seat}\nSession            {folder}\n\nCtrl-C to end.",
)
_ALONE = Text(
    "Les téléphones n'atteignent que cet ordinateur : ajouter --lan pour ouvrir la salle au réseau local.",
    "Phones reach this computer only: add --lan to open the room to the local network.",
)
_KEPT = Text("Séance gardée dans {folder}", "Session kept in {folder}")
_AGAIN = Text("Séance reprise au trimestre {tick}.", "Session taken up again at quarter {tick}.")
_PURGED = Text("{n} lignes personnelles effacées.", "{n} personal lines removed.")
_LIVED = Text(
    "Séance rejouée : {n} trimestres, tables dans {place}",
    "Session lived again: {n} quarters, tables in {place}",
)


def view(
    scenarios: Annotated[list[str], typer.Argument(metavar="A B")] = [
        "figeac-attractiveness",
        "figeac-cooperation",
    ],
    settings: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE")] = [],
    years: Annotated[int | None, typer.Option("--years", min=1, max=200)] = None,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 1,
    folder: Annotated[Path | None, typer.Option("--session", metavar="DIR")] = None,
    port: Annotated[int, typer.Option("--port", min=1024, max=65535)] = 8765,
    lan: Annotated[
        bool, typer.Option("--lan", help="Ouvre la salle au réseau local. Open to the local network.")
    ] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
    batches: Annotated[
        list[Path],
        typer.Option(
            "--batch",
            metavar="DIR",
            help="Campagne à explorer. Batch to explore.",
            exists=True,
            file_okay=False,
        ),
    ] = [],
) -> None:
    """Open a room: two trajectories live, votes from phones."""
    if len(scenarios) != 2:  # noqa: PLR2004 - two lanes
        raise scenario_error(
            "donner deux scénarios, A et B", "give two scenarios, A and B", value=", ".join(scenarios)
        )
    from coopsim_viz.room.log import FILE
    from coopsim_viz.server.serve import free_port, lan_address, serve

    place = folder or _new_folder()
    host = "0.0.0.0" if lan else "127.0.0.1"
    found = free_port(host, port)
    if not found:
        raise scenario_error(
            "aucun port libre", "no free port", key="--port", value=port, allowed=f"{port} – {port + 19}"
        )
    if (place / FILE).exists():
        from coopsim_viz.room.replay import replayed

        room = replayed(place, keep=True)
        typer.echo(_AGAIN.format(tick=room.tick))
    else:
        from coopsim_viz.room import Room

        given = dict(parse_override(text) for text in settings)
        a, b = (_loaded(name, given, years) for name in scenarios)
        room = Room({"A": a, "B": b}, place, seed)
        room.opened()
    from coopsim_viz.room.driver import Driver
    from coopsim_viz.stage import Screen, Stage

    base = f"http://{lan_address() if lan else '127.0.0.1'}:{found}"
    stage = Stage(room, Driver(room), address=base, screen=Screen(lang=lang()), batches=tuple(batches))
    local = f"http://127.0.0.1:{found}"
    typer.echo(str(_TOLD.format(base=local, token=stage.token, seat=stage.seat_address, folder=str(place))))
    if not lan:
        typer.echo(str(_ALONE))
    if browser:
        opening = threading.Timer(2.0, webbrowser.open, [f"{local}/animation?jeton={stage.token}"])
        opening.daemon = True
        opening.start()
    with contextlib.suppress(KeyboardInterrupt):  # the way a session is closed
        serve(stage, host, found)
    typer.echo(str(_KEPT.format(folder=str(place))))


def _loaded(name: str, settings: dict[str, object], years: int | None) -> Scenario:
    scenario = load_scenario(name, dict(settings))
    scenario.load_case()
    return scenario if years is None else scenario.but({"horizon.years": years, "name": scenario.name})


def _new_folder() -> Path:
    from platformdirs import user_data_path

    now = dt.datetime.now(tz=dt.UTC).astimezone()
    return user_data_path("coopsim") / "sessions" / now.strftime("%Y-%m-%d-%Hh%M%S")


def replay(
    session: Annotated[Path, typer.Argument(metavar="DIR")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR")],
) -> None:
    """Live a session again from its log; writes its tables and each branch as a scenario file."""
    from coopsim_viz.room.export import export
    from coopsim_viz.room.replay import replayed

    room = replayed(session)
    export(room, out)
    typer.echo(str(_LIVED.format(n=room.tick, place=str(out))))
    room.close()


session = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich", no_args_is_help=True
)


@session.callback()
def _session() -> None:
    """What a session left on this computer."""


@session.command()
def purge(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Remove predictions, open votes and who joined; the trajectory stays."""
    from coopsim_viz.room.log import purge as purged

    typer.echo(str(_PURGED.format(n=purged(folder))))
