"""Files that the calibration ships: diagnostics and studies."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(kind: str) -> Path:
    """Return the folder of shipped ``diagnostics`` or ``studies``.

    An editable install reads the ``calibration`` folder of its checkout, a wheel its own copy.
    """
    checkout = _PACKAGE.parent / kind
    return checkout if checkout.is_dir() else _PACKAGE / f"_{kind}"


def shipped_studies() -> dict[str, Path]:
    """Return the file of each shipped study by its name."""
    return {path.stem: path for path in sorted(shipped("studies").glob("*.toml"))}


def shipped_diagnostics() -> dict[str, Path]:
    """Return the folder of each shipped diagnostic by its name."""
    return {path.name: path for path in sorted(shipped("diagnostics").glob("*")) if path.is_dir()}
