"""The live viewer of coopsim: an outer package, the core cannot import it."""
