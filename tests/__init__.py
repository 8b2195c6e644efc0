"""A package, so that no other package named tests stands before it (ipyvue 1.9 brings one)."""
