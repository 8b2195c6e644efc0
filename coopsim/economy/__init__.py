"""The economy: companies, siting, transition, public finance. Pure functions and compiled kernels."""
