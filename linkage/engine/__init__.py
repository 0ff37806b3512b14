"""Record linkage that knows nothing of councils: exact keys, then Splink, then clusters.

The same functions link Afloat's own extracts and the public benchmark records of the tests.
"""
