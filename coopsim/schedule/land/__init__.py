"""Phase 2: land, its openings, its rights and what occupies it."""
