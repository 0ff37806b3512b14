"""Models of what may come, how well they did on months they had not seen, and why a home was named.

One calibrated gradient-boosted model for each outcome, always beside plain rules and a logistic
regression. Splits are by time with an embargo, lists are as long as a team's capacity, and every
listed household's raw score is the sum of its contributions.
"""
