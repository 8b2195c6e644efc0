"""Sensitivity and calibration studies of coopsim: an outer package, the core cannot import it."""
