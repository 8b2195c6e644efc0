"""The rules of contracts, large programmes, guarantees and own funds as arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.scenario.governance import Governance
from coopsim.scenario.governance_funders import LargeProgramme
from coopsim.scenario.governance_policy import Target
from coopsim.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class FunderRules:
    """Money of funders and banks at one tick; arrays (T,).

    Attributes
    ----------
    contract : FloatArray, k€/inhabitant/yr
        Actions of the territorial contract; 0 without any.
    contract_years : IntArray, yr
    conditional, contract_own : FloatArray, 0-1
    targets : tuple of tuple of Target
    programme : LargeProgramme
        The same for all.
    guaranteed : FloatArray, 0-1
    endowment : FloatArray, k€/inhabitant
    leverage : FloatArray
    own_funds : FloatArray, 0-1
    shared_risk : BoolArray
    """

    contract: FloatArray
    contract_years: IntArray
    conditional: FloatArray
    contract_own: FloatArray
    targets: tuple[tuple[Target, ...], ...]
    programme: LargeProgramme
    guaranteed: FloatArray
    endowment: FloatArray
    leverage: FloatArray
    own_funds: FloatArray
    shared_risk: BoolArray

    @classmethod
    def of(cls, base: Governance, each: Sequence[Governance]) -> "FunderRules":
        """Return the rules from the constitution and that of each territory."""

        def real(get: Callable[[Governance], float]) -> FloatArray:
            return np.array([get(g) for g in each], dtype=np.float64)

        return cls(
            contract=real(lambda g: g.payoff.territorial_contract.eur_per_head / 1000.0),
            contract_years=np.array([g.payoff.territorial_contract.years for g in each]),
            conditional=real(lambda g: g.payoff.territorial_contract.conditional),
            contract_own=real(lambda g: g.payoff.territorial_contract.own_share),
            targets=tuple(g.payoff.territorial_contract.targets for g in each),
            programme=base.payoff.large_programme,
            guaranteed=real(lambda g: g.payoff.guarantee.share),
            endowment=real(lambda g: g.payoff.guarantee.endowment_eur_per_head / 1000.0),
            leverage=real(lambda g: g.payoff.guarantee.leverage),
            own_funds=real(lambda g: g.payoff.own_funds_share),
            shared_risk=np.array([g.payoff.shared_bank_risk for g in each]),
        )
