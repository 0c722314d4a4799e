"""take_inventory -> make_plan -> apply_plan -> prove: what the commands do, with the outside world handed in. READ FIRST.

`stock` reads a commit and says what is here. `plan` makes the plan. `apply` plans, proves and publishes. `prove` judges any two
commits. `stored` is what a proof leaves behind. `undo` takes back an apply. Everything that decides lies in the rooms below
(analyzers, flatten, claims); everything that acts comes in as a `World`.
"""

from migrate.pipeline.apply import apply_plan
from migrate.pipeline.judged import ApplyRequest
from migrate.pipeline.phases import require_named
from migrate.pipeline.plan import make_plan
from migrate.pipeline.prove import ProveRequest, proof_case, prove
from migrate.pipeline.pulled import with_charts
from migrate.pipeline.rerun import nothing_new
from migrate.pipeline.stock import Stock, World, take_inventory
from migrate.pipeline.undo import undo

__all__ = [
    "ApplyRequest",
    "ProveRequest",
    "Stock",
    "World",
    "apply_plan",
    "make_plan",
    "nothing_new",
    "proof_case",
    "prove",
    "require_named",
    "take_inventory",
    "undo",
    "with_charts",
]
