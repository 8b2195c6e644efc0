"""Phase 9: bodies that territories share: water services, river boards, charters of forests, PETR."""
