"""Plain form fields: the browser's own select, text area and list, which every keyboard and screen reader knows."""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

import solara

from coopsim_viz.pages.common import dumped


@solara.component_vue("field.vue")
def _Field(
    kind: str = "select",
    label: str = "",
    values_json: str = "[]",
    value: str = "",
    event_changed: Callable[[Any], None] | None = None,
) -> None: ...


def Choice(label: str, values: Sequence[str], value: str, on_value: Callable[[str], Any]) -> solara.Element:
    """Return a choice of one text among some."""
    return _Field(
        kind="select", label=label, values_json=dumped(list(values)), value=value, event_changed=on_value
    )


def Grouped(
    label: str, values: Sequence[tuple[str, Sequence[str]]], value: str, on_value: Callable[[str], Any]
) -> solara.Element:
    """Return a choice of one text among many, under the headings of their groups."""
    return _Field(
        kind="grouped", label=label, values_json=dumped([[head, list(some)] for head, some in values]),
        value=value, event_changed=on_value,
    )  # fmt: skip


def Search(
    label: str,
    values: Sequence[str],
    value: str,
    on_value: Callable[[str], Any],
    also: Collection[str] = (),
) -> solara.Element:
    """Return a choice of one text among many, found by typing a part of it.

    Texts of ``also`` are taken as well and not listed; others are not passed on.
    """
    known = {*values, *also}

    def changed(text: Any) -> None:
        if text in known:
            on_value(text)

    return _Field(
        kind="search", label=label, values_json=dumped(list(values)), value=value, event_changed=changed
    )


def Area(label: str, value: str, on_value: Callable[[str], Any]) -> solara.Element:
    """Return a text of several lines."""
    return _Field(kind="area", label=label, value=value, event_changed=on_value)


def Several(
    label: str, values: Sequence[str], value: Sequence[str], on_value: Callable[[list[str]], Any]
) -> solara.Element:
    """Return a choice of any number of texts."""
    return _Field(
        kind="several", label=label, values_json=dumped(list(values)), value=dumped(list(value)),
        event_changed=lambda text: on_value(json.loads(text)),
    )  # fmt: skip
