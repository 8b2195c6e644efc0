"""A scenario: a validated document, what follows from it, and its variants."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_places import case_digest, case_folder, territory_names
from coopsim.scenario.checks import (
    Mistakes,
    States,
    cross_mistakes,
    parts_of,
    parts_of_document,
    rule_states,
)
from coopsim.scenario.dates import TICKS_PER_YEAR, tick_of
from coopsim.scenario.document import Head, Submodels, document_model
from coopsim.scenario.events import EVENTS, Decision, Event
from coopsim.scenario.governance import Governance
from coopsim.scenario.limits import require_world
from coopsim.scenario.naming import named
from coopsim.scenario.overlay import agreed, nested, overlay
from coopsim.scenario.parameters import parameters
from coopsim.scenario.places import Path
from coopsim.scenario.refusals import refusals
from coopsim.scenario.strict import Strict
from coopsim.scenario.theory_of_change import Step

if TYPE_CHECKING:
    from coopsim.scenario.case import Case

Locate = Callable[[Path, Problem], Problem]


@dataclass(frozen=True, eq=False)
class Scenario:
    """Everything a run depends on, apart from the code and the seed.

    Attributes
    ----------
    spec : Head
        The closed document; its keys are those of the file.
    """

    spec: Head

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.document() == other.document()

    def __hash__(self) -> int:
        return hash(self.spec.name)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.case_name}, {self.years} years from {self.start_year}>"

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], "Scenario"], tuple[dict[str, Any]]]:
        return build, (self.document(),)

    @property
    def name(self) -> str:
        """Name, unique among the scenarios that are compared."""
        return self.spec.name

    @property
    def title(self) -> Text:
        """Title; the name where the file gives none."""
        return self.spec.title.text() if self.spec.title else Text(self.name, self.name)

    @property
    def question(self) -> Text:
        """Question that the scenario asks; empty where the file gives none."""
        return self.spec.question.text() if self.spec.question else Text("", "")

    @property
    def start_year(self) -> int:
        """Year of the first tick."""
        return self.spec.horizon.start_year

    @property
    def years(self) -> int:
        """Years simulated."""
        return self.spec.horizon.years

    @property
    def ticks(self) -> int:
        """Quarters simulated."""
        return TICKS_PER_YEAR * self.years

    @property
    def submodels(self) -> Submodels:
        """Switches of the parts of the model."""
        return self.spec.submodels

    @property
    def journal(self) -> bool:
        """Whether the journal of decisions is kept."""
        return self.spec.record.journal

    @property
    def theory(self) -> dict[str, Any]:
        """The theory of a laboratory; empty elsewhere."""
        return self.spec.theory

    @property
    def theory_of_change(self) -> tuple[Step, ...]:
        """Steps promised, in the order of the file; none where the scenario has no theory of change."""
        return self.spec.theory_of_change or ()

    @property
    def governance(self) -> Governance:
        """Rules of the game where a territory has none of its own."""
        return self.spec.governance

    @property
    def case_name(self) -> str:
        """Name of the case."""
        name = self.spec.case.name
        return "synthetic" if name is None else case_folder(name).name

    @cached_property
    def territory_names(self) -> dict[str, str]:
        """Name of each territory of the case by its code, in the order of the case."""
        return territory_names(self.spec.case)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Events by tick, each with its territories and its length."""
        found = [
            Event(
                tick=tick_of(event.when, self.start_year),
                what=event.what,
                amount=event.amount,
                territories=event.territories or tuple(self.territory_names),
                known=event.known,
                duration=event.duration or EVENTS[event.what].duration,
            )
            for event in self.spec.event
        ]
        return tuple(sorted(found, key=lambda event: event.tick))

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Decisions of people by tick, in the order of the file within a tick."""
        codes = {name: code for code, name in self.territory_names.items()}
        found = [
            Decision(
                tick=tick_of(spec.when, self.start_year),
                territory=codes.get(spec.territory, spec.territory),
                moves=tuple((move.move, move.times) for move in spec.moves),
                strategy=spec.strategy,
            )
            for spec in self.spec.decision
        ]
        return tuple(sorted(found, key=lambda decision: decision.tick))

    @cached_property
    def _states(self) -> States:
        return rule_states(parts_of_document(self.spec), self.territory_names)[0]

    @cached_property
    def rule_ticks(self) -> tuple[int, ...]:
        """Ticks at which the rules of some territory change."""
        return tuple(sorted({tick for states in self._states.values() for tick, _ in states}))

    def governance_for(self, code: str, tick: int) -> Governance:
        """Return the rules in force for a territory at a tick."""
        found = self.governance
        for start, governance in self._states.get(code, ()):
            if start <= tick:
                found = governance
        return found

    def governance_of_all(self, tick: int) -> Governance:
        """Return the rules that hold between territories at a tick: what all of them agree on, else ``[governance]``.

        Keys that concern no territory alone, such as how pacts decide, are amended by dating them for every territory.
        """
        each = {id(g): g for g in (self.governance_for(code, tick) for code in self.territory_names)}
        if set(each) <= {id(self.governance)}:
            return self.governance
        trees = [g.model_dump(mode="json", by_alias=True) for g in each.values()]
        return Governance.model_validate(
            agreed(self.governance.model_dump(mode="json", by_alias=True), trees)
        )

    def section(self, path: str) -> dict[str, Any]:
        """Return the parameters of a section, such as ``resources.water``, by name.

        Raises
        ------
        ScenarioError
            When no parameter file has this section.
        """
        table: Any = self.spec
        for part in path.split("."):
            table = getattr(table, part, None)
        if not isinstance(table, Strict):
            raise scenario_error(
                "aucune section de paramètres ne porte ce nom",
                "no section of parameters has this name",
                value=path,
                nearest=nearest(path, sorted({p.section for p in parameters().values()})),
            )
        values = {name: getattr(table, name) for name in type(table).model_fields}
        return {name: value for name, value in values.items() if not isinstance(value, Strict)}

    def number(self, key: str) -> float:
        """Return one parameter by its dotted key; 0 when no parameter file has it."""
        path, _, name = key.rpartition(".")
        return float(self.section(path)[name]) if key in parameters() else 0.0

    @cached_property
    def _case(self) -> "Case":
        case = self._unmerged()
        require_world(float(case.establishments["establishments"].sum()), len(case.territories))
        mergers = self.spec.case.merge or ()
        if not mergers:
            return case
        from coopsim.scenario.merging import merged

        return merged(case, mergers)

    def _unmerged(self) -> "Case":
        if self.spec.case.synthetic is not None:
            from coopsim.scenario.synthetic import synthetic_case

            return synthetic_case(self.spec.case.synthetic)
        from coopsim.scenario.case import load_case

        return load_case(str(self.spec.case.name))

    def load_case(self) -> "Case":
        """Return the tables of the case, read once.

        Raises
        ------
        ScenarioError
            With every mistake of the case's files.
        """
        return self._case

    def document(self) -> dict[str, Any]:
        """Return the whole document, defaults included, in JSON types; it loads as the same scenario."""
        return self.spec.model_dump(mode="json", by_alias=True, exclude_none=True)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the document and of the case's files; the place of the case does not count."""
        document = self.document()
        if self.spec.case.name is not None:
            merge = {"merge": document["case"]["merge"]} if self.spec.case.merge else {}
            document["case"] = {"digest": case_digest(self.spec.case.name)} | merge
        text = json.dumps(
            document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def but(self, changes: Mapping[str, Any]) -> "Scenario":
        """Return a validated copy with some keys changed; the differences are appended to its name.

        Parameters
        ----------
        changes : mapping of str to object
            Dotted keys and their values; tables are merged, lists replaced.

        Raises
        ------
        ScenarioError
            With every refused key.
        """
        if not changes:
            return self
        before = self.document()
        variant = build(overlay(before, nested(changes)))
        if "name" in changes:
            return variant
        name = named(self.name, changes, before, variant.document())
        return replace(variant, spec=variant.spec.model_copy(update={"name": name}))


def _as_is(path: Path, problem: Problem) -> Problem:  # noqa: ARG001 - the form of a locator
    return problem


def build(
    raw: Mapping[str, Any],
    locate: Locate = _as_is,
    found: list[Problem] | None = None,
    *,
    fragment: bool = False,
) -> Scenario:
    """Return the scenario of a merged tree, or raise with every mistake in it.

    Parameters
    ----------
    raw : mapping
        Tree of keys; no ``extends`` left.
    locate : callable
        Gives a problem its file and line.
    found : list of Problem, optional
        Mistakes already found while reading.
    fragment : bool
        The tree is only a part of a scenario: what it has is checked, nothing more.
    """
    model = document_model()
    mistakes: Mistakes = []
    document: Head | None = None
    try:
        document = model.model_validate(dict(raw))
        parts = parts_of_document(document)
    except ValidationError as error:
        mistakes = refusals(error, model)
        parts = parts_of(raw)
    if not fragment:
        mistakes += cross_mistakes(parts)
    problems = [*(found or []), *(locate(path, problem) for path, problem in mistakes)]
    if problems or document is None:
        raise ScenarioError(sorted(problems, key=lambda p: (p.file, p.line)))
    return Scenario(document)
