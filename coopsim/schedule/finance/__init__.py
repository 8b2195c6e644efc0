"""Phase 8: public finance, its law, and what is paid together."""
