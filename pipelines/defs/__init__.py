"""Assets by group, one module for each part of the walk."""
