"""Calibration of coopsim: for now, simulated against observed figures of a case."""

from coopsim_calibration.observed import observed_table

__all__ = ["observed_table"]
