"""Phases 5 and 6: companies, work, and the local economy around them."""
