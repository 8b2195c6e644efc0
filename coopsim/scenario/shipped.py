"""Files that coopsim ships: scenarios, presets, labs, families, cases and parameters."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (".", "presets", "places", "dynamics", "lab", "families")


def shipped(*parts: str) -> Path:
    """Return a shipped file or folder, whether it exists or not.

    An editable install reads the ``scenarios`` folder of its checkout, a wheel its own copy.
    """
    checkout = _PACKAGE.parent / "scenarios"
    root = checkout if checkout.is_dir() else _PACKAGE / "_scenarios"
    return root.joinpath(*parts)


@cache
def shipped_scenarios() -> dict[str, Path]:
    """Return the path of each shipped scenario, preset, place, lab and family by its name."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for path in sorted(shipped(folder).glob("*.toml")):
            found.setdefault(path.stem, path)
    return found


def shipped_cases() -> dict[str, Path]:
    """Return the folder of each shipped case by its name."""
    folders = sorted(path for path in shipped("cases").glob("*") if (path / "territories.csv").is_file())
    return {path.name: path for path in folders}
