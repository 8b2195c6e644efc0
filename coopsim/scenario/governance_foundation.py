"""Payoff: a territorial foundation that companies feed, and what the public adds."""

from coopsim.scenario.strict import Strict, lever


class Foundation(Strict):
    """Une fondation territoriale : des entreprises donnent, l'économie sociale reçoit."""

    active: bool = lever(
        "une fondation territoriale recueille les dons des entreprises",
        "a territorial foundation collects gifts of companies",
        default=False,
        levers="LC44",
    )
    patronage_eligibility: bool = lever(
        "les dons ouvrent droit à la réduction d'impôt du mécénat (CGI 238 bis)",
        "gifts give right to the tax reduction of patronage (CGI 238 bis)",
        default=True,
        levers="LC43",
        grade="measured",
    )
    public_match: float = lever(
        "euros du conseil pour un euro donné", "euros of the council for a euro given", 0.0,
        levers="LC44", ge=0, le=10,
    )  # fmt: skip
    skills_patronage: bool = lever(
        "les donateurs prêtent aussi du temps de leurs salariés, pour les reprises d'entreprises",
        "donors lend time of their staff too, for takeovers of companies",
        default=False,
        levers="LC45",
    )
    levy: float = lever(
        "part du chiffre d'affaires que les entreprises de l'économie sociale versent à la fondation",
        "share of turnover that companies of the social economy pay to the foundation",
        0.0, levers="LC46", ge=0, le=0.1,
    )  # fmt: skip
