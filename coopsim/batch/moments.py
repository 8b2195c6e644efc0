"""Moments of a log-normal variable and of its logarithm."""

import math


def log_moments(mean: float, sd: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of a log-normal variable."""
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - 0.5 * variance, math.sqrt(variance)
