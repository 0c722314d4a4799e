"""Plants faults in a new tree, each of them alone, to see whether a proof catches them. Pure; shares no code with the claims.

What it knows of files it reads by itself, line by line: a parser that it shared with the claims would have their blind spots.
"""

from migrate.plant.ground import Ground
from migrate.plant.registry import KINDS, Planter, plant

__all__ = ["KINDS", "Ground", "Planter", "plant"]
