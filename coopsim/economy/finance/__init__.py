r"""Public finance of an intercommunalité under single business tax (fiscalité professionnelle unique).

Running account of a quarter, k€; every line has a payer and a payee (`LINES`):

.. math:: D' = D(1 + r/4) - \sum \text{revenue} + \sum \text{spending}

The share of national VAT replaced the CVAE in 2023 and does not follow local firms, which weakens
the fiscal motive of attractiveness. Attribution de compensation is fixed at base-year product.

Two sets of rules: ``simple`` (`simple`: shares of the budget) and ``french`` (`french`: every line by its article
of law, read from the dated file of legal facts, `law`).
"""

from coopsim.economy.finance.accounts import FinanceState, close_quarter, share_revenue, split_bill
from coopsim.economy.finance.law import FinanceLaw, LawBook
from coopsim.economy.finance.lines import COUNTERPARTS, LINE, LINES, REVENUES, RUNNING
from coopsim.economy.finance.params import FinanceParams
from coopsim.economy.finance.simple import (
    centrality_per_yr,
    cfe_per_yr,
    fade_centrality,
    founded,
    grant,
    ordinary_lines,
)
from coopsim.economy.finance.state import FrenchParams, FrenchState

__all__ = [
    "COUNTERPARTS",
    "LINE",
    "LINES",
    "REVENUES",
    "RUNNING",
    "FinanceLaw",
    "FinanceParams",
    "FinanceState",
    "FrenchParams",
    "FrenchState",
    "LawBook",
    "centrality_per_yr",
    "cfe_per_yr",
    "close_quarter",
    "fade_centrality",
    "founded",
    "grant",
    "ordinary_lines",
    "share_revenue",
    "split_bill",
]
