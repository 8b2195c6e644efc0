"""Commands ``coopsim view``, ``coopsim replay`` and ``coopsim session``: open a room, live it again, clean its log."""

import contextlib
import datetime as dt
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.errors import scenario_error
from coopsim.i18n import Text, lang
from coopsim.scenario import Scenario, load_scenario, parse_override

if TYPE_CHECKING:
    from socket import socket

    from coopsim_viz.room import Room

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

_REPORTED = Text("Bilan : {place}", "Report: {place}")
_HELP = {
    "view": Text(
        "Ouvrir une salle : deux trajectoires en direct, côte à côte, et les votes des téléphones.\n\n"
        "Exemple : coopsim view figeac-attractiveness figeac-cooperation --lan\n\n"
        "La commande écrit les adresses à ouvrir ; rien ne sort de l'ordinateur sans --lan. Ctrl-C finit la séance.",
        "Open a room: two trajectories live, side by side, and votes from phones.\n\n"
        "Example: coopsim view figeac-attractiveness figeac-cooperation --lan\n\n"
        "The command prints the addresses to open; nothing leaves the computer without --lan. Ctrl-C ends the session.",
    ),
    "replay": Text(
        "Rejouer une séance d'après son journal : tables, et chaque branche comme fichier de scénario.\n\n"
        "Exemple : coopsim replay SEANCE --out TABLES",
        "Live a session again from its log: tables, and each branch as a scenario file.\n\n"
        "Example: coopsim replay SESSION --out TABLES",
    ),
    "session": Text("Ce qu'une séance a laissé sur cet ordinateur.", "What a session left on this computer."),
    "purge": Text(
        "Effacer les prévisions, les votes publics et qui a rejoint ; la trajectoire reste.",
        "Remove predictions, open votes and who joined; the trajectory stays.",
    ),
    "report": Text(
        "Écrire le bilan d'une séance dans son dossier, en HTML et en PDF.",
        "Write the report of a session into its folder, as HTML and PDF.",
    ),
    "scenarios": Text("Les deux scénarios, noms ou fichiers.", "The two scenarios, names or files."),
    "settings": Text("Changer une clé dans les deux, comme horizon.years=20.",
                     "Change a key in both, such as horizon.years=20."),
    "years": Text("Années simulées, au lieu de celles des scénarios.", "Years, instead of the scenarios'."),
    "seed": Text("Le monde : mêmes hasards pour les deux.", "The world: the same luck for both."),
    "folder": Text("Dossier de la séance ; s'il en contient une, elle reprend.",
                   "Folder of the session; one that is there goes on."),
    "port": Text("Port, ou le premier libre des vingt suivants.", "Port, or the first free one of the next twenty."),
    "lan": Text("Ouvrir la salle au réseau local, pour les téléphones.",
                "Open the room to the local network, for phones."),
    "browser": Text("Ouvrir le navigateur sur l'animation.", "Open the browser on the facilitator's page."),
    "batches": Text("Campagne à explorer ; répétable.", "Batch to explore; repeatable."),
    "out": Text("Dossier des tables.", "Folder of the tables."),
    "dir": Text("Dossier d'une séance.", "Folder of a session."),
    "pdf": Text("Écrire aussi le PDF.", "Write the PDF too."),
}  # fmt: skip


def _help(name: str) -> str:
    """Return a help text in the language in force: this module is imported once the language is known."""
    return str(_HELP[name])


def view(
    scenarios: Annotated[list[str], typer.Argument(metavar="A B", help=_help("scenarios"))] = [
        "figeac-attractiveness",
        "figeac-cooperation",
    ],
    settings: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help=_help("settings"))] = [],
    years: Annotated[int | None, typer.Option("--years", min=1, max=200, help=_help("years"))] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help=_help("seed"))] = 1,
    folder: Annotated[Path | None, typer.Option("--session", metavar="DIR", help=_help("folder"))] = None,
    port: Annotated[int, typer.Option("--port", min=1024, max=65535, help=_help("port"))] = 8765,
    lan: Annotated[bool, typer.Option("--lan", help=_help("lan"))] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help=_help("browser"))] = True,
    batches: Annotated[
        list[Path],
        typer.Option(
            "--batch",
            metavar="DIR",
            help=_help("batches"),
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
    from coopsim_viz.server.serve import held_port

    host = "0.0.0.0" if lan else "127.0.0.1"  # nosec B104  # asked for by --lan
    with held_port(host, port) as listening:
        place = folder or _new_folder()
        room = _room(place, scenarios, dict(parse_override(text) for text in settings), years, seed)
        _served(room, listening, batches, lan=lan, browser=browser)
    typer.echo(str(_KEPT.format(folder=str(place))))


def _room(place: Path, names: list[str], given: dict[str, object], years: int | None, seed: int) -> "Room":
    """Return the session of a folder, lived again as far as it went, or a new one."""
    from coopsim_viz.room import Room
    from coopsim_viz.room.log import FILE

    if (place / FILE).exists():
        from coopsim_viz.room.replay import replayed

        room = replayed(place, keep=True)
        typer.echo(_AGAIN.format(tick=room.tick))
        return room
    a, b = (_loaded(name, given, years) for name in names)
    room = Room({"A": a, "B": b}, place, seed)
    room.opened()
    return room


def _served(room: "Room", listening: "socket", batches: list[Path], *, lan: bool, browser: bool) -> None:
    """Serve a room until Ctrl-C; its addresses are told once they answer."""
    from coopsim_viz.room.driver import Driver
    from coopsim_viz.server.serve import lan_address, serve
    from coopsim_viz.stage import Screen, Stage

    found = listening.getsockname()[1]
    base = f"http://{lan_address() if lan else '127.0.0.1'}:{found}"
    stage = Stage(room, Driver(room), address=base, screen=Screen(lang=lang()), batches=tuple(batches))
    stage.code = _code(room.folder, stage.code)
    local = f"http://127.0.0.1:{found}"

    def ready() -> None:
        told = _TOLD.format(base=local, token=stage.token, seat=stage.seat_address, folder=str(room.folder))
        typer.echo(str(told))
        if not lan:
            typer.echo(str(_ALONE))
        if browser:  # some browsers return only when they are closed
            page = f"{local}/animation?jeton={stage.token}"
            threading.Thread(target=webbrowser.open, args=[page], daemon=True).start()

    with contextlib.suppress(KeyboardInterrupt):  # the way a session is closed
        serve(stage, listening, ready)


def _loaded(name: str, settings: dict[str, object], years: int | None) -> Scenario:
    scenario = load_scenario(name, dict(settings))
    scenario.load_case()
    return scenario if years is None else scenario.but({"horizon.years": years, "name": scenario.name})


def _code(place: Path, new: str) -> str:
    """Return the code of a session that goes on, so that its phones find the room again; else keep a new one."""
    file = place / "code"
    old = file.read_text(encoding="utf-8", errors="replace").strip() if file.is_file() else ""
    if len(old) == len(new) and old.isascii() and old.isalnum():
        return old
    file.write_text(new, encoding="utf-8")
    return new


def _new_folder() -> Path:
    from platformdirs import user_data_path

    now = dt.datetime.now(tz=dt.UTC).astimezone()
    return user_data_path("coopsim") / "sessions" / now.strftime("%Y-%m-%d-%Hh%M%S")


def replay(
    session: Annotated[Path, typer.Argument(metavar="DIR", help=_help("dir"))],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=_help("out"))],
) -> None:
    """Live a session again from its log; writes its tables and each branch as a scenario file."""
    from coopsim_viz.room.export import export
    from coopsim_viz.room.replay import replayed

    room = replayed(session)
    export(room, out)
    typer.echo(str(_LIVED.format(n=room.tick, place=str(out))))
    room.close()


view.__doc__, replay.__doc__ = _help("view"), _help("replay")  # what typer shows

session = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    no_args_is_help=True,
    help=_help("session"),
)


@session.callback()
def _session() -> None:
    pass


@session.command(help=_help("purge"))
def purge(folder: Annotated[Path, typer.Argument(metavar="DIR", help=_help("dir"))]) -> None:
    """Remove predictions, open votes and who joined; the trajectory stays."""
    from coopsim_viz.room.log import purge as purged

    typer.echo(str(_PURGED.format(n=purged(folder))))


@session.command(help=_help("report"))
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_help("dir"))],
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help=_help("pdf"))] = True,
) -> None:
    """Live a session again and write its report into its folder."""
    from coopsim_viz.report import write_pdf, write_report
    from coopsim_viz.report.pdf import FILE
    from coopsim_viz.room.frame import SLOTS
    from coopsim_viz.room.replay import replayed
    from coopsim_viz.stage import Screen

    room = replayed(folder)
    place = write_report(room, SLOTS, Screen().mapped, lang()).resolve()
    room.close()
    typer.echo(str(_REPORTED.format(place=str(place))))
    if pdf:
        target = place.with_name(FILE)
        write_pdf(place, target)
        typer.echo(str(_REPORTED.format(place=str(target))))
