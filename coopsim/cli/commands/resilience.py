"""``resilience``: what a shock does to scenarios, and how they come back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json, Replicates, RuleFiles, Seed, Settings, Workers, Years
from coopsim.cli.failures import say
from coopsim.cli.inputs import checked_seed, each, scenarios_of, use_rules
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, table, write_json
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text

if TYPE_CHECKING:
    from coopsim.resilience import Resilience, Setback

_RUNNING = Text("Simulations", "Runs")
_TITLE = Text("{name} : le choc du trimestre {tick}", "{name}: the shock of quarter {tick}")
_HEADS = [
    Text("Indicateur", "Indicator"),
    Text("touchés, % des mondes", "hit, % of worlds"),
    Text("profondeur, %", "depth, %"),
    Text("surface perdue, années-%", "area lost, %-years"),
    Text("retour, années (médiane)", "recovery, years (median)"),
    Text("revenus avant l'horizon, %", "recovered by the horizon, %"),
]
_NOTE = Text(
    "Chaque monde est simulé avec et sans le choc. Profondeur : perte la plus forte, en part de la valeur sans choc, "
    "moyenne et intervalle à 95 %. Retour : il manque au plus un dixième de la profondeur, jusqu'à l'horizon.",
    "Each world is run with and without the shock. Depth: largest loss, as a share of the value without it, mean and "
    "95% interval. Recovery: at most a tenth of the depth is still missing, up to the horizon.",
)


def resilience(
    scenarios: Annotated[list[str], typer.Argument(metavar="A [B...]")],
    events: Annotated[list[str], typer.Option("--event", metavar="WHAT=AMOUNT@WHEN[+QUARTERS]")] = [],  # noqa: B006 - typer copies it
    settings: Settings = [],  # noqa: B006
    replicates: Replicates = 20,
    first_seed: Seed = 0,
    years: Years = None,
    workers: Workers = None,
    rule_files: RuleFiles = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Tell how scenarios take a shock."""
    checked_seed(first_seed)
    if replicates < 2:  # noqa: PLR2004 - an interval needs two worlds
        raise scenario_error(
            "valeur trop petite", "too small", key="--replicates", value=replicates, allowed="≥ 2"
        )
    use_rules(rule_files)
    specs = scenarios_of(scenarios, settings, years)
    from coopsim.resilience import parsed_event, twins
    from coopsim.resilience import resilience as study

    shock = each(parsed_event, events)
    each(lambda spec: twins(spec, shock), specs)
    compiled()
    with progress(_RUNNING) as on_done:
        found = study(specs, shock, replicates, first_seed, workers=workers, progress=on_done)
    if as_json:
        write_json([_plain(result) for result in found])
        return
    for result in found:
        title = _TITLE.format(name=result.scenario, tick=result.first)
        console().print(table(_HEADS, [_row(name, back) for name, back in result.setbacks.items()], title))
    say(str(_NOTE))


def _row(name: str, back: "Setback") -> list[str]:
    from coopsim.comparison.words import number
    from coopsim.indicators import BY_NAME
    from coopsim.resilience import middle

    worlds = back.depth.size
    recovery = middle(back.recovery)
    return [
        str(BY_NAME[name].label),
        number(100.0 * float(back.hit.sum()) / worlds, "", 0),
        _interval(100.0 * back.depth),
        _interval(100.0 * back.area),
        str(Text("pas avant l'horizon", "not by the horizon"))
        if recovery == float("inf")
        else number(recovery, "", 2),
        number(100.0 * float(back.recovered.sum()) / back.hit.sum(), "", 0) if back.hit.any() else "–",
    ]


def _interval(values: Any) -> str:
    from coopsim.comparison.statistics import paired_effect
    from coopsim.comparison.words import number

    effect = paired_effect(values[:, None])
    mean, low, high = (float(x[0]) for x in (effect.mean, effect.low, effect.high))
    return f"{number(mean, '', 2)} [{number(low, '', 2)} ; {number(high, '', 2)}]"


def _plain(result: "Resilience") -> dict[str, Any]:
    return {
        "scenario": result.scenario,
        "first_tick": result.first,
        "indicators": {
            name: {part: getattr(back, part) for part in ("depth", "trough", "recovery", "area")}
            for name, back in result.setbacks.items()
        },
    }
