"""Phase 7: projects and companies look for a place."""
