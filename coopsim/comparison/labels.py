"""Labels of scenario keys in both languages, read from the models that check them."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from coopsim.i18n import Text
from coopsim.scenario.document import document_model

_LISTS = {
    "territory": Text("règle d'un territoire, n° {n}", "rule of a territory, no. {n}"),
    "event": Text("événement n° {n}", "event no. {n}"),
    "decision": Text("décision de personnes n° {n}", "decision of people no. {n}"),
}


def key_label(key: str) -> tuple[Text, str]:
    """Return the label and the unit of a dotted key; the key itself where no model knows it.

    Parameters
    ----------
    key : str
        Such as ``governance.choice.moves.subsidy.max``; the labels of the move and of its bound are joined.
    """
    head, _, number = key.partition(".")
    if head in _LISTS:
        return _LISTS[head].format(n=number), ""
    model: type[BaseModel] | None = document_model()
    labels: list[Text] = []
    unit = ""
    for part in key.split("."):
        field = model.model_fields.get(part) if model else None
        if field is None:
            break
        extra = field.json_schema_extra
        if isinstance(extra, Mapping) and "fr" in extra:
            labels.append(Text(str(extra["fr"]), str(extra["en"])))
            unit = str(extra.get("unit", ""))
        annotation: Any = field.annotation
        model = annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    if not labels:
        return Text(key, key), ""
    shown = labels[-2:] if key.startswith("governance.choice.moves.") else labels[-1:]
    return Text(" : ".join(text.fr for text in shown), ": ".join(text.en for text in shown)), unit
