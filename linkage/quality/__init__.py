"""Whether the data is what it was, and whom it can see.

:mod:`~linkage.quality.coverage` counts who is resolved, located and covered by each source, by
group; :mod:`~linkage.quality.drift` compares a delivery with the one before it;
:mod:`~linkage.quality.levels` looks for changes of level that no calendar entry explains;
:mod:`~linkage.quality.docs` writes the pages that a data owner opens.
"""
