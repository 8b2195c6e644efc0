"""The life of a pact: presidency, written rules, joint actions, stages, sanctions, calls."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.model import CoopModel
from coopsim.schedule import climate, ties
from coopsim.schedule.finance import calls
from coopsim.schedule.finance import phase as public
from coopsim.schedule.pacts import actions, leadership
from coopsim.schedule.pacts import stages as pact_stages
from coopsim.society import pact_life
from coopsim.society.pact_life import Evidence, LifeParams
from coopsim.society.ties import TiesParams, belong, claim
from coopsim.tables import SCOPES
from coopsim.world import founded
from tests.system.parts import params, small

ALL = np.ones(len(SCOPES), np.bool_)
LIFE = params(LifeParams)
share = st.floats(0.0, 1.0)


def pact_of(changes=None, members=(True, True, True), **life):
    """Return a small world with one pact, founded by T01 at tick 0, fully animated."""
    world = founded(small(changes or {}), 0)
    world.params = replace(world.params, pact_life=replace(world.params.pact_life, **life))
    world.pacts.found(np.uint64(7), np.array(members), ALL, 0, 0, world.signals.cfe)
    world.pacts.fte[0] = 5.0
    return world


class TestPresidency:
    @given(share, share, share, share)
    def test_an_exit_loses_what_was_held_less_what_is_written(self, held, vacancy, part, written):
        world = pact_of()
        pacts = world.pacts
        pacts.held[0], pacts.vacancy[0] = held, vacancy
        pact_life.lose_links(LIFE, pacts, 0, part, written)
        lost = part * held * (1.0 - LIFE.rule_protection * written)
        assert_allclose(1.0 - pacts.vacancy[0], (1.0 - vacancy) * (1.0 - lost), atol=1e-12)

    def test_links_gather_and_are_rebuilt(self):
        world = pact_of()
        world.pacts.vacancy[0] = 0.8
        for _ in range(4):
            pact_life.gather_links(LIFE, world.pacts, 0, 1 / 3)
        # the first year gives no less than an equal share
        expected = 1.0 - (1.0 - 1 / 3) * (1.0 - LIFE.leader_hold) ** 3
        assert_allclose(world.pacts.held[0], expected)
        assert_allclose(world.pacts.vacancy[0], 0.8 * (1.0 - LIFE.leader_recovery) ** 4)

    @pytest.mark.parametrize(
        ("presidency", "after", "loss"),
        [("founder", 0, 1.0), ("rotating", 1, LIFE.handover_loss), ("shared", 0, 1.0)],
    )
    def test_who_presides_after_the_term(self, presidency, after, loss):
        """In turn at the end of the term; otherwise the founder goes on and nothing is lost."""
        del loss
        world = pact_of({"governance.position.pact_presidency": presidency}, leader_exit_per_yr=0.0)
        for year in range(1, LIFE.presidency_years + 1):
            world.tick = 4 * year
            leadership.presidencies(world)
        assert world.pacts.president[0] == after
        assert (world.pacts.vacancy[0] > 0.0) == (presidency == "rotating")
        assert (world.pacts.held[0] == pytest.approx(1 / 3)) == (presidency != "founder")

    def test_an_election_without_candidate_takes_the_most_trusted(self):
        world = pact_of({"governance.position.pact_presidency": "election_without_candidate"})
        world.ties.trust[:] = 0.2
        world.ties.trust[2, :] = world.ties.trust[:, 2] = 0.6
        assert leadership.successor(world, 0) == 2

    def test_a_president_that_left_the_pact_is_replaced(self):
        world = pact_of({"governance.position.pact_presidency": "founder"}, leader_exit_per_yr=0.0)
        world.pacts.members[0, 0] = False
        world.tick = 4
        leadership.presidencies(world)
        assert world.pacts.president[0] == 1
        assert world.pacts.handovers[0] == 1

    @pytest.mark.parametrize(("initiator", "lost"), [("public", 1.0), ("hybrid", 0.5), ("civil", 0.0)])
    def test_elections_take_elected_presidents_only(self, initiator, lost):
        keys = {
            "governance.position.pact_presidency": "founder",
            "governance.position.pact_initiator": initiator,
        }
        world = pact_of(keys)
        world.pacts.held[0] = 0.6
        first = next(t for t in range(40) if _is_election(world, t))
        world.tick = first + 1
        world.councils = replace(world.councils, changed=np.array([True, False, False]))
        leadership.after_election(world)
        assert world.pacts.vacancy[0] == pytest.approx(0.6 * lost)
        world.councils = replace(world.councils, changed=np.array([False, True, True]))
        leadership.after_election(world)
        assert world.pacts.vacancy[0] == pytest.approx(0.6 * lost)

    def test_the_event_and_an_organisation_that_keeps_links(self):
        lost = {}
        for catalyst in ("territory", "organisation"):
            keys = {
                "governance.position.pact_presidency": "founder",
                "governance.position.catalyst": catalyst,
            }
            world = pact_of(keys)
            world.pacts.held[0] = 0.8
            leadership.exit_leaders(world, np.array([1, 2]))
            assert world.pacts.vacancy[0] == 0.0
            leadership.exit_leaders(world, np.array([0]))
            lost[catalyst] = world.pacts.vacancy[0]
        assert lost == {"territory": pytest.approx(0.8), "organisation": pytest.approx(0.4)}

    def test_trust_in_a_person_goes_with_the_person(self):
        world = pact_of({"governance.position.pact_presidency": "founder"}, personal_trust=0.4)
        world.pacts.held[0] = 0.5
        before = world.ties.trust.copy()
        leadership.exit_leaders(world, np.array([0]))
        assert_allclose(world.ties.trust[0, 1:], before[0, 1:] * (1.0 - 0.4 * 0.5))
        assert_allclose(world.ties.trust[1:, 0], before[1:, 0] * (1.0 - 0.4 * 0.5))
        assert world.ties.trust[1, 2] == before[1, 2]

    def test_without_a_presidency_nobody_s_exit_counts(self):
        world = pact_of()
        leadership.exit_leaders(world, np.array([0]))
        world.tick = 4
        leadership.presidencies(world)
        assert world.pacts.vacancy[0] == world.pacts.held[0] == 0.0


def _is_election(world, tick):
    from coopsim.society import elections

    return elections.is_election(tick, world.spec.start_year, world.params.elections)


class TestWrittenRules:
    def test_none_never_drift_and_only_written_ones_do(self):
        def after(written, years=200):
            m = 0.0
            for _ in range(years):
                m = pact_life.drift(LIFE, m, written)
            return m

        assert after(0.0) == 0.0
        assert after(1.0) == pytest.approx(1.0, abs=1e-4)
        q = 0.4
        rest = LIFE.rule_drift * q / (LIFE.rule_drift * q + LIFE.rule_revision * (1.0 - q))
        assert after(q) == pytest.approx(rest, abs=1e-6)

    def test_they_bind_and_cost(self):
        rates, bills = [], []
        for q in (0.0, 1.0):
            world = pact_of({"governance.aggregation.institutionalisation": q})
            rates.append(ties.breach_probability(world, 0))
            public.animate(world)
            bills.append(-world.finance.flows[:, LINE["animation"]].sum())
        assert_allclose(rates[1], rates[0] * (1.0 - LIFE.rule_binding))
        assert_allclose(bills[1] - bills[0], 0.25 * 3 * params_each() * LIFE.rule_cost)

    def test_what_the_animation_achieves(self):
        world = pact_of()
        p = world.params
        world.pacts.vacancy[0], world.pacts.mismatch[0] = 0.4, 0.5
        full = 1.0
        world.pacts.fte[0] = full * 3 * p.pacts.fte_per_member_full
        found = pact_life.working(p.pacts, p.pact_life, world.pacts, 0)
        assert found == pytest.approx((1.0 - LIFE.leader_weight * 0.4) * 0.5)


def params_each():
    return founded(small(), 0).params.finance.coordination_cost_per_member


SMALL_FIRST = {"governance.choice.joint_actions": "small_first"}


class TestJointActions:
    @given(share, share, share)
    def test_large_actions_need_trust(self, achieved, size, trust):
        chance = pact_life.success(LIFE, achieved, size, trust)
        assert 0.0 <= chance <= achieved
        assert chance >= pact_life.success(LIFE, achieved, 1.0, trust)
        assert pact_life.success(LIFE, achieved, size, 1.0) == achieved

    @pytest.mark.parametrize(("difficulty", "fte"), [(0.0, 5.0), (1.0, 0.0)])
    def test_only_what_is_realised_counts(self, difficulty, fte):
        """With full animation and no difficulty it succeeds; without animation it cannot."""
        world = pact_of(SMALL_FIRST, action_difficulty=difficulty)
        world.pacts.fte[0] = fte
        before = world.ties.trust.copy()
        actions.joint_actions(world)
        pacts, life = world.pacts, world.params.pact_life
        delivered = fte > 0.0
        assert pacts.delivered[0].sum() == delivered
        assert pacts.failed[0] == (not delivered)
        gain = life.win_trust * (1.0 - before) if delivered else -life.failure_trust * before
        off = ~np.eye(3, dtype=np.bool_)
        assert_allclose(world.ties.trust[off], (before + life.action_start * gain)[off])
        assert_array_equal(np.diagonal(world.ties.trust), 0.0)
        assert pacts.wins[0] == (life.action_start if delivered else 0.0)
        assert pacts.size[0] == pytest.approx(life.action_start + life.action_step * delivered)
        assert -world.finance.flows[:, LINE["animation"]].sum() == pytest.approx(
            life.action_start * life.action_cost_keur
        )

    def test_large_first_begins_with_the_largest(self):
        world = pact_of({"governance.choice.joint_actions": "large_first"}, action_difficulty=0.0)
        actions.joint_actions(world)
        assert world.pacts.wins[0] == 1.0

    def test_none_without_the_rule(self):
        world = pact_of()
        actions.joint_actions(world)
        assert world.pacts.delivered.sum() + world.pacts.failed.sum() == 0

    def test_a_visible_success_makes_seats_like_the_pact(self):
        from coopsim.schedule.pacts.votes import accession_utility

        world = pact_of()
        members = np.ones(3, np.bool_)
        plain = accession_utility(world, members, ALL, 3, 0, setup=False, row=0)
        world.pacts.wins[0] = 1.0
        seen = accession_utility(world, members, ALL, 3, 0, setup=False, row=0)
        assert (seen > plain).all()
        world.pacts.vacancy[0] = 1.0
        assert (accession_utility(world, members, ALL, 3, 0, setup=False, row=0) < seen).any()

    def test_leaving_dear_keeps_members(self):
        from coopsim.schedule.pacts.votes import accession_utility

        keys = {"governance.boundary.exit": "penalty", "governance.boundary.exit_penalty_keur": 500.0}
        members = np.ones(3, np.bool_)
        free, dear = pact_of(), pact_of(keys)
        a, b = (accession_utility(w, members, ALL, 3, 0, setup=False, row=0) for w in (free, dear))
        assert (b > a).all()

    def test_visible_success_makes_others_invite(self):
        from coopsim.schedule.pacts.accession import invitations

        world = pact_of()
        rows = np.array([2])
        before = invitations(world, rows)
        world.pacts.wins[0] = 0.5
        assert (invitations(world, rows) > before).all()


class TestStages:
    FULL = Evidence(actions=100.0, kept=1.0, trust=1.0, subjects=6.0, followers=9.0, backed=True)

    def test_one_stage_a_year_at_most(self):
        assert [pact_life.reached(LIFE, self.FULL, stage) for stage in range(4)] == [1, 2, 3, 3]

    @pytest.mark.parametrize("what", ["actions", "kept", "trust", "subjects", "followers"])
    def test_each_requirement_holds_the_last_stage_back(self, what):
        need = {"actions": LIFE.stage_actions, "kept": LIFE.stage_kept, "trust": LIFE.stage_trust,
                "subjects": LIFE.stage_subjects, "followers": LIFE.stage_followers}[what][2]  # fmt: skip
        assert pact_life.reached(LIFE, replace(self.FULL, **{what: need}), 2) == 3
        assert pact_life.reached(LIFE, replace(self.FULL, **{what: need - 0.01}), 2) == 2

    def test_a_presidency_that_nobody_could_take_over_holds_back(self):
        alone = replace(self.FULL, backed=False)
        assert [pact_life.reached(LIFE, alone, stage) for stage in range(3)] == [1, 1, 2]

    @pytest.mark.parametrize("what", ["kept", "trust"])
    def test_what_fails_leads_back(self, what):
        need = {"kept": LIFE.stage_kept, "trust": LIFE.stage_trust}[what][1]
        weak = replace(self.FULL, **{what: LIFE.stage_fall * need - 0.01})
        assert pact_life.reached(LIFE, weak, 2) == 1
        assert pact_life.reached(LIFE, weak, 0) in (0, 1)

    def test_age_alone_is_nothing(self):
        world = pact_of()
        world.tick = 400
        pact_stages.advance_stages(world)
        assert world.pacts.stage[0] == 0
        world.pacts.delivered[0, 0] = 1
        pact_stages.advance_stages(world)
        assert world.pacts.stage[0] == 1
        assert [line["move"] for line in world.journal] == ["stage"]


class TestSanctions:
    def test_the_ladder_of_the_rules(self):
        ladder = ["warning", "quota", "fine", "exclusion"]
        world = pact_of(
            {"governance.payoff.sanctions.ladder": ladder, "governance.payoff.sanctions.suspension_years": 2}
        )
        members = world.pacts.members[0].copy()
        for step, kind in enumerate(ladder, start=1):
            world.pacts.ladder[0, 1] = step
            ties._sanction(world, 0, members, np.array([False, True, False]))
            assert world.journal[-1]["move"] == kind
        assert world.pacts.suspended[0, 1] == world.tick + 9
        assert not world.pacts.members[0, 1]
        assert world.finance.flows[1, LINE["fines"]] > 0.0 or world.finance.flows[1, LINE["fines"]] < 0.0

    def test_a_suspended_member_has_no_share_of_the_proceeds(self):
        keys = {"governance.payoff.revenue_sharing": {"share": 0.5, "base": "all", "key": "population"}}
        world = pact_of(keys)
        world.pacts.suspended[0, 1] = world.tick + 1
        public.share_tax(world)
        net = world.finance.flows[:, LINE["shared_revenue"]]
        assert net.sum() == pytest.approx(0.0, abs=1e-9)
        assert net[1] == pytest.approx(-0.25 * 0.5 * world.signals.cfe[1])
        public.animate(world)
        saved = world.finance.flows[:, LINE["services"]]
        assert saved[1] == 0.0
        assert (saved[[0, 2]] != 0.0).all()


class TestCalls:
    def keys(self, kind, **more):
        table = {"type": kind, "envelope_keur_per_yr": 400.0, **more}
        return {"governance.payoff.calls": table}

    def test_who_pays_a_file_and_who_wins(self):
        paid = {}
        for kind in ("competitive", "cooperative", "commons"):
            world = pact_of(self.keys(kind, dossier_cost_keur=12.0), members=(True, True, False))
            calls.calls(world)
            flows = world.finance.flows
            assert flows[:, LINE["outside_funding"]].sum() == pytest.approx(100.0)
            paid[kind] = (-flows[:, LINE["programmes"]]).tolist()
        assert paid["competitive"] == pytest.approx([3.0, 3.0, 3.0])
        assert paid["cooperative"] == pytest.approx([1.5, 1.5, 0.0])
        assert paid["commons"] == [0.0, 0.0, 0.0]

    def test_what_is_held_back_comes_a_year_later(self):
        world = pact_of(self.keys("commons", prefund=0.25))
        got = []
        for tick in range(5):
            world.tick = tick
            world.finance.flows[:] = 0.0
            calls.calls(world)
            got.append(world.finance.flows[:, LINE["outside_funding"]].sum())
        assert_allclose(got, [25.0, 25.0, 25.0, 25.0, 100.0])

    def test_larger_pacts_get_more_of_a_cooperative_call(self):
        world = pact_of(self.keys("cooperative", coop_bonus=0.5))
        assert_allclose(calls.weights(world), 1.5)
        world.pacts.suspended[0, 2] = world.tick + 1
        assert_allclose(calls.weights(world), [1.5, 1.5, 0.0])

    def test_a_cut_hits_the_public_part_only(self):
        fte = {}
        for public_marks in (1.0, 0.0):
            mix = {"public": public_marks, "private": 1.0}
            keys = {"governance.payoff.animation_funding": {"share": 0.8, "fte_per_pact": 2.0, "mix": mix}}
            world = pact_of(keys)
            world.shocks.append((world.tick, "subsidy_cut", 1.0, np.arange(3)))
            public.animate(world)
            fte[public_marks] = world.pacts.fte[0]
        assert fte == {1.0: pytest.approx(2.0 * (1 - 0.8 * 0.5)), 0.0: pytest.approx(2.0)}

    def test_an_organisation_brings_posts_that_members_do_not_pay(self):
        found = {}
        for catalyst in ("territory", "organisation"):
            world = pact_of({"governance.position.catalyst": catalyst})
            public.animate(world)
            found[catalyst] = (world.pacts.fte[0], world.finance.pact_cost.sum())
        assert found["organisation"][0] - found["territory"][0] == pytest.approx(LIFE.organisation_fte)
        assert found["organisation"][1] == pytest.approx(found["territory"][1])


class TestCrisisAndIdentity:
    def test_strangers_hit_together_rival(self):
        p = params(TiesParams, rivalry_shock_gain=0.5)
        world = pact_of()
        state = world.ties
        state.adjacent[:] = ~np.eye(3, dtype=np.bool_)
        state.rivalry[:] = 0.0
        state.knowledge[:] = 0.0
        state.knowledge[0, 1] = state.knowledge[1, 0] = 1.0
        claim(p, state, np.array([1.0, 1.0, 0.5]))
        assert_allclose(state.rivalry, [[0.0, 0.0, 0.25], [0.0, 0.0, 0.25], [0.25, 0.25, 0.0]])

    def test_identity_grows_in_a_pact_and_falls_back_to_its_heritage(self):
        p = params(TiesParams, identity_gain=0.1, identity_fading=0.2)
        state = pact_of().ties
        state.heritage[:] = state.identity[:] = 0.3 * ~np.eye(3, dtype=np.bool_)
        together = np.zeros((3, 3))
        together[0, 1] = together[1, 0] = 1.0
        belong(p, state, together)
        assert state.identity[0, 1] == pytest.approx(0.37)
        assert state.identity[0, 2] == pytest.approx(0.3)
        belong(p, state, np.zeros((3, 3)))
        assert state.identity[0, 1] == pytest.approx(0.37 - 0.2 * 0.07)
        assert_array_equal(np.diagonal(state.identity), 0.0)

    def test_a_catalyst_makes_partners_meet(self):
        known = []
        for catalyst in ("none", "territory"):
            spec = small({"governance.position.catalyst": catalyst, "society.ties.catalyst_meeting": 0.5,
                          "governance.choice.moves.propose_pact.allowed": False})  # fmt: skip
            model = CoopModel(spec, 0, views=False)
            for _ in range(8):
                model.step()
            known.append(model.world.ties.knowledge.sum())
            model.release()
        assert known[1] > known[0]


class TestRehiring:
    def closed(self, share, members=(True, True, False)):
        world = pact_of(members=members, rehired_share=share)
        before = world.signals.posts.sum()
        climate.fire(world, "firm_closure", 0.4, 1, np.array([0]))
        c = world.companies
        rows = c.rows()
        posts = np.zeros_like(world.signals.posts)
        np.add.at(posts, (c.territory[rows], c.sector[rows]), c.jobs[rows])
        assert_allclose(posts, world.signals.posts, atol=1e-9)  # the tally is that of the companies
        return world, before - world.signals.posts.sum()

    def test_members_take_over_a_share_that_trust_and_animation_set(self):
        world, lost = self.closed(0.0)
        trust = float(world.ties.trust[0, 1])
        helped, less = self.closed(0.5)
        assert less == pytest.approx(lost * (1.0 - 0.5 * trust))
        assert_allclose(helped.signals.posts[2], world.signals.posts[2])  # the third is outside
        assert helped.signals.posts[1].sum() > world.signals.posts[1].sum()
        assert [line["move"] for line in helped.journal if line["kind"] == "pact"] == ["rehired"]

    def test_a_president_of_a_council_leaves_the_pacts_it_carries(self):
        for initiator, lost in (("public", 0.7), ("civil", 0.0)):
            keys = {
                "governance.position.pact_presidency": "founder",
                "governance.position.pact_initiator": initiator,
            }
            world = pact_of(keys)
            world.pacts.held[0] = 0.7
            leadership.exit_leaders(world, np.array([0]), elected=True)
            assert world.pacts.vacancy[0] == pytest.approx(lost)
