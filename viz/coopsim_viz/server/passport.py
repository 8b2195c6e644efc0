"""The calibration passport on the page of the data: what a fit of this case settled, left open and lost."""

import json
from pathlib import Path
from typing import Any

from coopsim.comparison import fit_of
from coopsim.i18n import Lang
from coopsim.scenario import Scenario

FORMAT = 2  # of passport.json, the highest that this page reads; docs/calibration.md lists the fields
_HERE = Path("out")


def passport_of(spec: Scenario, lang: Lang, folder: Path | None = None) -> dict[str, Any] | None:
    """Return what is shown of the passport of a scenario's case; none where nobody calibrated it.

    A file that cannot be read, is of another case or of a newer format is told as such, never shown as if sound.

    Parameters
    ----------
    spec : Scenario
    lang : str
    folder : Path, optional
        Where calibrations are kept; ``out`` where the server was started.
    """
    place = fit_of(spec, folder or _HERE) / "passport.json"
    if not place.is_file():
        return None
    name = "/".join(place.parts[-3:])  # phones read this page too: where the computer keeps it is not told
    try:
        data = json.loads(place.read_text(encoding="utf-8"))
        sound = int(data["format"]) <= FORMAT and data["case"] == spec.case_name
        return {"sound": sound, "place": name} | (_shown(data, lang) if sound else {})
    except (OSError, ValueError, KeyError, TypeError):
        return {"sound": False, "place": name}


def _shown(data: dict[str, Any], lang: Lang) -> dict[str, Any]:
    outside = data["out_of_sample"]
    verdicts = [str(row["verdict"]) for row in outside]
    open_ones = [row["label"][lang] for row in data["parameters"] if not row["identified"]]
    return {
        "title": data["title"][lang],
        "cannot": [text[lang] for text in data["cannot_say"]],
        "figures": len(data["data"]),
        "inside": sum(bool(row["inside"]) for row in data["data"]),
        "parameters": len(data["parameters"]),
        "open": open_ones,
        "passed": bool(data["recovery"]["passed"]),
        "refused": [row["label"][lang] for row in data["recovery"]["refused"]],
        "wins": verdicts.count("wins"),
        "loses": [row["label"][lang] for row in outside if row["verdict"] == "loses"],
        "outside": len(outside),
        "runs": _whole(data["runs"]),
    }


def _whole(value: Any) -> int:
    return int(sum(value.values())) if isinstance(value, dict) else int(value)
