"""Climate, water, wood and land: pure functions on arrays that do not know each other."""
