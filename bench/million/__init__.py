"""One million people in three registers: the engine beside a plain Splink run."""
