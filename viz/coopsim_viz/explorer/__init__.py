"""What a batch says: what drives what, where each regime wins, under which conditions, and the worst cases."""
