"""Phases 2 to 4: water and wood, their rules, levies and quotas."""
