"""Record builders: one module a source, each turning what happened into what was written down."""
