"""Legal parameters of each laboratory, drawn by hypothesis; numbers far from one another are drawn as powers."""

import math

from hypothesis import strategies as st


def numbers(low: float, high: float):
    return st.floats(low, high, allow_subnormal=False)


def powers(low: float, high: float):
    """Numbers spread evenly over orders of magnitude."""
    exponents = st.floats(math.log(low), math.log(high))
    return exponents.map(lambda x: min(max(math.exp(x), low), high))


@st.composite
def efforts(draw):
    r, q = draw(numbers(0.01, 1.0)), draw(powers(1e-4, 1.0))
    return {"r": r, "K": draw(powers(1.0, 1e7)), "q": q, "E": draw(numbers(0.0, 0.9)) * r / q}


FLEETS = st.fixed_dictionaries(
    {"n": st.integers(1, 20), "alpha": numbers(0.05, 0.9), "beta": numbers(0.3, 0.99)}
)

RACES = st.fixed_dictionaries(
    {"n": st.integers(2, 20), "gamma": numbers(0.1, 5.0), "phi": numbers(0.0, 0.9)},
    optional={"U0": st.one_of(st.none(), numbers(-3.0, 3.0))},
)


@st.composite
def rivers(draw):
    users = draw(st.integers(1, 12))
    largest = draw(powers(1.0, 5000.0))

    def each(high: float):
        return draw(st.lists(numbers(0.0, high), min_size=users, max_size=users))

    names = {
        "inflow": largest,
        "demand": largest,
        "consumed": 1.0,
        "floor": largest * draw(numbers(0.0, 1.0)),
    }
    return {name: each(high) for name, high in names.items()}


@st.composite
def choices(draw):
    utilities = draw(st.lists(numbers(-100.0, 100.0), min_size=3, max_size=12))
    return {
        "V": utilities,
        "shift": draw(numbers(-100.0, 100.0)),
        "drop": draw(st.integers(0, len(utilities) - 1)),
    }


@st.composite
def lands(draw):
    area = draw(powers(0.01, 5.5e7))
    cap = draw(st.one_of(numbers(0.0, area), powers(1e-6, 5.5e7)))
    return {"area": area, "cap": cap, "lag": draw(st.integers(1, 80)), "t": draw(st.integers(0, 100))}


@st.composite
def growths(draw):
    t = draw(st.integers(0, 120)) / 4.0
    most = min(5.0, math.sqrt(9.0 / t)) if t else 5.0
    return {"g": draw(numbers(0.0, 5.0)), "sigma": draw(numbers(0.0, most * 0.999)), "t": t}


PROMISES = st.fixed_dictionaries(
    {"eta_plus": numbers(0.0, 1.0), "eta_minus": numbers(0.0, 1.0), "p": numbers(0.0, 1.0)}
)


@st.composite
def commons(draw):
    a = draw(powers(1e-4, 1e4))
    w = a * draw(st.one_of(st.just(0.0), numbers(0.0, 0.99)))
    return {
        "n": draw(st.one_of(st.integers(1, 12), st.integers(1, 60))),
        "a": a,
        "b": draw(powers(1e-4, 1e4)),
        "w": w,
    }


PACTS = st.fixed_dictionaries(
    {
        "n": st.one_of(st.integers(2, 12), st.integers(2, 60)),
        "p": numbers(0.0, 1.0),
        "delta": numbers(0.0, 1.0),
    }
)


@st.composite
def coalitions(draw):
    b, c = draw(powers(1e-4, 1e4)), draw(powers(1e-4, 1e4))
    penalty = 0.5 * b * b / c * draw(st.one_of(st.integers(0, 400).map(float), numbers(0.0, 400.0)))
    return {
        "n": draw(st.one_of(st.integers(1, 12), st.integers(1, 60))), "b": b, "c": c,
        "exit_penalty": min(penalty, 1e7), "benefits": draw(st.lists(powers(1e-2, 1e2), min_size=2, max_size=8)),
        "transfers": draw(st.booleans()),
    }  # fmt: skip


TREATIES = st.fixed_dictionaries(
    {
        "a1": powers(0.01, 1000.0), "b1": powers(0.01, 100.0), "a2": powers(0.01, 1000.0), "b2": powers(0.01, 100.0),
        "E": st.one_of(numbers(0.0, 100.0), powers(1e-3, 1000.0)),
    }
)  # fmt: skip


@st.composite
def works(draw):
    """Costs of every group of one to five members: any at all, or of things that groups have in common."""
    n = draw(st.integers(1, 5))
    names = [chr(ord("A") + i) for i in range(n)]
    groups = [[names[i] for i in range(n) if mask >> i & 1] for mask in range(1, 2**n)]
    if draw(st.booleans()):
        costs = draw(
            st.lists(numbers(0.0, draw(powers(1.0, 1e12))), min_size=len(groups), max_size=len(groups))
        )
    else:
        own = draw(st.lists(numbers(0.0, 1e6), min_size=n, max_size=n))
        common, bend = draw(numbers(0.0, 1e6)), draw(numbers(0.1, 1.0))
        costs = [common + sum(own[names.index(name)] for name in group) ** bend for group in groups]
    order = draw(st.permutations(range(len(groups))))
    return {"costs": {"+".join(draw(st.permutations(groups[k]))): costs[k] for k in order}}


@st.composite
def gifts(draw):
    mpcr, detection = draw(numbers(0.0, 5.0)), draw(numbers(0.0, 1.0))
    # around the fine that just deters, or none, or any
    just = max(1.0 - mpcr, 0.0) / max(detection, 1e-3)
    fine = draw(st.one_of(st.just(0.0), numbers(0.5, 1.5).map(lambda x: x * just), numbers(0.0, 1e6)))
    t = draw(st.one_of(st.integers(0, 20), st.integers(0, 499)))
    draws = {
        "phi": numbers(0.0, 1.0),
        "slope": numbers(0.0, 5.0),
        "bias": numbers(0.0, 1.0),
        "c0": numbers(0.0, 1.0),
    }
    given = {name: draw(values) for name, values in draws.items()}
    return {**given, "t": t, "mpcr": mpcr, "detection": detection, "fine": min(fine, 1e6)}


@st.composite
def owners(draw):
    n = draw(st.integers(1, 1000))
    return {"n": n, "groups": draw(st.integers(1, n))}


@st.composite
def debates(draw, rule: str):
    """Bounds of confidence anywhere, and on the distances between evenly spaced seats."""
    n = draw(st.one_of(st.integers(1, 40), st.integers(1, 1000)))
    ties = st.integers(0, n - 1).map(lambda k: k / max(n - 1, 1))
    bounds = st.one_of(numbers(0.0, 1.0), numbers(0.05, 0.5), powers(1e-3, 1.0), ties)
    return {"rule": rule, "n": n, "epsilon": draw(bounds), "mu": draw(powers(0.01, 0.5))}


@st.composite
def assemblies(draw):
    """Members with few, many or alike votes; quotas anywhere, low and high ones too; lists near 5 % and in a tie."""
    members = draw(st.one_of(st.integers(1, 12), st.integers(1, 60)))
    largest = draw(powers(1.0, 1e7 if members <= 32 else 300.0).map(int))
    weights = draw(
        st.lists(st.integers(0, largest), min_size=members, max_size=members).filter(any),
    )
    total = sum(weights)
    quota = draw(st.one_of(st.none(), st.integers(1, total), st.integers(1, min(total, 20)), st.just(total)))
    some = st.one_of(st.integers(0, 50_000_000), st.integers(0, 2000), st.sampled_from([0, 50, 100, 950]))
    votes = draw(st.lists(some, min_size=1, max_size=draw(st.integers(1, 12))).filter(any))
    return {"weights": weights, "quota": quota, "votes": votes, "seats": draw(st.integers(0, 130))}


DETERMINISTIC = {
    "opinion": debates("hegselmann-krause"),
    "anticommons": owners(),
    "cost-sharing": works(),
    "coalition": coalitions(),
    "keeping-a-pact": PACTS,
    "river-treaty": TREATIES,
    "static-commons": commons(),
    "fish-war": FLEETS,
    "land": lands(),
    "logistic-harvest": efforts(),
    "public-good": gifts(),
    "river": rivers(),
    "siting-shares": choices(),
    "tax-race": RACES,
    "voting-power": assemblies(),
}


@st.composite
def adoptions(draw):
    n = draw(st.integers(100_000, 130_000))
    p = draw(st.one_of(st.just(0.0), numbers(10.0 / n, 1.0), powers(10.0 / n, 1.0)))
    q = draw(st.one_of(numbers(0.0, 1.0 - p), numbers(0.0, min(0.5, 1.0 - p))))
    return {"p": p, "q": q, "n": n, "t": draw(st.one_of(st.integers(0, 15), st.integers(0, 80)))}


RANDOM = {"bass": adoptions(), "gibrat": growths(), "opinion": debates("deffuant"), "trust": PROMISES}
