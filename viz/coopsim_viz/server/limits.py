"""Rates: how often one address may ask, and how often it may guess a room's code. Kept in memory only."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_ADDRESSES = 5000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rate:
    """A token bucket for each address.

    Parameters
    ----------
    per_second : float
    burst : float
        Requests that may come at once.
    """

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_second, burst, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, address: str, cost: float = 1.0) -> bool:
        """Return whether an address may ask now, and count it if so."""
        with self._lock:
            now = self._clock()
            bucket = self._buckets.setdefault(address, _Bucket(self._burst, now))
            self._buckets.move_to_end(address)
            bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
            bucket.at = now
            while len(self._buckets) > _MOST_ADDRESSES:
                self._buckets.popitem(last=False)
            if bucket.tokens < cost:
                return False
            bucket.tokens -= cost
            return True
