"""Random scenarios, drawn inside the legal bounds of every key: rules, parameters, events, small cases."""

from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.indicators import TERRITORY
from coopsim.registry import Registry
from coopsim.scenario import EVENTS, Scenario, load_scenario, parameters
from coopsim.scenario.governance_councils import COLLEGES, DEBATE_FORMATS, POSTURES
from coopsim.scenario.governance_policy import POLICY_MODES
from coopsim.society.body_moves import BODY_KEYS
from coopsim.society.moves import KEYS
from coopsim.tables.bodies import KINDS, POWERS
from coopsim.world.land_rules import ERA

# Keys that say when or how finely things are counted; others set them.
_FIXED = frozenset({"climate.origin_year", "society.elections.first_year"})
# A case stays small: these would fill the table with millions of rows inside their legal bounds.
_SMALL = {
    "economy.companies.entry_per_inhabitant_yr": 0.02,
    "economy.siting.projects_per_yr": 200.0,
    "economy.companies.growth_per_quarter": 0.1,
}

_MOVES = (
    "tax_change", "subsidy", "marketing", "open_land", "housing_programme", "recycle_brownfield",
    "wood_mobilisation", "propose_pact", "leave_pact", "expand_water_supply", "reduce_leaks", "eit_animation",
    "firm_support", "coop_takeover", "ess_foundation", "skills_programme", "mobility_programme",
    "heat_network", "energy_loop", "ebe", "tax_exemption", "prospecting", "residential_programme",
    "cluster_subsidy", "flagship_bid",
    "local_currency", "conviviality", "visits", "narrative", "third_party", "training",
    "share_zone", "temporary_use", "fonciere", "reuse_support",
    "lease_land", "shared_reserve", "function_split", "debate", "mission_coalition",
)  # fmt: skip
_SCOPES = ("water", "wood", "land", "siting", "revenue", "engineering")
_SWITCHES = (
    "water", "wood", "land", "companies", "people", "finance", "councils", "ties", "pacts", "transition",
    "elections", "bodies",
)  # fmt: skip


def within(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False, allow_subnormal=False)


@st.composite
def parameter(draw) -> tuple[str, Any]:
    """Draw one parameter: half of the time in its plausible range, else anywhere in its legal bounds."""
    key = draw(st.sampled_from(sorted(k for k in parameters() if k not in _FIXED)))
    p = parameters()[key]
    if p.choices:
        return key, draw(st.sampled_from(p.choices))
    if isinstance(p.value, bool):
        return key, draw(st.booleans())
    low, high = p.range if p.range and draw(st.booleans()) else p.legal
    high = min(high, _SMALL.get(key, high))
    if isinstance(p.value, tuple):
        values = [draw(within(low, high)) for _ in p.value]
        falling = key == "resources.water.stage_thresholds"
        return key, sorted(values, reverse=falling) if not key.startswith("society.elections") else values
    if isinstance(p.value, int):
        return key, draw(st.integers(int(low), int(min(high, 10_000))))
    return key, draw(within(low, high))


def _named(kind: str, fixed: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    return st.sampled_from(fixed or tuple(Registry.all[kind]))


_OBJECTIVES = ("revenue", "log_harvest", "rent", "net_benefit", "water_benefit")


def _maker() -> st.SearchStrategy[Any]:
    """Draw who decides: councils that vote half of the time, else any maker with any of its parameters."""
    objective = st.sampled_from(_OBJECTIVES)
    weight, inertia = within(0.0, 1.0), st.one_of(st.none(), within(0.0, 1.0))
    plan = st.lists(
        st.fixed_dictionaries(
            {"move": st.sampled_from(KEYS), "times": within(0.1, 5.0)}  # the menu of councils
        ),
        max_size=2,
    )
    strategic = st.one_of(
        st.fixed_dictionaries(
            {"rule": st.just("fixed"), "objective": objective, "moves": plan},
            optional={"strategy": within(0.0, 1e3)},
        ),
        st.fixed_dictionaries(
            {"rule": st.just("best_reply"), "objective": objective, "discount_factor": weight, "inertia": inertia}
        ),
        st.fixed_dictionaries(
            {"rule": st.just("joint"), "objective": objective, "discount_factor": weight, "inertia": inertia,
             "among": st.sampled_from(["all", "pact"])}
        ),
        st.fixed_dictionaries(
            {"rule": st.just("trigger"), "objective": objective.filter(lambda name: name != "log_harvest"),
             "discount_factor": weight},
            optional={"punishment_years": st.integers(1, 50)},
        ),
        st.fixed_dictionaries({"rule": st.sampled_from(["imitate", "human"]), "objective": objective}),
    )  # fmt: skip
    return st.one_of(st.just("heuristic"), strategic.map(_given))


def _given(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value is not None}


def _target() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a target of a mission: a floor or a ceiling of any indicator of territories."""
    bound = st.sampled_from(["floor", "ceiling"])
    return st.tuples(st.sampled_from(TERRITORY), bound, within(-1e6, 1e6)).map(
        lambda drawn: {"indicator": drawn[0], drawn[1]: drawn[2]}
    )


def _quota() -> st.SearchStrategy[dict[str, Any]]:
    """Draw quotas of water, sold or not."""
    common = {"volume_share": within(0.0, 2.0), "per_head": st.booleans()}
    return st.one_of(
        st.fixed_dictionaries({"rule": st.just("quota")} | common),
        st.fixed_dictionaries(
            {"rule": st.just("tradable_quota"), "transaction_eur_per_m3": within(0.0, 5.0)} | common
        ),
    )


def _colleges() -> st.SearchStrategy[dict[str, Any]]:
    """Draw the weights of the four colleges of a pact."""
    weights = st.lists(within(0.0, 10.0), min_size=4, max_size=4).filter(any)
    return st.fixed_dictionaries({"rule": st.just("by_colleges"), "weights": weights})


def rules_of_the_game() -> dict[str, st.SearchStrategy[Any]]:
    """Return a strategy for each key of the constitution; the joint project needs codes and is drawn apart."""
    return {
        "boundary.pacts_allowed": st.lists(st.sampled_from(_SCOPES), unique=True),
        "boundary.admission": st.sampled_from(["open", "adjacent", "same_basin"]),
        "boundary.firms_addressed": st.sampled_from(["all", "large_only", "with_relays"]),
        "boundary.outside_level": st.sampled_from(["none", "co_funder", "co_decider"]),
        "boundary.citizens": st.sampled_from(["none", "consulted", "co_construction", "governance"]),
        "choice.experiment_right": within(0.0, 1.0),
        "choice.citizen_budget": within(0.0, 1000.0),
        "choice.citizen_capital": within(0.0, 1.0),
        "choice.citizen_outreach": within(0.0, 20.0),
        "choice.patience_years": st.integers(0, 100),
        "choice.debate_format": st.sampled_from(DEBATE_FORMATS),
        "position.codetermination": st.fixed_dictionaries(
            {"share": within(0.0, 0.5), "min_jobs": st.integers(1, 2000)}
        ),
        "position.public_stake": within(0.0, 0.5),
        "scope.budget.era_filter": st.sampled_from(ERA),
        "boundary.exit": st.sampled_from(["free", "notice", "penalty"]),
        "boundary.exit_penalty_keur": within(0.0, 1e5),
        "position.council_seats": st.one_of(st.sampled_from(["legal", "equal"]), st.integers(1, 60)),
        "position.extra_seats": st.fixed_dictionaries(
            {name: st.integers(0, 6) for name in COLLEGES}
            | {
                "voice": st.sampled_from(["advisory", "deciding"]),
                "weight": within(0.0, 5.0),
                "agenda": within(0.0, 1.0),
            }
        ),
        "position.nature_veto": st.booleans(),
        "position.citizen_panel": st.fixed_dictionaries(
            {"size": st.integers(0, 40), "every_years": st.integers(1, 5)}
        ),
        "position.posture": st.sampled_from(POSTURES),
        "aggregation.advisory_weight": within(0.0, 3.0),
        "information.accuracy": within(0.0, 1.0),
        "information.refresh_years": st.integers(1, 10),
        "information.training_keur": within(0.0, 500.0),
        "information.peer_learning": within(0.0, 1.0),
        "information.evaluation_period": st.integers(0, 5),
        "information.foresight": within(0.0, 1.0),
        "information.science_resident": st.booleans(),
        "information.participation_rules_clarity": within(0.0, 1.0),
        "position.catalyst": st.sampled_from(["none", "territory", "organisation", "hired"]),
        "position.pact_presidency": st.sampled_from(
            ["none", "founder", "rotating", "shared", "election_without_candidate"]
        ),
        "position.pact_initiator": st.sampled_from(["public", "civil", "hybrid"]),
        "boundary.growth": _named("pact growth"),
        "choice.joint_actions": st.sampled_from(["none", "small_first", "large_first"]),
        "aggregation.institutionalisation": within(0.0, 1.0),
        "payoff.calls.prefund": within(0.0, 1.0),
        "payoff.calls.dossier_cost_keur": within(0.0, 1e4),
        "payoff.calls.coop_bonus": within(0.0, 5.0),
        "payoff.animation_funding.mix": st.dictionaries(
            st.sampled_from(["private", "sales", "levy", "citizen", "loans", "non_monetary"]),
            within(0.0, 3.0),
        ).flatmap(lambda mix: within(0.1, 3.0).map(lambda public: {**mix, "public": public})),
        "payoff.sanctions.ladder": st.lists(
            st.sampled_from(["warning", "fine", "quota", "exclusion"]), min_size=1, max_size=5
        ),
        "payoff.sanctions.suspension_years": st.integers(1, 20),
        "choice.proposals_per_year": st.integers(0, 20),
        "payoff.foundation": st.fixed_dictionaries(
            {
                "active": st.booleans(),
                "patronage_eligibility": st.booleans(),
                "public_match": within(0.0, 5.0),
                "skills_patronage": st.booleans(),
                "levy": within(0.0, 0.1),
            }
        ),
        "choice.local_currency_form": st.sampled_from(["household", "b2b", "public", "full"]),
        "choice.policy_mode": st.sampled_from(POLICY_MODES),
        "choice.policy": st.fixed_dictionaries(
            {
                "plan_years": st.integers(1, 8),
                "review_years": st.integers(1, 4),
                "review": st.sampled_from(["raw", "weighed"]),
                "stop_below": within(-2.0, 2.0),
                "stopped_years": st.integers(0, 6),
                "horizon_years": st.integers(1, 10),
                "commitment": within(0.0, 10.0),
                "ceilings_bind": st.booleans(),
                "targets": st.lists(_target(), max_size=3, unique_by=lambda t: t["indicator"]),
            }
        ),
        "choice.period_ticks": st.integers(1, 8),
        "choice.decision_maker": _maker(),
        "aggregation.council_rule": _named("voting rule"),
        "aggregation.pact_rule": st.one_of(_named("voting rule"), _colleges()),
        "aggregation.body_rule": _named("voting rule"),
        "aggregation.statute_rule": _named("voting rule"),
        "position.body_seats": st.sampled_from(["served", "statutory"]),
        "choice.body_decisions": st.sampled_from(["full", "full", "water_works"]),
        **{f"choice.body_moves.{move}.allowed": st.sampled_from([True, True, False]) for move in BODY_KEYS},
        "aggregation.deliberation": _named("deliberation"),
        "aggregation.delay_ticks": st.integers(0, 6),
        "information.diagnostic": st.sampled_from(["none", "own", "shared"]),
        "information.form": st.sampled_from(["report", "map", "facilitated_debate"]),
        "information.agenda_alignment": within(0.0, 1.0),
        "information.monitoring_budget_keur": within(0.0, 10000.0),
        "payoff.tax_rate_bounds": st.tuples(within(0.0, 40.0), within(0.0, 30.0)).map(
            lambda x: [x[0], x[0] + x[1]]
        ),
        "payoff.revenue_sharing.share": within(0.0, 0.9),
        "payoff.revenue_sharing.base": st.sampled_from(["new", "all"]),
        "payoff.revenue_sharing.key": st.sampled_from(
            ["population", "need", "contribution", "shapley", "solidarity"]
        ),
        "payoff.subsidy": st.tuples(
            within(0.0, 10.0), within(0.0, 40.0), st.booleans(), within(0.0, 10.0)
        ).map(lambda x: {"min": x[0], "max": x[0] + x[1], "region_delegates": x[2], "clawback_years": x[3]}),
        "payoff.compensation": st.sampled_from(["none", "outside_option", "downstream"]),
        "payoff.effort_fee_keur": within(0.0, 1e4),
        "payoff.cost_sharing": _named("cost sharing"),
        "payoff.pact_contribution": st.sampled_from(["assessed", "voluntary"]),
        "payoff.animation_funding.share": within(0.0, 1.0),
        "payoff.animation_funding.fte_per_pact": within(0.0, 20.0),
        "payoff.calls.type": st.sampled_from(["none", "competitive", "cooperative", "commons"]),
        "payoff.calls.envelope_keur_per_yr": within(0.0, 1e5),
        "payoff.sanctions.fine_share": within(0.0, 1.0),
        "payoff.sanctions.withholding_fine": within(0.0, 10.0),
        "payoff.balanced_budget": st.booleans(),
        "payoff.river_board_funding": st.sampled_from(["budget", "gemapi_tax"]),
        "payoff.review_years": st.integers(1, 5),
        "payoff.ebe": st.fixed_dictionaries(
            {
                "posts": st.integers(0, 500),
                "posts_per_yr": within(0.0, 200.0),
                "local_share": within(0.0, 1.0),
                "agency": st.sampled_from(["aside", "associated", "told"]),
                "agency_overlap": within(0.0, 1.0),
            }
        ),
        "payoff.energy": st.fixed_dictionaries(
            {"grant_share": within(0.0, 1.0), "local_share": within(0.0, 1.0)}
        ),
        "payoff.procurement": st.fixed_dictionaries(
            {
                "lots": within(0.0, 1.0),
                "clauses": within(0.0, 1.0),
                "direct_award": within(0.0, 0.5),
                "pooled": st.booleans(),
                "anchors": st.booleans(),
            }
        ),
        "payoff.tax_modulation": within(0.0, 1.0),
        "payoff.guarantee": st.fixed_dictionaries(
            {
                "share": within(0.0, 1.0),
                "endowment_eur_per_head": within(0.0, 100.0),
                "leverage": within(0.0, 20.0),
            }
        ),
        "payoff.own_funds_share": within(0.0, 1.0),
        "payoff.shared_bank_risk": st.booleans(),
        "payoff.territorial_contract": st.fixed_dictionaries(
            {
                "eur_per_head": within(0.0, 100.0),
                "years": st.integers(1, 6),
                "conditional": within(0.0, 1.0),
                "own_share": within(0.0, 0.9),
                "targets": st.lists(_target(), min_size=1, max_size=3, unique_by=lambda t: t["indicator"]),
            }
        ),
        "payoff.large_programme": st.fixed_dictionaries(
            {
                "envelope_keur": within(0.0, 1e5),
                "years": st.integers(1, 6),
                "every_years": st.integers(1, 3),
                "winners": st.integers(1, 5),
                "own_share": within(0.0, 0.9),
                "carriers": st.sampled_from(["territories", "pacts"]),
            }
        ),
        "payoff.subsidy.conditionality": within(0.0, 1.0),
        "payoff.lease": st.fixed_dictionaries(
            {"criteria": within(0.0, 1.0), "rent_reduction": within(0.0, 1.0)}
        ),
        "payoff.water_price.levy_eur_per_m3": within(0.0, 20.0),
        "payoff.water_price.block_eur_per_m3": within(0.0, 20.0),
        "payoff.water_price.household_threshold_m3": within(0.0, 200.0),
        "payoff.water_price.company_threshold_m3": within(0.0, 500.0),
        "payoff.wood_price.levy_eur_per_m3": within(0.0, 100.0),
        "choice.joint_action_work": st.sampled_from(["none", "heat_network", "energy_loop"]),
        "scope.water.abstraction_cap": within(0.0, 2.0),
        "scope.wood.protected_share": within(0.0, 1.0),
        "scope.wood.local_first": st.booleans(),
        "scope.water.allocation": st.one_of(_named("water allocation"), _quota()),
        "scope.water.pact_sharing": st.sampled_from(["common_cut", "treaty"]),
        "scope.water.ecological_flow": within(0.0, 1.0),
        "scope.water.drought_stages": st.booleans(),
        "scope.wood.harvest": _named("wood harvest"),
        "scope.wood.increment_share": within(0.0, 2.0),
        "scope.land.opening": _named("land opening"),
        "scope.land.consumption_cap_share": within(0.0, 2.0),
        "scope.land.tenure": st.sampled_from(["sale", "lease", "mixed"]),
        "scope.land.brownfield_first": st.booleans(),
        "scope.siting.resource_check": st.booleans(),
        "scope.siting.redirect": st.booleans(),
        "scope.siting.min_score": within(0.0, 1.0),
        "scope.siting.criteria": st.fixed_dictionaries(
            {name: within(0.1, 5.0) for name in ("local_jobs", "environment", "anchoring")}
        ),
        "scope.siting.followup_years": st.integers(0, 10),
        "scope.siting.gap_penalty_keur": within(0.0, 50.0),
        "scope.siting.compensation_keur": within(0.0, 50.0),
        "information.siting_interview": st.sampled_from(
            ["none", "internal_grid", "guided", "shared_analysis"]
        ),
        "scope.land.pool_guarantee": st.sampled_from(["none", "epci", "pact"]),
        "scope.land.density_min": within(0.0, 100.0),
        "scope.land.protected_share": within(0.0, 1.0),
        "scope.land.public_land_priority": st.sampled_from([0.0, 150.0, 400.0, 5000.0]),
        "position.zone_manager": st.sampled_from(["none", "epci", "charter"]),
        "position.zone_majority": within(0.0, 1.0),
        "payoff.land_price_policy": within(0.0, 2.0),
        "payoff.remediation_provision": within(0.0, 2000.0),
        **{f"choice.moves.{move}.allowed": st.sampled_from([True, True, False]) for move in _MOVES},
        "choice.moves.tax_change.min": within(0.0, 30.0),
        "choice.moves.tax_change.max": within(0.0, 60.0),
        "choice.moves.subsidy.min": within(0.0, 5.0),
        "choice.moves.subsidy.max": within(0.0, 60.0),
    }


@st.composite
def governance(draw, *, complete: bool = True) -> dict[str, Any]:
    """Draw rules of the game: every key of the constitution may take any legal value."""
    rules = rules_of_the_game()
    keys = draw(
        st.lists(st.sampled_from(sorted(rules)), unique=True, max_size=20 if complete else 4, min_size=1)
    )
    return {f"governance.{key}": draw(rules[key]) for key in sorted(keys)}


@st.composite
def bodies(draw) -> list[dict[str, Any]]:
    """Draw up to five bodies; the services among them serve everybody once at most."""
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=5))
    services = max(kinds.count("water_syndicate"), 1)
    powers = st.lists(st.sampled_from(POWERS), unique=True).map(";".join)
    return [
        {
            "body": f"B{n}",
            "kind": kind,
            "population_share": draw(within(0.0, 1.0)) / (services if kind == "water_syndicate" else 1),
            "seats": draw(st.integers(0, 12)),
            "powers": draw(powers),
            "capacity_m3_per_day": draw(st.one_of(st.none(), within(0.0, 2e4))),
        }
        for n, kind in enumerate(kinds)
    ]


@st.composite
def synthetic(draw) -> dict[str, Any]:
    """Draw a case of 2 to 6 territories with a river tree, forests and firms that want land, water and wood."""
    n = draw(st.integers(2, 6))
    codes = [f"T{i + 1:02d}" for i in range(n)]

    def each(low: float, high: float) -> list[float]:
        return [draw(within(low, high)) for _ in codes]

    nodes = [
        {
            "node": f"N{i}",
            "downstream": draw(st.sampled_from(["", *(f"N{j}" for j in range(i))])),
            "territory": draw(st.sampled_from(codes)),
            "local_module_m3s": draw(within(0.0, 20.0)),
            "boundary_module_m3s": draw(st.sampled_from([0.0, 0.0, 5.0])),
            "doe_m3s": draw(within(0.0, 3.0)),
            "floor_share": draw(within(0.0, 0.3)),
            "irrigated_ha": draw(within(0.0, 3000.0)),
            "other_demand_m3s": draw(within(0.0, 3.0)),
            "other_consumed_share": draw(within(0.0, 1.0)),
        }
        for i in range(draw(st.integers(0, 5)))
    ]
    strata = st.tuples(st.sampled_from(codes), st.sampled_from(["broadleaf", "conifer"]))
    stocks = [
        {
            "territory": code,
            "group": group,
            "ownership": draw(st.sampled_from(["public", "large_private", "fragmented_private"])),
            "volume_m3": draw(st.one_of(st.just(0.0), within(1.0, 1.2e6))),
            "capacity_m3": draw(within(1.0, 1e6)),
            "growth_rate_per_yr": draw(within(0.0, 0.3)),
            "harvest_m3_per_yr": draw(within(0.0, 3e4)),
            "owners_per_unit": draw(within(1.0, 50.0)),
            "access": draw(st.sampled_from(["all", "", codes[0]])),
        }
        for code, group in draw(st.lists(strata, unique=True, max_size=4))
    ]
    return {
        "territories": n,
        "population": each(1000.0, 50000.0),
        "area_ha": each(20000.0, 80000.0),
        "unemployed_share": each(0.0, 0.3),
        "companies": [float(draw(st.integers(0, 300))) for _ in codes],
        "company_jobs": draw(within(0.5, 30.0)),
        "land_m2_per_job": draw(within(0.0, 600.0)),
        "water_m3_per_job": draw(within(0.0, 2000.0)),
        "wood_m3_per_job": draw(st.sampled_from([0.0, 5.0, 100.0])),
        "vacant_ha": each(0.0, 40.0),
        "budget_keur_per_head": each(0.2, 3.0),
        "cfe_rate_pct": each(15.0, 40.0),
        "road_km": draw(within(0.0, 200.0)),
        "nodes": nodes,
        "stocks": stocks,
        "bodies": draw(bodies()),
    }


@st.composite
def event(draw, ticks: int) -> dict[str, Any]:
    what = draw(st.sampled_from(sorted(EVENTS)))
    kind = EVENTS[what]
    return {
        "when": draw(st.integers(0, ticks - 1)),
        "what": what,
        "amount": draw(within(kind.low, min(kind.high, 3000.0))),
    }


# Worlds in which pacts are easily founded, broken, fined and left: without them random rules rarely meet.
_SOCIABLE: dict[str, Any] = {
    "society.pacts.invite_base": 50.0,
    "society.councils.weight_power": 0.0,
    "society.councils.propose_visibility": 3.0,
    "society.councils.vote_noise": 1.0,
    "society.councils.context_noise": 3.0,
    "society.councils.context_pact_share": 1.0,
    "society.ties.violation_base": 0.6,
    "society.ties.detection_base": 1.0,
    "governance.boundary.admission": "open",
    "governance.aggregation.pact_rule": "majority",
    "governance.payoff.review_years": 1,
    "governance.choice.proposals_per_year": 12,
}


# Worlds in which firms are met, relayed, taken over and brought together, and people change jobs: by chance they rarely
# all do.
_LIVELY: dict[str, Any] = {
    "governance.boundary.firms_addressed": "with_relays",
    "governance.choice.decision_maker": {
        "rule": "fixed",
        "moves": [
            {"move": move}
            for move in ("firm_support", "eit_animation", "coop_takeover", "mobility_programme")
        ],
    },
    "economy.relays.clients_per_accountant": 20.0,
    "economy.relays.cost_keur": 0.1,
    "economy.relays.large_pull_per_yr": 0.4,
    "economy.synergies.contacts_per_yr": 30.0,
    "economy.synergies.min_jobs": 0.0,
    "economy.companies.social_entry_share": 0.1,
    "society.people.matching": "urn_ball",
    "society.people.turnover_per_quarter": 0.03,
    "society.people.relocation_share": 0.3,
    "society.people.mobile_share": 0.6,
    "society.people.pact_rehire_share": 0.5,
    "society.people.dwelling_lag_ticks": 3,
}


def joint_project(pair: tuple[str, str]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a work that two territories need, with what it costs each alone and both together."""
    groups = ([pair[0]], [pair[1]], list(pair))
    cost = st.tuples(*(within(0.0, 1e5) for _ in groups))
    costs = cost.map(lambda x: [{"members": m, "keur": k} for m, k in zip(groups, x, strict=True)])
    return st.fixed_dictionaries({"costs": costs, "due_years": st.integers(1, 10)})


@st.composite
def local_rules(draw, code: str, years: int) -> list[dict[str, Any]]:
    """Draw rules of one territory from a date on, or none."""
    if not draw(st.booleans()):
        return []
    rules: dict[str, Any] = {}
    for key, value in draw(governance(complete=False)).items():
        _put(rules, key, value)
    return [{"code": code, "from": draw(st.integers(0, 4 * years - 1)), "governance": rules["governance"]}]


@st.composite
def scenarios(draw, years: int = 3):
    """Draw a whole scenario and a seed; six cases out of seven are synthetic, the others are Figeac's."""
    figeac = draw(st.integers(0, 6)) == 6
    pair = ("200067361", "200069383") if figeac else ("T01", "T02")
    case = {"name": "figeac"} if figeac else {"synthetic": draw(synthetic())}
    off = draw(st.lists(st.sampled_from(_SWITCHES), unique=True, max_size=3))
    document: dict[str, Any] = {
        "schema": 1,
        "name": "random",
        "horizon": {"start_year": draw(st.sampled_from([2026, 2024, 2031])), "years": years},
        "case": case,
        "event": draw(st.lists(event(4 * years), max_size=3)),
        "submodels": dict.fromkeys(off, False),
        "territory": draw(local_rules(pair[0], years)),
    }
    changes = draw(governance())
    if draw(st.integers(0, 3)) == 3:
        changes["governance.payoff.joint_project"] = draw(joint_project(pair))
    changes |= dict(draw(st.lists(parameter(), max_size=8)))
    if draw(st.booleans()):
        changes["economy.finance.rules"] = "french"
    if draw(st.booleans()):
        changes |= _SOCIABLE
    if draw(st.integers(0, 3)) == 3:
        changes |= _LIVELY
    if not figeac and not case["synthetic"]["stocks"]:
        changes, document["territory"] = _without_stock(changes), _without_stock(document["territory"])
    return _loaded(document, changes), draw(st.integers(0, 2**31))


def _loaded(document: dict[str, Any], changes: dict[str, Any]) -> Scenario:
    try:
        return load_scenario(document, changes)
    except ScenarioError as error:
        # bounds of a move and of payoff, drawn apart, here or for one territory, may leave no amount
        if not all(problem.key.endswith((".tax_change", ".subsidy")) for problem in error.problems):
            raise
        reject()


def _without_stock(rules: Any) -> Any:
    """Return rules in which nobody plays on a stock of wood: a case without forest refuses those games."""
    if isinstance(rules, list):
        return [_without_stock(item) for item in rules]
    if not isinstance(rules, dict):
        return rules
    found = {key: _without_stock(value) for key, value in rules.items()}
    return found | {"objective": "revenue"} if found.get("objective") in ("log_harvest", "rent") else found


def _put(tree: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    for part in path:
        tree = tree.setdefault(part, {})
    tree[last] = value
