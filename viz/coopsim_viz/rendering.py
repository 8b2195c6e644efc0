"""Templates of plain pages and of the report: every value is escaped unless a template says otherwise."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=PackageLoader(package, "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def rendered(package: str, template: str, **values: Any) -> str:
    """Return a template that stands in a package, filled; a value that is missing is an error."""
    return _environment(package).get_template(template).render(**values)
