"""What the user gives: settings, scenarios, places to write; every mistake is told before any work."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from coopsim.errors import Problem, ScenarioError, reason_of
from coopsim.i18n import Text

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

Item = TypeVar("Item")
Found = TypeVar("Found")


def each(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Return the function of every item, or raise with the mistakes of all, each told once."""
    return _or_raise(*_sorted(function, items))


def _sorted(
    function: Callable[[Item], Found], items: Iterable[Item]
) -> tuple[list[Found], dict[str, Problem]]:
    """Return what came out, and the mistakes by what they say."""
    found: list[Found] = []
    problems: dict[str, Problem] = {}
    for item in items:
        try:
            found.append(function(item))
        except ScenarioError as error:
            problems.update((str(problem), problem) for problem in error.problems)
    return found, problems


def _or_raise(found: list[Found], problems: dict[str, Problem]) -> list[Found]:
    if problems:
        raise ScenarioError(list(problems.values()))
    return found


def use_rules(files: Sequence[Path]) -> None:
    """Import the user's own files of rules, before any scenario is read."""
    from coopsim.registry import load_rules

    each(load_rules, files)


def settings_of(texts: Sequence[str]) -> dict[str, Any]:
    """Return the dotted keys and values of ``--set``; the last one of a key holds."""
    from coopsim.scenario import parse_override

    return dict(each(parse_override, texts))


def scenarios_of(names: Sequence[str], texts: Sequence[str], years: int | None) -> list["Scenario"]:
    """Return the scenarios named, with the settings and the length asked for, their cases read."""
    from coopsim.scenario import load_scenario, parse_override

    settings, badly_written = _sorted(parse_override, texts)

    def load(name: str) -> "Scenario":
        scenario = load_scenario(name, dict(settings))
        if years is not None:
            scenario = scenario.but({"horizon.years": years, "name": scenario.name})
        scenario.load_case()
        return scenario

    found, problems = _sorted(load, names)
    return _or_raise(found, {**badly_written, **problems})


def checked_seed(seed: int) -> int:
    """Return a seed that every draw can take."""
    from coopsim.scenario.limits import check_seed

    check_seed(seed, "--seed")
    return seed


def check_places(folder: Path | None = None, file: Path | None = None) -> None:
    """Refuse, before any work, places where nothing can be written."""
    if folder is not None and folder.exists() and not folder.is_dir():
        raise _unwritable(folder, Text("un fichier porte déjà ce nom", "a file already has this name"))
    if file is not None and file.is_dir():
        raise _unwritable(file, Text("c'est un dossier", "this is a folder"))
    for path in (folder, file):
        if path is None:
            continue
        above = next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())
        if not os.access(above, os.W_OK) or (above != path.absolute() and not above.is_dir()):
            raise _unwritable(path, Text("impossible d'écrire ici", "cannot write here"))


def make_room(file: Path) -> None:
    """Make the folder of a file that long work will end by writing.

    Raises
    ------
    ScenarioError
        When it cannot be made.
    """
    try:
        file.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise _unwritable(file, Text("impossible d'écrire ici", "cannot write here")) from None


def write_file(file: Path, text: str) -> None:
    """Write a text whole or not at all; the folder is made where it is missing.

    Raises
    ------
    ScenarioError
        When the place cannot be written.
    """
    make_room(file)
    stage = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        stage.write_text(text, encoding="utf-8", newline="\n")
        stage.replace(file)
    except OSError as error:
        raise ScenarioError([Problem(reason_of(error), file=str(file))]) from None
    finally:
        stage.unlink(missing_ok=True)


def _unwritable(path: Path, message: Text) -> ScenarioError:
    return ScenarioError([Problem(message, file=str(path))])
