"""Phase 9: councils: what they know, look at, debate, vote and carry out."""
