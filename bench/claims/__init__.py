"""Claims by subject, each recomputed from scratch: nothing here is typed in."""
