"""Lines of the account of a territory, each with its counterpart outside."""

import numpy as np

from coopsim.types import BoolArray, IntArray

# Revenue lines up to `REVENUES` are positive, the others negative; second item: the counterpart.
LINES: tuple[tuple[str, str], ...] = (
    ("cfe", "firms"),
    ("property_tax", "owners"),
    ("second_home_tax", "owners"),
    ("shop_tax", "firms"),
    ("network_tax", "firms"),
    ("vat_fraction", "state"),
    ("grant", "state"),
    ("compensation_grant", "state"),
    ("fpic", "other_groups"),
    ("river_tax", "owners"),
    ("river_levy", "owners"),
    ("waste_tax", "owners"),
    ("fees", "households"),
    ("land_sales", "firms"),
    ("leases", "firms"),
    ("clawback", "firms"),
    ("outside_funding", "state"),
    ("shared_revenue", "territories"),
    ("services", "households"),
    ("attribution", "communes"),
    ("solidarity", "communes"),
    ("centrality", "households"),
    ("river_works", "suppliers"),
    ("waste", "suppliers"),
    ("equipment", "builders"),
    ("land_development", "builders"),
    ("remediation", "builders"),
    ("subsidies", "firms"),
    ("marketing", "suppliers"),
    ("programmes", "suppliers"),
    ("animation", "staff"),
    ("fines", "territories"),
    ("compensation", "territories"),
    ("projects", "builders"),
    ("body_contributions", "bodies"),
    ("interest", "banks"),
)
REVENUES = tuple(name for name, _ in LINES[: [name for name, _ in LINES].index("shared_revenue") + 1])
# Accounts outside the territories, and "territories", what they owe each other: it sums to zero.
COUNTERPARTS = tuple(sorted({payer for _, payer in LINES}))
ACCOUNT: IntArray = np.array([COUNTERPARTS.index(payer) for _, payer in LINES])
# Land, works and aid that may be paid by debt; the rest must be paid by running revenue (CGCT L1612-4).
INVESTMENT = ("land_sales", "equipment", "land_development", "remediation", "projects")
LINE = {name: index for index, (name, _) in enumerate(LINES)}
RUNNING: BoolArray = np.array([name not in INVESTMENT for name, _ in LINES])
