"""聘用能做的事，按人们的说法分开：聘用、完善信息、离职、解聘、转出。"""

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
from shiming.employment.commands.profile import complete_profile
from shiming.employment.commands.transfer import answer_transfer, request_transfer, stop_transfer
from shiming.employment.commands.workers import change_worker, keep_worker

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
    "expire_old",
    "flag_overdue_leaves",
    "give_up_awaiting",
    "invite",
    "keep_worker",
    "propose_dismissal",
    "register",
    "release",
    "request_leave",
    "request_transfer",
    "stop_transfer",
    "withdraw",
    "withdraw_many",
]
