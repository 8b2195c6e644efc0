"""Read a scenario file and those it extends; a child states only what it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_places import is_path
from coopsim.scenario.confine import FAR, at_home, is_file, is_folder, not_to_be_extended, resolved
from coopsim.scenario.limits import oversized
from coopsim.scenario.overlay import APPENDED, at, extend, nested, overlay
from coopsim.scenario.places import Path as Keys
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.refusals import slug
from coopsim.scenario.scenario import Scenario, build
from coopsim.scenario.shipped import shipped_scenarios

_FRAGMENT = Text(
    'ce fichier est un fragment sans [case] : le prolonger depuis un scénario (extends = ["{name}"])',
    'this file is a fragment without [case]: extend it from a scenario (extends = ["{name}"])',
)


@dataclass(frozen=True)
class Layer:
    """One file as it was read.

    Attributes
    ----------
    file : str
        The file as the user named it.
    path : Path
    text : str
    data : dict
        Its keys, paths of cases made absolute; empty when it could not be read.
    """

    file: str
    path: Path
    text: str
    data: dict[str, Any]

    @cached_property
    def places(self) -> dict[Keys, int]:
        """Line of each key."""
        return places(self.text) if self.text else {}


@dataclass
class Reading:
    """Files read so far, in the order in which they are laid over one another, and what was wrong.

    ``home`` is the folder of the file that the user named, ``far`` whether a case outside it was named.
    """

    layers: list[Layer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    home: Path = field(default_factory=Path)
    far: bool = False

    def merged(self) -> dict[str, Any]:
        """Return the keys of all files, later ones over earlier ones."""
        tree: dict[str, Any] = {}
        for layer in self.layers:
            tree = extend(tree, {key: value for key, value in layer.data.items() if key != "extends"})
        return tree

    def locate(self, path: Keys, problem: Problem) -> Problem:
        """Return a problem with the file and the line of its key, or of the nearest table above it."""
        for n in range(len(path), 0, -1):
            for layer, local in self._candidates(path[:n]):
                if at(layer.data, local) is not None:
                    return replace(problem, file=layer.file, line=line_of(layer.places, local))
        return replace(problem, file=self.layers[-1].file)

    def _candidates(self, path: Keys) -> list[tuple[Layer, Keys]]:
        """Return each file that may hold a key, the last one first, with the key's path in that file."""
        if len(path) < 2 or path[0] not in APPENDED or not isinstance(path[1], int):  # noqa: PLR2004
            return [(layer, path) for layer in reversed(self.layers)]
        start = 0
        for layer in self.layers:
            items = layer.data.get(str(path[0]))
            count = len(items) if isinstance(items, list) else 0
            if path[1] < start + count:
                return [(layer, (path[0], path[1] - start, *path[2:]))]
            start += count
        return []


def load_scenario(
    source: str | Path | Mapping[str, Any], overrides: Mapping[str, Any] | None = None
) -> Scenario:
    """Return a scenario, validated as a whole.

    Parameters
    ----------
    source : str, Path or mapping
        A shipped name, the path of a TOML file, or a document as `Scenario.document` gives it.
    overrides : mapping of str to object, optional
        Dotted keys and values, as for `Scenario.but`.

    Raises
    ------
    ScenarioError
        With every mistake: file, line, key, value, what is allowed and the nearest name.
    """
    reading = Reading()
    if isinstance(source, Mapping):
        large = oversized(source)
        if large:
            raise ScenarioError([Problem(large)])
        return _changed({key: value for key, value in source.items() if key != "extends"}, reading, overrides)
    path = _find(source, reading)
    reading.home = path.resolve().parent if path is not None else reading.home
    if path is None or not _read(path, _shown(source, path), reading, ()) or reading.far:
        raise ScenarioError(reading.problems)
    main = reading.layers[-1]
    tree = reading.merged()
    tree["name"] = main.data.get("name", slug(main.path.stem))
    return _changed(tree, reading, overrides)


def _changed(tree: dict[str, Any], reading: Reading, overrides: Mapping[str, Any] | None) -> Scenario:
    """Return the scenario of a tree with overrides; all mistakes of both are reported together."""
    changes = dict(overrides or {})

    def locate(path: Keys, problem: Problem) -> Problem:
        ours = any(problem.key == key or problem.key.startswith(f"{key}.") for key in changes)
        return problem if ours or not reading.layers else reading.locate(path, problem)

    problems = list(reading.problems)
    fragment = "case" not in tree and bool(reading.layers)
    if fragment:
        main = reading.layers[-1]
        known = main.path in {path.resolve() for path in shipped_scenarios().values()}
        name = main.path.stem if known else f"./{main.path.name}"
        problems.append(Problem(_FRAGMENT.format(name=name), file=main.file))
        tree = {**tree, "case": {"synthetic": {"territories": 1}}}
    try:
        base = build(tree, locate, problems, fragment=fragment)
    except ScenarioError:
        if not changes:
            raise
        return build(overlay(tree, nested(changes)), locate, problems, fragment=fragment)
    return base.but(changes)


def _by_path(source: str | Path) -> bool:
    return isinstance(source, Path) or is_path(source) or source.endswith(".toml")


def _shown(source: str | Path, path: Path) -> str:
    """Return a file as the user named it."""
    return str(source) if _by_path(source) else path.name


def _find(source: str | Path, reading: Reading, folder: Path | None = None, **where: Any) -> Path | None:
    """Return the file of a name or a path, or None after noting the problem."""
    known = shipped_scenarios()
    if not _by_path(source):
        if source in known:
            return known[str(source)]
        here = folder or Path()
        beside = [
            name for name in (f"{source}.toml", str(source)) if is_file(here / name) or is_folder(here / name)
        ]
        close = f"./{beside[0]}" if beside else nearest(str(source), list(known))
        message = Text("aucun scénario livré ne porte ce nom", "no shipped scenario has this name")
        where = {"file": "", **where}
        reading.problems.append(Problem(message, value=str(source), nearest=close, **where))
        return None
    path = (folder or Path()) / source
    wrong = None if folder is None else not_to_be_extended(path, reading.home)
    if wrong:
        reading.problems.append(Problem(wrong, value=str(source), **where))
        return None
    if is_file(path):
        return path
    reading.problems.append(_no_file(path, str(source), where))
    return None


def _no_file(path: Path, shown: str, where: dict[str, Any]) -> Problem:
    """Return why a path is no scenario file."""
    where = {**where, "value": shown} if where else {"file": shown}
    if is_file(path / "territories.csv"):
        message = Text(
            "c'est un dossier de cas ; un scénario est un fichier .toml qui le nomme",
            "this is a case folder; a scenario is a .toml file that names it",
        )
        return Problem(message, **where)
    if is_folder(path):
        message = Text(
            "c'est un dossier ; un fichier de scénario (.toml) est attendu",
            "this is a folder; a scenario file (.toml) is expected",
        )
        return Problem(message, **where)
    asking = Path(str(where["file"])).name  # the file that names this one is no candidate
    near = list(path.parent.glob("*.toml")) if is_folder(path.parent) else []
    beside = {p.name: str(p.relative_to(path.parent)) for p in near if p.name != asking}
    close = nearest(path.name, list(beside)) or nearest(path.stem, list(shipped_scenarios()))
    return Problem(Text("ce fichier n'existe pas", "this file does not exist"), nearest=close, **where)


def _read(path: Path, shown: str, reading: Reading, chain: tuple[Path, ...]) -> bool:
    """Read a file and those it extends, parents first; False when the file itself cannot be read."""
    place = path.resolve()
    if any(layer.path == place for layer in reading.layers):
        return True  # extended twice by different ways: it counts once
    text = file_text(path, shown, reading.problems)
    data = None if text is None else toml_data(text, shown, reading.problems)
    if text is None or data is None:
        return False
    layer = Layer(shown, place, text, _with_case_path(data, place.parent))
    _check_case(layer, reading)
    for n, parent in enumerate(_parents(layer, reading)):
        line = line_of(layer.places, ("extends", n))
        where: dict[str, Any] = {"file": shown, "line": line, "key": "extends"}
        found = _find(parent, reading, place.parent, **where)
        if found is None:
            continue
        if found.resolve() in (*chain, place):
            loop = [*chain, place]
            names = [p.name for p in loop[loop.index(found.resolve()) :]] + [found.name]
            message = Text("« extends » tourne en rond : {loop}", "'extends' goes round in a circle: {loop}")
            reading.problems.append(Problem(message.format(loop=" → ".join(names)), value=parent, **where))
            continue
        _read(found, _shown(parent, found), reading, (*chain, place))
    reading.layers.append(layer)
    return True


def _check_case(layer: Layer, reading: Reading) -> None:
    """Note a case that a file names outside the folder of the scenario; it is not looked at."""
    name = at(layer.data, ("case", "name"))
    if isinstance(name, str) and is_path(name) and not at_home(Path(name), reading.home):
        reading.far = True
        line = line_of(layer.places, ("case", "name"))
        reading.problems.append(Problem(FAR, file=layer.file, line=line, key="case.name", value=name))


def _parents(layer: Layer, reading: Reading) -> list[str]:
    """Return what a file extends, or nothing after noting the problem."""
    parents = layer.data.get("extends", [])
    if isinstance(parents, list) and all(isinstance(parent, str) and parent for parent in parents):
        return parents
    message = Text(
        '« extends » est une liste de noms : extends = ["…"]',
        "'extends' is a list of names: extends = [\"…\"]",
    )
    line = line_of(layer.places, ("extends",))
    reading.problems.append(Problem(message, file=layer.file, line=line, key="extends", value=parents))
    return []


def _with_case_path(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the keys of a file with the path of its case made absolute."""
    name = at(data, ("case", "name"))
    if isinstance(name, str) and is_path(name):
        return {**data, "case": {**data["case"], "name": resolved(folder / name).as_posix()}}
    return data
