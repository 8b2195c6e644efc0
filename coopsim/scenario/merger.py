"""Mergers of territories: which become one, under which code and name (tables: `coopsim.scenario.merging`)."""

from collections.abc import Mapping, Sequence

from pydantic import Field, model_validator

from coopsim.errors import scenario_error
from coopsim.scenario.strict import Strict, key


class Merger(Strict):
    """Une intercommunalité née de la fusion de plusieurs."""

    code: str = key("code de la nouvelle intercommunalité", "code of the new territory", min_length=1)
    name: str = key("son nom", "its name", min_length=1)
    members: tuple[str, ...] = Field(
        min_length=2,
        strict=False,
        description="codes des intercommunalités fusionnées",
        json_schema_extra={
            "fr": "codes des intercommunalités fusionnées",
            "en": "codes of those merged",
            "unit": "",
        },
    )

    @model_validator(mode="after")
    def _once(self) -> "Merger":
        if len(set(self.members)) < len(self.members):
            raise scenario_error(
                "un code est écrit deux fois",
                "a code is written twice",
                key="members",
                value=list(self.members),
            )
        return self


def mistakes(mergers: Sequence[Merger], codes: Sequence[str]) -> list[tuple[int, str, str]]:
    """Return what is wrong in a list of mergers: their place, French and English text.

    Parameters
    ----------
    codes : sequence of str
        Territories of the case.
    """
    found, taken, new = [], set[str](), set[str]()
    for n, merger in enumerate(mergers):
        lost = [code for code in merger.members if code not in codes]
        if lost:
            found.append((n, f"aucun territoire du cas n'a ce code : {lost[0]}",
                          f"no territory of the case has this code: {lost[0]}"))  # fmt: skip
        twice = taken & set(merger.members)
        if twice:
            code = min(twice)
            found.append((n, f"{code} est dans deux fusions", f"{code} is in two mergers"))
        taken |= set(merger.members)
        if merger.code in new or (merger.code in codes and merger.code not in merger.members):
            found.append((n, f"ce code est déjà pris : {merger.code}", f"this code is taken: {merger.code}"))
        new.add(merger.code)
    return found


def renamed(mergers: Sequence[Merger], names: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the territories by code once the mergers are made: those left in order, then the new ones."""
    gone = {code for merger in mergers for code in merger.members}
    left = {code: name for code, name in names.items() if code not in gone}
    return left | {merger.code: merger.name for merger in mergers}
