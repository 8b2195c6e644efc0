"""What several phases write of a pact in the journal."""

import numpy as np

from coopsim.world.state import World


def membership(world: World, row: int) -> dict[str, str]:
    """Return the pact's id and the codes of its members now (empty once it has ended)."""
    in_force = bool(world.pacts.ended[row] < 0)
    members = np.flatnonzero(world.pacts.members[row] & in_force)
    return {
        "pact": f"{int(world.pacts.id[row]):016x}",
        "members": ";".join(world.places.code[j] for j in members),
    }
