"""No dead key: every governance key and every parameter changes some trajectory of a shipped scenario, or says why not.

``key_activity.toml`` says where each key is tried, ``inactive_keys.toml`` (shipped) which ones do nothing, and why.
A key that neither file names is tried on the first stages; when it moves nothing there, this test names it.
"""

import os
from zlib import crc32

import pytest

from coopsim.catalogue.inactive import inactive_keys
from coopsim.catalogue.keys import key_names, key_schema
from tests.system import key_activity as ka

GROUPS = 8  # tests of the slow sweep, for as many workers
SAMPLE = 24  # keys of the fast sweep
INACTIVE = {row["name"]: row["values_without_effect"] for row in inactive_keys()}


def place(key: str) -> int:
    """A number of a key that is the same everywhere: the sample and the groups follow it."""
    return crc32(key.encode())


def tried() -> list[str]:
    return [key for key in ka.all_keys() if key not in INACTIVE or INACTIVE[key]]


def dead(keys) -> dict[str, list]:
    """Return the keys of which some value does nothing, with those values."""
    found = {}
    for key in keys:
        left = [value for value in ka.still(key) if value not in INACTIVE.get(key, [])]
        if left:  # what the other stages move is alive too
            elsewhere = ka.still(key, ka.other_stages(key))
            left = [value for value in left if value in elsewhere]
        if left:
            found[key] = left
    return found


def told(found) -> str:
    lines = [f"{key}: {', '.join(map(repr, values))}" for key, values in found.items()]
    return "\n".join(
        [
            f"{len(found)} keys move no trajectory: name in tests/system/key_activity.toml a shipped scenario where "
            "they act, or say in scenarios/reference/inactive_keys.toml why they do not:",
            *lines,
        ]
    )


def test_a_sample_of_keys_is_alive():
    """The sample moves with COOPSIM_KEY_SAMPLE, a number to change now and then."""
    turn = int(os.environ.get("COOPSIM_KEY_SAMPLE", "0"))
    ordered = sorted(tried(), key=place)
    chosen = [ordered[(turn * SAMPLE + i) % len(ordered)] for i in range(SAMPLE)]
    found = dead(chosen)
    assert not found, told(found)


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_every_key_is_alive(group):
    found = dead(key for key in tried() if place(key) % GROUPS == group)
    assert not found, told(found)


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(INACTIVE))
def test_an_inactive_key_exists_and_does_nothing_indeed(key):
    assert key in key_names()
    values = INACTIVE[key] or ka.values(key)
    left = ka.still(key)
    assert [value for value in values if value in left] == values, "it acts: take it off inactive_keys.toml"


def test_the_files_name_keys_and_stages_that_exist():
    data = ka.activity()
    for entry in data["key"]:
        assert set(entry["stages"]) <= set(data["stage"]), entry
        for pattern in entry["keys"]:
            assert any(ka.fnmatch.fnmatchcase(key, pattern) for key in key_names()), pattern
    assert set(data["first"]) <= set(data["stage"])


def test_a_key_that_nothing_reads_would_be_found(monkeypatch):
    """The sweep can fail: with a partner that switches the mechanism off, its key is dead."""
    monkeypatch.setattr(ka, "stages_of", lambda key: ["status-quo"])
    assert ka.still("economy.relays.large_pull_per_yr")
    assert not ka.still("society.ties.trust_start")


def test_every_value_of_an_enumeration_is_tried():
    for key in ka.all_keys():
        found = key_schema(key) or {}
        if "enum" in found and "values" not in ka.entry(key):
            assert ka.values(key) == list(found["enum"]), key
