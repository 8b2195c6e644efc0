"""The society: people, councils, elections, ties, pacts, and the games that strategic makers play."""
