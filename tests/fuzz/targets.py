"""What is fuzzed: each target makes one spoiled input from a seed and reads it as the commands do.

A target returns True when the input was accepted and False when it was refused with the clean error; anything else
that is raised is a crash.
"""

import json
import random
import shutil
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import tomlkit

from coopsim.batch import load_plan
from coopsim.batch.plan_file import shipped_plans
from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim.scenario import load_scenario, parse_override, shipped_scenarios
from coopsim.scenario.case import load_case
from coopsim.scenario.plausibility import case_plausibility, plausibility
from coopsim_viz.room import Option, Room
from coopsim_viz.room.log import FILE, entries, purge
from coopsim_viz.room.replay import replayed
from tests.case_files import write_case
from tests.fuzz.mutations import WORDS, spoiled_bytes, spoiled_text, spoiled_tree
from tests.system.parts import small

Read = Callable[[], Any]


def refused(read: Read) -> bool:
    """Return whether reading ended with the clean error, whose sentences can be said in both languages."""
    try:
        read()
    except ScenarioError as error:
        for lang in ("fr", "en"):
            set_lang(lang)  # type: ignore[arg-type]
            if not str(error).strip():
                raise AssertionError("an error without a word") from error
        return True
    return False


def scenario_file(chance: random.Random, folder: Path) -> bool:
    """A shipped scenario file, spoiled; its parents are those shipped."""
    texts = _scenario_texts()
    name, other = chance.choice(sorted(texts)), chance.choice(sorted(texts))
    path = folder / f"{name}.toml"
    if chance.random() < 0.15:
        path.write_bytes(spoiled_bytes(texts[name].encode(), chance))
    else:
        path.write_text(
            spoiled_text(texts[name], chance, texts[other]), encoding="utf-8", errors="replace", newline=""
        )
    return not refused(lambda: _use(load_scenario(path)))


def scenario_tree(chance: random.Random, folder: Path) -> bool:
    """A whole document with values and keys of other types, as a program would give it or write it to a file."""
    tree = spoiled_tree(chance.choice(_documents()), chance)
    if not isinstance(tree, dict):
        tree = {"name": "x", "case": tree}
    if chance.random() < 0.5:
        return not refused(lambda: _use(load_scenario(tree)))
    path = folder / "tree.toml"
    try:
        path.write_text(tomlkit.dumps(tree), encoding="utf-8")
    except Exception:
        return True
    return not refused(lambda: _use(load_scenario(path)))


def setting(chance: random.Random, folder: Path) -> bool:
    """A ``--set`` of a real key, or of a strange one, with a strange value."""
    key = chance.choice(_keys())
    if chance.random() < 0.2:
        key = spoiled_text(key, chance)
    text = f"{key}={chance.choice(WORDS)}"
    return not refused(lambda: _use(load_scenario("figeac-status-quo", dict([parse_override(text)]))))


def case(chance: random.Random, folder: Path) -> bool:
    """A case folder of which one to three files are spoiled."""
    place = folder / "valley"
    shutil.copytree(_case(), place)
    files = sorted(place.iterdir())
    for path in chance.choices(files, k=chance.choice((1, 1, 2, 3))):
        if chance.random() < 0.15:
            path.write_bytes(spoiled_bytes(path.read_bytes(), chance))
        elif path.suffix == ".geojson" and chance.random() < 0.7:
            tree = spoiled_tree(json.loads((_case() / path.name).read_text(encoding="utf-8")), chance)
            path.write_text(json.dumps(tree, default=str), encoding="utf-8", errors="replace")
        else:
            text = path.read_text(encoding="utf-8", errors="replace")
            other = chance.choice(files).read_text(encoding="utf-8", errors="replace")
            path.write_text(spoiled_text(text, chance, other), encoding="utf-8", errors="replace", newline="")
    scenario = folder / "valley.toml"
    scenario.write_text(
        'schema = 1\nname = "v"\n[case]\nname = "./valley"\n[horizon]\nyears = 1\n', encoding="utf-8"
    )
    alone = refused(lambda: (load_case(place), case_plausibility(place)))
    within = refused(lambda: _use(load_scenario(scenario)))
    assert alone == within, "a case alone and in a scenario are judged alike"
    return not alone


def plan(chance: random.Random, folder: Path) -> bool:
    """A shipped plan of a batch, spoiled."""
    texts = [path.read_text(encoding="utf-8") for path in shipped_plans().values()]
    path = folder / "plan.toml"
    path.write_text(
        spoiled_text(chance.choice(texts), chance, chance.choice(texts)),
        encoding="utf-8",
        errors="replace",
        newline="",
    )
    return not refused(lambda: load_plan(path).run_count)


def session(chance: random.Random, folder: Path) -> bool:
    """The log of a room, spoiled as text, as bytes, or line by line; then lived again, and cleaned."""
    text = _session()
    way = chance.random()
    if way < 0.15:
        content = spoiled_bytes(text.encode(), chance)
    elif way < 0.4:
        content = spoiled_text(text, chance, text).encode(errors="replace")
    else:
        lines = [json.loads(line) for line in text.splitlines()]
        at = chance.randrange(len(lines)) if chance.random() < 0.85 else 0
        lines[at] = spoiled_tree(lines[at], chance)
        content = "\n".join(json.dumps(line, default=str) for line in lines).encode(errors="replace") + b"\n"
    place = folder / "session"
    place.mkdir()
    (place / FILE).write_bytes(content)
    wrong = refused(lambda: replayed(place).close())
    unreadable = refused(lambda: list(entries(place)))
    assert wrong or not unreadable
    if not unreadable:
        purge(place)
        assert not any(entry["do"] in ("vote", "predict", "join") for entry in entries(place))
    return not wrong


TARGETS: dict[str, Callable[[random.Random, Path], bool]] = {
    f.__name__: f for f in (scenario_file, scenario_tree, setting, case, plan, session)
}


def _use(scenario: Any) -> None:
    """Read everything of a scenario that commands read before a run."""
    scenario.load_case()
    assert scenario.hash
    assert scenario.title
    assert scenario.question
    assert scenario.territory_names
    assert load_scenario(scenario.document()) == scenario
    scenario.events, scenario.decisions, scenario.rule_ticks  # noqa: B018 - worked out when asked for
    for tick in {0, *scenario.rule_ticks}:
        scenario.governance_of_all(tick)
    plausibility(scenario)


@cache
def _scenario_texts() -> dict[str, str]:
    """Shipped files, and one whole document of each kind."""
    paths = {n: p for n, p in shipped_scenarios().items() if not n.startswith("france")}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    return texts | {f"whole-{n}": tomlkit.dumps(tree) for n, tree in enumerate(_documents())}


@cache
def _documents() -> tuple[dict[str, Any], ...]:
    names = ("figeac-attractiveness", "figeac-cooperation", "figeac-status-quo")
    labs = [name for name, path in shipped_scenarios().items() if path.parent.name == "lab"]
    return (*(load_scenario(name).document() for name in (*names, *labs)), _rich())


def _rich() -> dict[str, Any]:
    """A document with dated rules, events, decisions, a merger, rules with parameters."""
    extra = tomllib.loads(
        """
        [[territory]]
        code = "T01"
        from = "2027-01-01"
        governance.payoff.subsidy.max = 2.0
        governance.choice.decision_maker = "human"
        [[territory]]
        name = "T02"
        from = 2
        governance.aggregation.council_rule = {rule = "supermajority"}
        [[event]]
        when = 3
        what = "drought"
        amount = 0.3
        territories = ["T01"]
        known = "range"
        [[decision]]
        when = 6
        territory = "T01"
        moves = [{move = "tax_up", times = 1.0}]
        """
    )
    base = small({"name": "rich"}).document()
    return base | {k: v for k, v in extra.items() if k != "decision"} | _decision(extra)


def _decision(extra: dict[str, Any]) -> dict[str, Any]:
    from coopsim.society.moves import KEYS

    extra["decision"][0]["moves"][0]["move"] = next(iter(KEYS))
    return {"decision": extra["decision"]}


@cache
def _keys() -> list[str]:
    from coopsim.catalogue import key_names

    return list(key_names())


@cache
def _case() -> Path:
    """A sound case of three territories with every table and a map; kept for the process."""
    import atexit
    import tempfile

    place = Path(tempfile.mkdtemp(prefix="coopsim-fuzz-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder = write_case(place / "valley")
    square = [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]
    shapes = [
        {"type": "Feature", "properties": {"code": code, "level": "territory"},
         "geometry": {"type": "Polygon", "coordinates": square}}
        for code in ("T01", "T02", "T03")
    ]  # fmt: skip
    found = json.dumps({"type": "FeatureCollection", "features": shapes})
    (folder / "geometry.geojson").write_text(found, encoding="utf-8")
    return folder


@cache
def _session() -> str:
    """The log of a room in which everything happened once."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="coopsim-fuzz-") as place:
        lanes = {name: small({"name": name.lower(), "horizon.years": 2}) for name in "AB"}
        room = Room(lanes, Path(place), seed=5)
        room.opened()
        seat = next(iter(room.assembly.seats))
        token = room.assembly.join(seat)
        room.live(2)
        room.amend({"payoff.subsidy.max": 0.0}, ["A"])
        room.shock("drought", 0.3, ["B"])
        room.choose(sorted(lanes["A"].territory_names)[0], [(_move(), 1.0)])
        room.live(1)
        room.undo()
        room.redo()
        change = ({"kind": "amendment", "settings": [["payoff.subsidy.max", 1.0]], "territories": []},)
        for secret in (False, True):
            ballot = room.assembly.open_ballot("?", [Option("a"), Option("b", change, ("A",))], secret=secret)
            room.assembly.vote(token, ballot.id, 1)
            room.assembly.close_ballot()
        _predicted(room, token)
        room.live(2)
        room.back(2)
        room.rename(2, "branch")
        room.visit(0)
        room.live(1)
        room.end()
        room.close()
        return (Path(place) / FILE).read_text(encoding="utf-8")


def _predicted(room: Room, token: str) -> None:
    room.assembly.predict(token, "A", "jobs", 7, 1000.0)


def _move() -> str:
    from coopsim.society.moves import KEYS

    return next(iter(KEYS))
