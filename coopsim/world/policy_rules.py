"""The rules of policy over time as arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.scenario.governance import Governance
from coopsim.scenario.governance_policy import POLICY_MODES, Target
from coopsim.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class PolicyRules:
    """How each council keeps to a policy; arrays (T,).

    Attributes
    ----------
    mode : IntArray
        Place in `POLICY_MODES`.
    plan_years, review_years, stopped_years, horizon_years : IntArray, years
    patience : IntArray, years
        Age of a pact, or of a trial, before which the council does not judge it.
    weighed, ceilings_bind : BoolArray
    stop_below, commitment : FloatArray
    targets : tuple of tuple of Target
        One entry per territory.
    active : bool
        Whether any council does otherwise than decide year by year.
    """

    mode: IntArray
    plan_years: IntArray
    review_years: IntArray
    stopped_years: IntArray
    horizon_years: IntArray
    patience: IntArray
    weighed: BoolArray
    ceilings_bind: BoolArray
    stop_below: FloatArray
    commitment: FloatArray
    targets: tuple[tuple[Target, ...], ...]
    active: bool

    @classmethod
    def of(cls, each: Sequence[Governance]) -> "PolicyRules":
        """Return the rules of policy, from the constitution of each territory."""

        def whole(get: Callable[[Governance], int]) -> IntArray:
            return np.array([get(g) for g in each], dtype=np.int64)

        mode = whole(lambda g: POLICY_MODES.index(g.choice.policy_mode))
        policy = [g.choice.policy for g in each]
        return cls(
            mode=mode,
            plan_years=whole(lambda g: g.choice.policy.plan_years),
            review_years=whole(lambda g: g.choice.policy.review_years),
            stopped_years=whole(lambda g: g.choice.policy.stopped_years),
            horizon_years=whole(lambda g: g.choice.policy.horizon_years),
            patience=whole(lambda g: g.choice.patience_years),
            weighed=np.array([p.review == "weighed" for p in policy]),
            ceilings_bind=np.array([p.ceilings_bind for p in policy]),
            stop_below=np.array([p.stop_below for p in policy]),
            commitment=np.array([p.commitment for p in policy]),
            targets=tuple(p.targets for p in policy),
            active=bool(mode.any()),
        )

    def holds(self, mode: str) -> BoolArray:
        """Return which councils follow a mode, shape (T,)."""
        out: BoolArray = self.mode == POLICY_MODES.index(mode)
        return out
