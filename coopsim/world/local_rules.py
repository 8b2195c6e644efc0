"""The rules of the local economy in force as arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.economy.local import Offer
from coopsim.scenario.governance import Governance
from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class LocalRules:
    """Rules of the local economy at one tick; arrays (T,) unless said otherwise.

    Attributes
    ----------
    ebe_posts, ebe_pace : FloatArray, posts, posts/yr
    ebe_share : FloatArray, 0-1
        Of the contribution, paid by the intercommunalité.
    ebe_agency, ebe_associated : BoolArray
        Whether the employment agency plays a part, and did from the design.
    ebe_overlap : FloatArray, 0-1
    energy_grant, energy_share : FloatArray, 0-1
        Paid by the State; of the rest, paid by the intercommunalité.
    work : str
        What the joint actions of pacts build: ``none``, ``heat_network`` or ``energy_loop``.
    lots, clauses, direct : FloatArray, 0-1
    pooled, anchors : BoolArray
    buys : bool
        Whether some rule of purchase is in force somewhere.
    conditional, modulated : FloatArray, 0-1
        Aided companies with commitments; tax not asked of companies in transition.
    offers : tuple of Offer
        Contracts of reciprocity that councils may sign.
    water_levy, wood_levy : FloatArray, €/m3
    water_block : FloatArray, €/m3
        In addition, on volumes above the thresholds.
    water_thresholds : FloatArray, shape (2, T), m3/yr
        Per inhabitant, and per job.
    abstraction_cap : FloatArray
        Share of the withdrawals of a mean year at the start; infinite without a cap.
    wood_protected : FloatArray, 0-1
    wood_local_first : BoolArray
    """

    ebe_posts: FloatArray
    ebe_pace: FloatArray
    ebe_share: FloatArray
    ebe_agency: BoolArray
    ebe_associated: BoolArray
    ebe_overlap: FloatArray
    energy_grant: FloatArray
    energy_share: FloatArray
    work: str
    lots: FloatArray
    clauses: FloatArray
    direct: FloatArray
    pooled: BoolArray
    anchors: BoolArray
    buys: bool
    conditional: FloatArray
    modulated: FloatArray
    offers: tuple[Offer, ...]
    water_levy: FloatArray
    water_block: FloatArray
    water_thresholds: FloatArray
    wood_levy: FloatArray
    abstraction_cap: FloatArray
    wood_protected: FloatArray
    wood_local_first: BoolArray


def local_rules(base: Governance, each: Sequence[Governance], codes: tuple[str, ...]) -> LocalRules:
    """Return the rules of the local economy from the constitution and that of each territory."""

    def of(get: Callable[[Governance], float]) -> FloatArray:
        return np.array([get(g) for g in each], dtype=np.float64)

    def flag(get: Callable[[Governance], bool]) -> BoolArray:
        return np.array([get(g) for g in each], dtype=np.bool_)

    lots, clauses = of(lambda g: g.payoff.procurement.lots), of(lambda g: g.payoff.procurement.clauses)
    direct, pooled = (
        of(lambda g: g.payoff.procurement.direct_award),
        flag(lambda g: g.payoff.procurement.pooled),
    )
    return LocalRules(
        ebe_posts=of(lambda g: g.payoff.ebe.posts),
        ebe_pace=of(lambda g: g.payoff.ebe.posts_per_yr),
        ebe_share=of(lambda g: g.payoff.ebe.local_share),
        ebe_agency=flag(lambda g: g.payoff.ebe.agency != "aside"),
        ebe_associated=flag(lambda g: g.payoff.ebe.agency == "associated"),
        ebe_overlap=of(lambda g: g.payoff.ebe.agency_overlap),
        energy_grant=of(lambda g: g.payoff.energy.grant_share),
        energy_share=of(lambda g: g.payoff.energy.local_share),
        work=base.choice.joint_action_work,
        lots=lots,
        clauses=clauses,
        direct=direct,
        pooled=pooled,
        anchors=flag(lambda g: g.payoff.procurement.anchors),
        conditional=of(lambda g: g.payoff.subsidy.conditionality),
        modulated=of(lambda g: g.payoff.tax_modulation),
        offers=tuple(
            Offer(
                codes.index(o.giver),
                codes.index(o.taker),
                o.gives,
                o.share,
                o.keur_per_yr,
                o.years,
                o.penalty_keur,
            )
            for o in base.payoff.reciprocity.offers
        ),
        water_levy=of(lambda g: g.payoff.water_price.levy_eur_per_m3),
        water_block=of(lambda g: g.payoff.water_price.block_eur_per_m3),
        water_thresholds=np.stack(
            [
                of(lambda g: g.payoff.water_price.household_threshold_m3),
                of(lambda g: g.payoff.water_price.company_threshold_m3),
            ]
        ),
        wood_levy=of(lambda g: g.payoff.wood_price.levy_eur_per_m3),
        abstraction_cap=of(
            lambda g: np.inf if g.scope.water.abstraction_cap is None else g.scope.water.abstraction_cap
        ),
        wood_protected=of(lambda g: g.scope.wood.protected_share),
        wood_local_first=flag(lambda g: g.scope.wood.local_first),
        buys=bool(lots.any() or clauses.any() or direct.any() or pooled.any()),
    )
