"""The same features, scores and explanations where one machine is outgrown: on Spark.

SQL is what DuckDB runs, said again by SQLGlot in Spark's words; what isn't SQL is the same function
of Arrow tables.
"""
