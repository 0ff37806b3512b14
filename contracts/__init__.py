"""What every table, column, policy and place setting means.

The first room of the house: it imports from no other package of ours, and each of the others may
import from it.
"""
