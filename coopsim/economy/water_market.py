r"""A season's market of water quotas, one price in each basin.

The holder *h* asks for :math:`a_h` and holds :math:`q_h`; what it would pay for one m3 more falls in a straight
line to nothing where it has all that it asks for, :math:`v_h(x) = L_h(1 - x/a_h)`. At a price *p* it keeps
:math:`D_h(p) = a_h\,(1 - p/L_h)^+` and sells the rest of its quota; a buyer pays *p* and a cost of transaction *c*.
The price is the one at which what is bought is what is sold, or 0 where there is more to sell than anybody wants.

Without cost of transaction marginal values are equal between all who trade, whatever they were given at the start
[M1972]_, and where nobody stops using water :math:`p = (\sum a_h - \sum q_h)/\sum(a_h/L_h)`. With a cost, values of
a buyer and a seller differ by it, and those whose value is in between do not trade [S1995]_.

References
----------
.. [M1972] Montgomery (1972), *Markets in licenses and efficient pollution control programs*, J. Economic Theory 5.
.. [S1995] Stavins (1995), *Transaction costs and tradeable permits*, J. Environmental Economics and Management 29.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.metrics import sum_by
from coopsim.types import FloatArray, IntArray

_HALVINGS = 60  # of the price: exact to rounding


@dataclass(frozen=True, slots=True)
class Trade:
    """What a market did.

    Attributes
    ----------
    bought : FloatArray, shape (n,), m3
        Negative for what was sold; sums to 0 in each basin.
    used : FloatArray, shape (n,), m3
        What each may and wants to use after it.
    price : FloatArray, shape (basins,), EUR/m3
        0 where nothing was sold.
    """

    bought: FloatArray
    used: FloatArray
    price: FloatArray


def wanted(asked: FloatArray, top: FloatArray, price: FloatArray) -> FloatArray:
    """Return what holders want to use at a price, shape (n,), m3."""
    share = 1.0 - np.divide(price, top, out=np.full_like(top, np.inf), where=top > 0.0)
    out: FloatArray = asked * np.clip(share, 0.0, 1.0)
    return out


def clear(
    asked: FloatArray, quota: FloatArray, top: FloatArray, cost: FloatArray, basin: IntArray, basins: int
) -> Trade:
    """Return what is sold and bought at the price that clears each basin.

    Parameters
    ----------
    asked, quota : FloatArray, shape (n,), m3
    top : FloatArray, shape (n,), EUR/m3
        What the first m3 is worth to each.
    cost : FloatArray, shape (n,), EUR/m3
        Of transaction, for who buys.
    basin : IntArray, shape (n,)
    basins : int
        Number of basins.
    """

    def sides(price: FloatArray) -> tuple[FloatArray, FloatArray]:
        at = price[basin]
        bids = np.maximum(wanted(asked, top, at + cost) - quota, 0.0)
        offers = np.maximum(quota - wanted(asked, top, at), 0.0)
        return bids, offers

    def total(values: FloatArray) -> FloatArray:
        return sum_by(basin, values, basins)

    low, high = np.zeros(basins), np.zeros(basins)
    np.maximum.at(high, basin, top)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        bids, offers = sides(middle)
        short = total(bids) > total(offers)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    bids, offers = sides(high)  # the side that is not short of water
    bought, sold = total(bids), total(offers)
    done = np.minimum(bought, sold)
    bids *= np.divide(done, bought, out=np.zeros(basins), where=bought > 0.0)[basin]
    offers *= np.divide(done, sold, out=np.zeros(basins), where=sold > 0.0)[basin]
    net = bids - offers
    used = np.minimum(asked, quota + net)
    return Trade(net, used, np.where(done > 0.0, high, 0.0))


@dataclass(slots=True)
class MarketState:
    """What the markets of water have done; shape (T,) unless said otherwise.

    Attributes
    ----------
    bought : FloatArray, shape (4, T), m3
        Bought by the users of each territory in the last four quarters, sales not deducted.
    firms, farms : FloatArray, k€
        Paid for quotas in the last quarter, costs of transaction included; negative where more is sold than bought.
    balance : FloatArray, k€
        Received less paid since the start, companies and farmers together.
    lost : FloatArray, k€
        Costs of transaction since the start, paid by buyers to nobody of the case.
    price : FloatArray, EUR/m3
        Highest price of a basin of the territory in the last quarter.
    """

    bought: FloatArray
    firms: FloatArray
    farms: FloatArray
    balance: FloatArray
    lost: FloatArray
    price: FloatArray

    @classmethod
    def founded(cls, territories: int) -> "MarketState":
        """Return the state of markets that have not opened yet."""
        firms, farms, balance, lost, price = np.zeros((5, territories))
        return cls(np.zeros((4, territories)), firms, farms, balance, lost, price)
