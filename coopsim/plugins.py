"""Python code of third parties, imported with care: installed packages, and files that a user names.

What a module does when it is imported (registering rules) is its own business. Here is what may go wrong meanwhile:
whatever it raises becomes one `Problem` that says whose code it is and where it broke.
"""

import hashlib
import importlib.util
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text

RULES_GROUP = "coopsim.rules"
"""Entry-point group of packages that bring rules: any name = a module that registers them."""

FILES: dict[str, Path] = {}
"""Files imported here, by the name of their module: worker processes import them too."""

_NOT_THEIRS = (f"{Path(__file__).parent}{os.sep}", f"{os.sep}importlib{os.sep}", "<frozen importlib")
_PACKAGE = Text(
    "le paquet « {name} » ne peut pas être utilisé : {why} ; le corriger, ou le retirer : pip uninstall {short}",
    "package '{name}' cannot be used: {why}; mend it, or remove it: pip uninstall {short}",
)
_FILE = Text(
    "ce fichier de règles ne peut pas être utilisé : {why}", "this file of rules cannot be used: {why}"
)
_BARE = Text(
    "la classe {cls} n'est pas enregistrée : lui mettre le décorateur coopsim.rule",
    "class {cls} is not registered: give it the decorator coopsim.rule",
)
_NO_FILE = Text("ce fichier n'existe pas", "there is no such file")
_NO_PYTHON = Text("un fichier Python est attendu", "a Python file is expected")


class PluginError(ScenarioError):
    """Code of a third party cannot be used; `problems` holds the one reason."""


def installed() -> list[EntryPoint]:
    """Return the entry points of installed packages that bring rules, in a fixed order."""
    return sorted(entry_points(group=RULES_GROUP), key=lambda point: (_package(point), point.name))


def load_package(point: EntryPoint, known: Callable[[type], bool]) -> None:
    """Import the module of an entry point.

    Parameters
    ----------
    point : EntryPoint
    known : callable
        Whether a class is a registered rule; an entry point that names a class must name one.

    Raises
    ------
    PluginError
        With the package, what went wrong and where.
    """
    with _blamed(
        lambda why: _PACKAGE.format(name=_package(point), short=_package(point).split()[0], why=why)
    ):
        found = point.load()
        if isinstance(found, type) and not known(found):
            name = f"{found.__module__}.{found.__qualname__}"
            raise ScenarioError([Problem(_BARE.format(cls=name))])


def load_file(path: str | Path) -> str:
    """Import a Python file by its path, once; returns the name of its module.

    Its folder is not added to where modules are found: the file stands alone.

    Raises
    ------
    PluginError
        For a missing file, one that is not Python, or one that cannot be imported: with line and reason.
    """
    place = Path(path)
    if not place.is_file() or place.suffix != ".py":
        message = _NO_PYTHON if place.exists() else _NO_FILE
        raise PluginError([Problem(message, file=str(path), allowed="*.py" if place.exists() else "")])
    name = _module_name(place.resolve())
    if name in FILES:
        return name
    spec = importlib.util.spec_from_file_location(name, place.resolve())
    if spec is None or spec.loader is None:  # a suffix that this Python does not import
        raise PluginError([Problem(_NO_PYTHON, file=str(path))])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name], FILES[name] = module, place.resolve()
    try:
        with _blamed(lambda why: _FILE.format(why=why), str(path)):
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name], FILES[name]
        raise
    return name


def place_of(cls: type) -> str:
    """Return where a class is written, as its owner knows it: its file, or its module and name."""
    where = FILES.get(cls.__module__)
    return f"{where.name if where else cls.__module__}:{cls.__qualname__}"


def package_of(cls: type) -> str:
    """Return the package (or the file) that a class comes from."""
    where = FILES.get(cls.__module__)
    return where.name if where else cls.__module__.partition(".")[0]


def _package(point: EntryPoint) -> str:
    """Return the name and version of the package of an entry point."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value.partition(".")[0]


def _module_name(path: Path) -> str:
    """Return a module name for a file: readable, without a dot, and its own."""
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:8]
    return f"rules_file_{re.sub(r'[^A-Za-z0-9_]', '_', path.stem)}_{digest}"


@contextmanager
def _blamed(message: Callable[[Text], Text], file: str = "") -> Iterator[None]:
    """Turn whatever the block raises, a call to exit included, into one problem of the code's owner."""
    try:
        yield
    except (Exception, SystemExit) as error:
        place, line = _where(error, file)
        raise PluginError([Problem(message(_why(error)), file=file or place, line=line)]) from error


def _why(error: BaseException) -> Text:
    """Return what was raised, in words."""
    if isinstance(error, ScenarioError):
        messages = [problem.message for problem in error.problems]
        return Text(" ; ".join(m.fr for m in messages), "; ".join(m.en for m in messages))
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Text(said, said)


def _where(error: BaseException, file: str) -> tuple[str, int]:
    """Return the file and line of the third party where an error came from; nothing when it never ran.

    In a file that the user named, the last line that was run there, whatever it called.
    """
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return error.filename, error.lineno
    frames = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    if file:
        inside = [frame for frame in frames if frame[0] == str(Path(file).resolve())]
    else:
        inside = [frame for frame in frames if not any(part in frame[0] for part in _NOT_THEIRS)]
    return inside[-1] if inside else ("", 0)
