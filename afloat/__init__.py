"""The command line: what people do outside Dagster's pages."""
