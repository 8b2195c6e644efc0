"""In the shipped scenario pacts form, grow, mature, shrink and dissolve; the last stage takes decades, if it comes."""

from collections import Counter

import pytest

from coopsim.run import simulate
from coopsim.scenario import load_scenario

pytestmark = pytest.mark.slow


def test_every_turn_of_a_pact_s_life_is_seen():
    seen: Counter[str] = Counter()
    last = []
    for seed in range(3):
        lines = simulate(load_scenario("pact-life"), seed=seed).journal
        pacts = lines[lines["kind"] == "pact"]
        seen.update(pacts["outcome"])
        stages = pacts[pacts["move"] == "stage"]
        last += stages.loc[stages["amount"] == 3.0, "tick"].tolist()
    for what in (
        "founded",
        "joined",
        "deepened",
        "delivered",
        "failed",
        "handed over",
        "matured",
        "left",
        "dissolved",
    ):
        assert seen[what] > 0, what
    assert all(tick >= 80 for tick in last)
