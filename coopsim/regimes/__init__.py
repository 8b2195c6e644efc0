"""The map of regimes: planes of two assumptions, and which of two regimes wins in each of their cells."""

from coopsim.regimes.plane import Plane, benjamini_hochberg, check_plane, plane_folder, plane_of, smaller

__all__ = ["PLANES", "Plane", "benjamini_hochberg", "check_plane", "plane_folder", "plane_of", "smaller"]

PLANES = (
    "regimes-scarcity-trust",
    "regimes-cost-mobility",
    "regimes-information-heterogeneity",
    "regimes-number-sharing",
)
"""The shipped planes."""
