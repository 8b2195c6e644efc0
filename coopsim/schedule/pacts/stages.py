"""Phase 9, stages of pacts: from emergence to system-wide, and back, by what each has done."""

from coopsim.i18n import Text
from coopsim.schedule.journal import membership
from coopsim.society.pact_life import evidence, reached
from coopsim.tables import STAGES
from coopsim.world.state import World

_STAGE = (
    Text("émergence", "emergence"),
    Text("structuration", "structuring"),
    Text("consolidation", "consolidation"),
    Text("faire système", "system-wide"),
)


def advance_stages(world: World) -> None:
    """Once a year, move each pact at most one stage up or down."""
    pacts = world.pacts
    for row in pacts.active:
        stage = int(pacts.stage[row])
        after = reached(world.params.pact_life, evidence(pacts, int(row), world.ties.trust), stage)
        if after == stage:
            continue
        pacts.stage[row] = after
        name = _STAGE[after]
        world.write(
            world.places.code[int(pacts.president[row])], "pact", "stage", amount=float(after),
            outcome="matured" if after > stage else "fell back",
            reason_fr=f"le pacte {'atteint' if after > stage else 'retombe à'} le stade « {name.fr} »",
            reason_en=f"the pact {'reaches' if after > stage else 'falls back to'} the stage '{name.en}'",
            **membership(world, int(row)),
        )  # fmt: skip


assert len(_STAGE) == len(STAGES)
