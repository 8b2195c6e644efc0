"""The ODD description of a scenario, written from the code and from the scenario itself.

The headings follow the second update of the protocol: Grimm et al. (2020), *The ODD protocol for describing
agent-based and other simulation models: a second update to improve clarity, replication, and structural realism*,
Journal of Artificial Societies and Social Simulation 23(2) 7, doi:10.18564/jasss.4259.
"""

from collections import Counter

from coopsim import __version__
from coopsim.comparison.theory import COLUMNS, needs_words, promise_words
from coopsim.i18n import Text, lang
from coopsim.odd import words
from coopsim.odd.blocks import Block, Bullets, Grid, Heading, Para, to_html, to_markdown
from coopsim.odd.evidence import data, grade, parameter_tables, rules, shown
from coopsim.odd.process import draws, entities, indicators, schedule, section_modules
from coopsim.scenario import Scenario, parameters
from coopsim.scenario.document import Submodels
from coopsim.scenario.events import EVENTS
from coopsim.world import World, founded

__all__ = ["html", "markdown", "odd"]

_LISTED = 40  # territories of a case that are written out


def markdown(spec: Scenario) -> str:
    """Return the ODD description of a scenario in Markdown, in the language in force; always the same bytes."""
    return to_markdown(odd(spec))


def html(spec: Scenario) -> str:
    """Return the ODD description of a scenario as one HTML page, in the language in force."""
    return to_html(odd(spec), lang())


def odd(spec: Scenario) -> list[Block]:
    """Return the ODD description of a scenario.

    Parameters
    ----------
    spec : Scenario
        Its case is read and its world founded; nothing is run.

    Raises
    ------
    ScenarioError
        For a case that cannot be read.
    """
    world = founded(spec, seed=0)
    out: list[Block] = [Heading(1, f"ODD – {spec.title}"), Para(_provenance(spec))]
    out += [Para(str(words.PROTOCOL))]
    out += [Para(str(words.LANGUAGE))] if lang() == "fr" else []
    out += [Heading(2, str(words.PURPOSE)), Para(str(words.PURPOSE_TEXT))]
    out += [Para(str(words.QUESTION.format(question=str(spec.question))))] if str(spec.question) else []
    out += [Para(str(words.PATTERNS_TEXT))]
    out += [Heading(2, str(words.ENTITIES)), Para(str(words.ENTITIES_TEXT)), _scales(spec, world)]
    out += entities(world)
    out += [Heading(2, str(words.PROCESS)), Para(_calendar(spec)), *schedule(spec)]
    out += [Heading(2, str(words.CONCEPTS)), *_concepts(spec)]
    out += [Heading(2, str(words.INITIALISATION)), *_initialisation(world)]
    out += [Heading(2, str(words.INPUT)), *_input(spec)]
    out += [Heading(2, str(words.SUBMODELS)), Para(str(words.SUBMODELS_TEXT)), _switches(spec)]
    out += [Heading(3, str(words.RULES)), Para(str(words.RULES_TEXT)), *rules(spec)]
    out += [Heading(3, str(words.EQUATIONS)), Para(_evidence())]
    return [*out, *parameter_tables(spec, section_modules())]


def _provenance(spec: Scenario) -> str:
    return str(
        Text(
            "Scénario `{name}`, cas `{case}`, coopsim {version}, empreinte `{hash}`. Écrit par `coopsim odd {name}`.",
            "Scenario `{name}`, case `{case}`, coopsim {version}, digest `{hash}`. Written by `coopsim odd {name}`.",
        ).format(name=spec.name, case=spec.case_name, version=__version__, hash=spec.hash[:16])
    )


def _scales(spec: Scenario, world: World) -> Grid:
    heads = (str(Text("Échelle", "Scale")), str(Text("Valeur", "Value")))
    area, people = float(world.places.area.sum()), float(world.people.population.sum())
    rows = (
        (str(words.TIME_STEP), str(words.QUARTER)),
        (
            str(words.EXTENT),
            str(words.YEARS.format(years=spec.years, start=spec.start_year, ticks=spec.ticks)),
        ),
        (
            str(words.SPACE),
            str(words.TERRITORIES.format(n=world.size, area=f"{area:.0f}", people=f"{people:.0f}")),
        ),
    )
    return Grid(heads, rows)


def _calendar(spec: Scenario) -> str:
    choice = spec.governance.choice
    return str(words.CALENDAR.format(period=choice.period_ticks, slots=choice.proposals_per_year))


def _concepts(spec: Scenario) -> list[Block]:
    makers = Counter(
        shown(spec.governance_for(code, 0).choice.decision_maker) for code in spec.territory_names
    )
    deciding = ", ".join(f"`{name}` ({count})" for name, count in sorted(makers.items()))
    out: list[Block] = []
    for title, text in words.CONCEPT_TEXTS:
        out += [Heading(3, str(title)), Para(str(text))]
        if title is words.ADAPTATION:
            out.append(Para(str(words.MAKERS.format(makers=deciding))))
        elif title is words.STOCHASTICITY:
            out.append(draws())
        elif title is words.OBSERVATION:
            out += [indicators(), *_theory_of_change(spec)]
    return out


def _theory_of_change(spec: Scenario) -> list[Block]:
    """Return the steps that the scenario promises; nothing where it has no theory of change."""
    steps = spec.theory_of_change
    if not steps:
        return []
    heads = (*(str(head) for head in COLUMNS[:3]), str(Text("Nom", "Name")))
    rows = tuple(
        (
            str(step.said),
            promise_words(step, spec.territory_names),
            needs_words(step, steps),
            f"`{step.name}`",
        )
        for step in steps
    )
    return [Heading(4, str(words.THEORY)), Para(str(words.THEORY_TEXT)), Grid(heads, rows)]


def _initialisation(world: World) -> list[Block]:
    heads = tuple(str(text) for text in words.START_COLUMNS)
    order = sorted(range(world.size), key=lambda i: world.places.code[i])
    rows = tuple(
        (
            world.places.code[i], world.places.name[i], f"{world.people.population[i]:.0f}",
            f"{world.places.jobs[i]:.0f}", f"{world.places.area[i]:.0f}", f"{world.finance.budget[i]:.0f}",
            f"{world.finance.tax_pct[i]:.2f}",
        )
        for i in order[:_LISTED]
    )  # fmt: skip
    out: list[Block] = [Para(str(words.INITIALISATION_TEXT)), Grid(heads, rows)]
    if world.size > _LISTED:
        out.append(Para(str(words.MORE.format(n=world.size - _LISTED))))
    return out


def _input(spec: Scenario) -> list[Block]:
    case = spec.load_case()
    out: list[Block] = [Para(str(words.INPUT_TEXT.format(case=str(case.title), year=case.reference_year)))]
    out += [Para(case.notes)] if case.notes else []
    out += [Para(str(words.LICENCE.format(licence=case.licence)))] if case.licence else []
    out.append(Heading(3, str(words.EVENTS)))
    events = tuple(
        f"{EVENTS[e.what].text!s} (`{e.what}`): {shown(e.amount)}, "
        f"{spec.start_year + e.tick // 4} T{e.tick % 4 + 1}, {', '.join(e.territories)}"
        for e in spec.events
    )
    out.append(Bullets(events) if events else Para(str(words.NO_EVENT)))
    return [*out, Heading(3, str(words.DATA)), *data(spec)]


def _switches(spec: Scenario) -> Grid:
    heads = (str(Text("Partie", "Part")), str(Text("Clé", "Key")), str(Text("Simulée", "Simulated")))
    yes, no = str(Text("oui", "yes")), str(Text("**non**", "**no**"))
    rows = []
    for name, field in Submodels.model_fields.items():
        extra = field.json_schema_extra
        label = Text(str(extra["fr"]), str(extra["en"])) if isinstance(extra, dict) else Text(name, name)
        rows.append((str(label), f"`submodels.{name}`", yes if getattr(spec.submodels, name) else no))
    return Grid(heads, tuple(rows))


def _evidence() -> str:
    counts = Counter(p.grade for p in parameters().values())
    missing = sum(not p.source.strip() for p in parameters().values())
    told = ", ".join(f"{grade(name)} {count}" for name, count in sorted(counts.items()))
    total = sum(counts.values())
    return str(words.EVIDENCE.format(n=total, counts=told, missing=missing))
