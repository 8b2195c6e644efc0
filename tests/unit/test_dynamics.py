"""The seventeen initial dynamics: data that any scenario may begin with."""

import tomllib
from itertools import combinations

import numpy as np
import pytest

from coopsim.catalogue import records
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario, shipped
from coopsim.society.pact_life import evidence

PATHS = sorted(shipped("dynamics").glob("*.toml"))
NAMES = [path.stem for path in PATHS]
DATA = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in PATHS}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Each dynamic after ten years in the same world of nine territories."""
    folder = tmp_path_factory.mktemp("dynamics")
    out = {}
    for name in NAMES:
        path = folder / f"with-{name}.toml"
        path.write_text(
            f'extends = ["cooperation", "{name}"]\n[horizon]\nyears = 10\n[case.synthetic]\nterritories = 9\n'
            "population = 15000.0\ncompanies = 40\n",
            encoding="utf-8",
        )
        model = CoopModel(load_scenario(path), 0, views=False)
        first = []
        for _ in range(40):
            model.step()
            if not first:
                pacts = model.world.pacts
                first = [int(pacts.members[0].sum()), int(pacts.scopes[0].sum()), int(pacts.founded[0])]
        world = model.world
        out[name] = (first, world)
        model.release()
    return out


def test_there_are_seventeen():
    assert len(NAMES) == 17
    listed = [r for r in records("scenarios") if r["type"] == "dynamic"]
    assert sorted(r["name"] for r in listed) == NAMES
    assert all(r["title"].fr != r["title"].en for r in listed)


def test_what_the_source_counts():
    """Initiators, public money in sixteen of seventeen, the levy in none, three without a legal body."""
    who = [d["governance"]["position"]["pact_initiator"] for d in DATA.values()]
    assert sorted({w: who.count(w) for w in who}.items()) == [("civil", 7), ("hybrid", 2), ("public", 8)]
    mixes = {name: d["governance"]["payoff"]["animation_funding"]["mix"] for name, d in DATA.items()}
    assert [name for name, mix in mixes.items() if not mix["public"]] == ["mine-d-idees"]
    assert sum(mix["public"] == 3.0 for mix in mixes.values()) == 8
    assert not any("levy" in mix for mix in mixes.values())
    unwritten = [
        name for name, d in DATA.items() if d["governance"]["aggregation"]["institutionalisation"] == 0.0
    ]
    assert unwritten == ["in-seine-saint-denis", "pat-douaisis", "villages-du-futur"]


@pytest.mark.parametrize("name", NAMES)
def test_each_lives_ten_years(begun, name):
    (members, subjects, founded), world = begun[name]
    data = DATA[name]
    logic = data["governance"]["boundary"]["growth"]
    assert members == data["society"]["pact_life"]["start_members"]
    assert subjects == {"concentration": 1, "diffusion": 2, "networking": 2}[logic]
    assert founded == 0
    assert world.tick == 40
    tried = world.pacts.delivered.sum(axis=1) + world.pacts.failed
    assert tried[0] >= 1


def test_they_differ(begun):
    seen = {}
    for name, (_, world) in begun.items():
        pacts = world.pacts
        seen[name] = np.array(
            [world.ties.trust.mean(), evidence_of(world), float(len(pacts)), world.finance.debt.sum()]
        )
    same = [(a, b) for a, b in combinations(NAMES, 2) if np.allclose(seen[a], seen[b], rtol=1e-9)]
    assert same == []


def evidence_of(world):
    active = world.pacts.active
    return float(sum(evidence(world.pacts, int(row), world.ties.trust).actions for row in active))
