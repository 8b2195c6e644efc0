"""Which code makes results: coopsim's own and the user's rules. Results of two codes are not mixed."""

import hashlib
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import coopsim
from coopsim import plugins
from coopsim.outputs import provenance

_RULES = "rules "  # what `provenance` puts before the module of a rule that is not ours

# What no run can import, by the import contract of layers: a mended report does not spoil a batch.
_OUTER = frozenset(
    {
        "cli",
        "testing.py",
        "catalogue",
        "lab",
        "report",
        "factorial",
        "comparison",
        "importers",
        "patterns",
        "regimes",
    }
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
        Where the user's rules are; of a package, every module counts, for a rule may use them all.
    """
    digest = hashlib.sha256(_ours().encode())
    for name, path in _theirs(modules, files):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return f"{coopsim.__version__}+{digest.hexdigest()[:12]}"


def _theirs(modules: tuple[str, ...], files: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Yield the user's sources, with a name that does not depend on where they stand."""
    for file in files:
        yield Path(file).name, Path(file)
    for top in sorted({name.partition(".")[0] for name in modules}):
        module = importlib.import_module(top)
        place = getattr(module, "__file__", None)
        folders = [Path(folder) for folder in getattr(module, "__path__", ())]
        for folder in folders:
            for path in sorted(folder.rglob("*.py")):
                yield path.relative_to(folder.parent).as_posix(), path
        if place and not folders:
            yield Path(place).name, Path(place)


def changed_rules(versions: dict[str, str]) -> list[str]:
    """Return the user's files and modules whose rules are not those that a result was made with.

    Parameters
    ----------
    versions : dict
        As `coopsim.outputs.provenance` noted them then.
    """
    return sorted(
        plugins.FILES[module].name if (module := name.removeprefix(_RULES)) in plugins.FILES else module
        for name, digest in provenance().items()
        if name.startswith(_RULES) and versions.get(name, digest) != digest
    )
