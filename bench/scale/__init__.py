"""What a place costs on each engine, measured at two sizes, each run in a process of its own."""
