"""Commands on employments: hiring, profile, leaving, dismissal, transfer."""

from shiming.employment.commands.direct import answer_registration, register, release
from shiming.employment.commands.dismissal import answer_dismissal, cancel_dismissal, propose_dismissal
from shiming.employment.commands.hiring import (
    confirm,
    continue_awaiting,
    decline,
    expire_old,
    give_up_awaiting,
    invite,
    withdraw,
    withdraw_many,
)
from shiming.employment.commands.leaving import (
    answer_leave,
    cancel_leave,
    flag_overdue_leaves,
    request_leave,
)
from shiming.employment.commands.manager_drafts import (
    discard_old_drafts,
    discard_typed,
    draft_for,
    draft_of_manager,
    keep_typed,
    keep_typed_photo,
    looked_up,
    photos_of,
    register_from_draft,
    start_manager_draft,
    update_from_draft,
)
from shiming.employment.commands.managers import register_manager, update_manager
from shiming.employment.commands.profile import complete_profile
from shiming.employment.commands.transfer import answer_transfer, request_transfer, stop_transfer
from shiming.employment.commands.workers import change_worker, keep_worker, worker_here

__all__ = [
    "answer_dismissal",
    "answer_leave",
    "answer_registration",
    "answer_transfer",
    "cancel_dismissal",
    "cancel_leave",
    "change_worker",
    "complete_profile",
    "confirm",
    "continue_awaiting",
    "decline",
    "discard_old_drafts",
    "discard_typed",
    "draft_for",
    "draft_of_manager",
    "expire_old",
    "flag_overdue_leaves",
    "give_up_awaiting",
    "invite",
    "keep_typed",
    "keep_typed_photo",
    "keep_worker",
    "looked_up",
    "photos_of",
    "propose_dismissal",
    "register",
    "register_from_draft",
    "register_manager",
    "release",
    "request_leave",
    "request_transfer",
    "start_manager_draft",
    "stop_transfer",
    "update_from_draft",
    "update_manager",
    "withdraw",
    "withdraw_many",
    "worker_here",
]
