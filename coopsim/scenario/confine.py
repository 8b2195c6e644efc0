"""Where a file may send us: what a scenario names stays below its own folder, or below the folder we are in.

A scenario is read from strangers: `extends` and the case are names that its author wrote, not the user. Links are
followed before the place is judged, so that a link out of the folder is out of it.
"""

from pathlib import Path

from coopsim.i18n import Text
from coopsim.scenario.shipped import shipped

FAR = Text(
    "hors du dossier du scénario : mettre ce qu'il nomme à côté ou au-dessous de lui, ou lancer coopsim depuis un "
    "dossier qui contient les deux",
    "outside the folder of the scenario: put what it names beside or below it, or run coopsim from a folder that "
    "holds both",
)

_NO_SCENARIO = Text("seul un fichier .toml peut être prolongé", "only a .toml file can be extended")


def at_home(path: Path, home: Path) -> bool:
    """Return whether a path, links followed, is below a folder, the folder we are in, or what coopsim ships.

    Parameters
    ----------
    path : Path
    home : Path
        Folder of the file that the user named.
    """
    place = resolved(path)
    return any(place.is_relative_to(root) for root in (resolved(home), Path.cwd(), resolved(shipped())))


def not_to_be_extended(path: Path, home: Path) -> Text | None:
    """Return why a file may not be extended, or None: it is read only if it is a TOML file at home."""
    if not at_home(path, home):
        return FAR
    place = resolved(path)
    return _NO_SCENARIO if is_file(place) and place.suffix != ".toml" else None


def resolved(path: Path) -> Path:
    """Return an absolute path, links followed; as it is where it cannot exist."""
    try:
        return path.resolve()
    except (
        OSError,
        RuntimeError,
        ValueError,
    ):  # a loop of links, a name that is too long or holds a zero byte
        return path.absolute()


def is_file(path: Path) -> bool:
    """Return whether there is an ordinary file; no for a name that none can have, or a place that is closed to us."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Return whether there is a folder; no for a name that none can have, or a place that is closed to us."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
