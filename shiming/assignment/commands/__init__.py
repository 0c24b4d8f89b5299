"""What can be done with allocations and bindings."""

from shiming.assignment.commands.allocations import allocate_directly, propose, propose_managers, remove, resubmit
from shiming.assignment.commands.answers import accept, reject
from shiming.assignment.commands.bindings import discard, draft, hold_place, submit
from shiming.assignment.commands.rows import TWICE, end, hold, hold_all, proposal

__all__ = [
    "TWICE",
    "accept",
    "allocate_directly",
    "discard",
    "draft",
    "end",
    "hold",
    "hold_all",
    "hold_place",
    "proposal",
    "propose",
    "propose_managers",
    "reject",
    "remove",
    "resubmit",
    "submit",
]
