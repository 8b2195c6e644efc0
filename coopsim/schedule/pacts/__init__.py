"""Phase 9: pacts between councils, from the first call to the last exit."""
