"""What needs an optional part of coopsim, and how to install it."""

from coopsim.errors import ScenarioError, scenario_error


def missing_extra(module: str, extra: str) -> ScenarioError:
    """Return the refusal of what needs an optional part of coopsim; the message says how to install it."""
    return scenario_error(
        f'il manque « {module} » : pip install "coopsim[{extra}]"',
        f"'{module}' is missing: pip install \"coopsim[{extra}]\"",
    )
