"""What was known of each household at each month end, and what happened to it afterwards.

``features.catalogue.CATALOGUE`` declares every feature once, with its own sentence;
``features.build`` and ``features.labels`` write the two tables; ``features.sentences`` says a value
in plain words.
"""
