"""Dagster's view of the walk: thin assets and checks that call the packages.

The only package that imports Dagster. Nothing here decides anything: an asset opens the zone that
it needs, calls one function of one package, and reports what it made.
"""
