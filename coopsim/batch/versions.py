"""Which code makes results: coopsim's own and the user's rules. Results of two codes are not mixed."""

import hashlib
import importlib
from functools import cache
from pathlib import Path

import coopsim

# What no run can import, by the import contract of layers: a mended report does not spoil a batch.
_OUTER = frozenset(
    {"cli", "testing.py", "catalogue", "lab", "report", "factorial", "comparison", "importers"}
)


@cache
def _ours() -> str:
    """Return a digest of the modules that a run may import, and of the rules that no scenario holds."""
    digest = hashlib.sha256()
    root = Path(coopsim.__file__).parent
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if place.parts[0] not in _OUTER:
            digest.update(place.as_posix().encode())
            digest.update(path.read_bytes())
    from coopsim.scenario import shipped

    for path in sorted(shipped("law").glob("*.toml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def code_version(modules: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> str:
    """Return the version of coopsim and a digest of its sources and of the user's rules.

    Parameters
    ----------
    modules, files : tuple of str
        Where the user's rules are.
    """
    digest = hashlib.sha256(_ours().encode())
    sources = [Path(file) for file in files]
    for name in modules:
        place = getattr(importlib.import_module(name), "__file__", None)
        sources += [Path(place)] if place else []
    for path in sources:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"{coopsim.__version__}+{digest.hexdigest()[:12]}"
