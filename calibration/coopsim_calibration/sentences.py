"""What a calibrated model cannot say, in sentences drawn from the figures of its calibration."""

from collections.abc import Iterator

import numpy as np

from coopsim.i18n import Text
from coopsim.scenario.parameters import parameters
from coopsim_calibration.fitting import Result
from coopsim_calibration.observables import SYSTEM, observables

_FEW_WITHIN = 0.85
_LOW_Q2 = 0.5
_SAME = 0.1  # an outcome's range narrower by less than this: the fit says nothing about it


def parameter_label(key: str) -> Text:
    """Return what a parameter is called."""
    found = parameters().get(key)
    return found.text if found else Text(key, key)


def place_label(result: Result, code: str) -> Text:
    """Return the name of a territory."""
    names = result.study.scenario.territory_names
    return (
        Text("l'ensemble", "the whole")
        if code == SYSTEM
        else Text(names.get(code, code), names.get(code, code))
    )


def figure_label(result: Result, target: str) -> Text:
    """Return what a target is called, with its place and its years."""
    indicator, code, period = target.split("@")
    label, place = observables()[indicator].text, place_label(result, code)
    return Text(f"{label.fr}, {place.fr}, {period}", f"{label.en}, {place.en}, {period}")


def cannot_say(result: Result) -> list[Text]:
    """Return the study's own sentences, then those that its figures ask for."""
    own = [sentence.text() for sentence in result.study.spec.cannot_say]
    return [*own, *_fit(result), *_parameters(result), *_predictions(result), *_means(result)]


def _fit(result: Result) -> Iterator[Text]:
    if result.share_left == 0.0:
        yield Text(
            "Tout est écarté : aucun jeu de paramètres ne donne ces données à moins de trois écarts. Soit le modèle "
            "est faux, soit ce qu'il ne sait pas reproduire a été sous-estimé ; ce qui suit n'est pas un ajustement.",
            "Everything is ruled out: no set of parameters gives these data within three errors. Either the model is "
            "wrong, or what it cannot reproduce was understated; what follows is no fit.",
        )
    for row in result.tables["predictive"].to_dict("records"):
        if not row["inside"]:
            label = figure_label(result, row["target"])
            yield Text(
                f"Le modèle ajusté ne reproduit pas : {label.fr}.",
                f"The fitted model does not reproduce: {label.en}.",
            )


def _parameters(result: Result) -> Iterator[Text]:
    frame = result.tables["parameters"]
    idle = [parameter_label(key) for key in frame["parameter"][~frame["identified"].astype(bool)]]
    if idle:
        yield Text(
            "Ces données ne fixent pas : " + " ; ".join(text.fr for text in idle)
            + ". Tout résultat qui en dépend doit être balayé.",
            "These data do not settle: " + "; ".join(text.en for text in idle)
            + ". Any result that depends on them has to be swept.",
        )  # fmt: skip
    recovery = result.tables["recovery"]
    wrong = [parameter_label(key) for key in recovery["parameter"][~recovery["sound"].astype(bool)]]
    if wrong:
        yield Text(
            "Les intervalles à 90 % ne tiennent pas ce qu'ils promettent pour : " + " ; ".join(t.fr for t in wrong)
            + " (fonds de simulations trop petit ?) : ne pas les citer.",
            "The 90 % intervals do not hold what they promise for: " + "; ".join(t.en for t in wrong)
            + " (pool of simulations too small?): do not quote them.",
        )  # fmt: skip


def _predictions(result: Result) -> Iterator[Text]:
    frame = result.tables["out_of_sample"]
    if not len(frame):
        yield Text("Rien n'a été mis de côté : rien ne dit ce que valent ses prédictions.",
                   "Nothing was held out: nothing tells what its predictions are worth.")  # fmt: skip
        return
    known = [figure_label(result, row["target"]) for row in frame.to_dict("records") if row["starts_from_it"]]
    if known:
        yield Text(
            "Mis de côté, mais déjà dans l'état d'où partent les simulations (ou tiré des mêmes observations) ; les "
            "prédire n'est pas une épreuve : " + " ; ".join(text.fr for text in known) + ".",
            "Held out, but already in the state that runs start from (or made of the same observations); predicting "
            "them is no test: " + "; ".join(text.en for text in known) + ".",
        )  # fmt: skip
    names = {"persistence": Text("la persistance", "persistence"), "trend": Text("la tendance", "the trend")}
    for row in frame[frame["verdict"] == "loses"].to_dict("records"):
        who = [names[name] for name in row["loses_to"].split(", ")]
        label = figure_label(result, row["target"])
        fr = "prédisent" if len(who) > 1 else "prédit"
        en = "predict" if len(who) > 1 else "predicts"
        yield Text(
            f"{label.fr} : {' et '.join(t.fr for t in who)} {fr} mieux que le modèle.",
            f"{label.en}: {' and '.join(t.en for t in who)} {en} better than the model.",
        )


def _means(result: Result) -> Iterator[Text]:
    check = result.tables["emulators"].groupby("target", sort=False)[["within_2", "q2"]].min()
    for name in check.index[(check["within_2"] < _FEW_WITHIN) | (check["q2"] < _LOW_Q2)]:
        label = figure_label(result, str(name))
        yield Text(f"Émulateur faible pour {label.fr} : indices de Sobol et espace écarté y sont peu sûrs.",
                   f"Weak emulator for {label.en}: Sobol indices and what is ruled out are unsure there.")  # fmt: skip
    noise = result.tables["noise"]
    for row in noise[noise["luck_sd"] > noise["error_sd"]].to_dict("records"):
        label = figure_label(result, row["target"])
        yield Text(f"Le hasard d'un monde à l'autre dépasse l'erreur admise : {label.fr}.",
                   f"Luck from one world to the next exceeds the error allowed: {label.en}.")  # fmt: skip
    outcomes = result.tables["outcomes"].to_dict("records")
    same = [str(row["outcome"]) for row in outcomes if float(row["narrower_by"]) < _SAME]
    if same:
        listed = ", ".join(same)
        yield Text(f"L'ajustement ne resserre pas : {listed}.", f"The fit does not narrow: {listed}.")
    if result.failed:
        yield Text(f"{result.failed} simulations sur {result.runs} ont échoué et manquent à l'ajustement.",
                   f"{result.failed} of {result.runs} runs failed and are missing from the fit.")  # fmt: skip


def finite(value: object) -> object:
    """Return a value as JSON takes it: None for a number that is not finite."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
