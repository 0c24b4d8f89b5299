"""Fates of people: a fate is a sequence of steps, with the days since the last one."""

from dataclasses import dataclass

from shiming.demo.city.rows import chooser
from shiming.projects.policies import AUDIT_BIND, INVITE_SCAN, SITE_DIRECT, TWO_TIER

VERIFIED = ("submit", "verify")
INVITED = (*VERIFIED, "invite")
HIRED = (*INVITED, "confirm")
COMPLETE = (*HIRED, "complete")
ALLOCATED = (*COMPLETE, "allocate")
ACCEPTED = (*ALLOCATED, "accept")
ON_SITE = (*ACCEPTED, "enter")
LEFT_SITE = (*ON_SITE, "exit")
AT_DESK = ("read", "register_entry")  # registration at the desk [003]
HIRED_DIRECTLY = ("read", "hire")  # labour company allocates, specialist receives [000]
RECEIVED = (*HIRED_DIRECTLY, "allocate", "receive")


@dataclass(frozen=True)
class Fate:
    name: str
    share: int  # per thousand, approximately
    steps: tuple[str, ...]
    ago: tuple[int, int]
    flow: str = INVITE_SCAN.code


FATES = (
    Fate("on_site", 560, ON_SITE, (1, 150)),
    Fate("second_site", 60, (*LEFT_SITE, "allocate", "accept", "enter"), (1, 60)),
    Fate("between_sites", 50, LEFT_SITE, (1, 60)),
    Fate("left_firm", 45, (*LEFT_SITE, "ask_leave", "grant_leave"), (2, 100)),
    Fate("dismissed", 10, (*ON_SITE, "dismiss", "agree"), (2, 60)),
    Fate("at_the_gate", 30, ACCEPTED, (1, 3)),
    Fate("to_be_confirmed", 30, COMPLETE, (6, 30)),  # allocated in today.py by commands, as it waits for an answer
    Fate("rejected", 8, COMPLETE, (8, 30)),
    Fate("removed", 5, (*ALLOCATED, "remove"), (1, 9)),
    Fate("drafted", 3, (*COMPLETE, "draft"), (1, 9)),
    Fate("complete", 50, COMPLETE, (1, 30)),
    Fate("incomplete", 15, HIRED, (1, 6)),
    Fate("declined", 5, (*INVITED, "decline"), (1, 30)),
    Fate("withdrawn", 4, (*INVITED, "withdraw"), (1, 30)),
    Fate("free", 60, VERIFIED, (1, 40)),
    Fate("waiting", 20, ("submit",), (1, 17)),
    Fate("failed", 8, ("submit", "fail"), (1, 12)),
    Fate("irregular", 4, ("irregular",), (2, 30)),
    Fate("desk_on_site", 56, AT_DESK, (1, 150), SITE_DIRECT.code),
    Fate("desk_irregular", 7, ("irregular", "register_entry"), (1, 60), SITE_DIRECT.code),
    Fate("desk_read_later", 3, ("irregular", "register_entry", "read"), (1, 60), SITE_DIRECT.code),
    Fate("desk_left", 16, (*AT_DESK, "rate"), (1, 60), SITE_DIRECT.code),
    Fate("desk_back", 5, (*AT_DESK, "rate", "register_entry"), (1, 60), SITE_DIRECT.code),
    Fate("desk_expected", 5, ("read",), (1, 10), SITE_DIRECT.code),  # card read, not yet registered at the desk
    Fate("sent_on_site", 54, RECEIVED, (1, 150), TWO_TIER.code),
    Fate("sent_left", 10, (*RECEIVED, "rate"), (1, 60), TWO_TIER.code),
    Fate("sent_released", 6, (*RECEIVED, "release"), (2, 60), TWO_TIER.code),
    Fate("sent_again", 3, (*RECEIVED, "release", "hire"), (1, 30), TWO_TIER.code),
    Fate("sent_to_be_received", 9, HIRED_DIRECTLY, (6, 30), TWO_TIER.code),
    Fate("sent_to_be_refused", 3, HIRED_DIRECTLY, (6, 30), TWO_TIER.code),
    Fate("hired_directly", 6, HIRED_DIRECTLY, (1, 20), TWO_TIER.code),
    Fate("about_to_be_hired", 4, ("read",), (1, 6), TWO_TIER.code),
    Fate("unread", 3, ("irregular",), (1, 20), TWO_TIER.code),
    Fate("bound", 46, (*HIRED_DIRECTLY, "bind"), (1, 150), AUDIT_BIND.code),
    Fate("to_be_bound", 0, VERIFIED, (12, 30), AUDIT_BIND.code),  # registered, submitted and audited in bindings.py
    Fate("scans_poster", 0, ("submit",), (7, 12), AUDIT_BIND.code),
)
BY_NAME = {fate.name: fate for fate in FATES}
a_fate = chooser({fate: fate.share for fate in FATES})

# step → days since the previous step
GAPS = {
    "verify": (2, 6), "fail": (2, 9), "invite": (1, 12), "confirm": (0, 3), "decline": (1, 4), "withdraw": (1, 6),
    "complete": (0, 3), "allocate": (0, 4), "draft": (0, 2), "accept": (0, 2), "remove": (0, 3),
    "enter": (1, 2), "exit": (15, 90), "ask_leave": (1, 5), "grant_leave": (1, 5), "dismiss": (10, 60), "agree": (1, 2),
    "read": (1, 9), "register_entry": (0, 4), "rate": (15, 90), "hire": (0, 5), "receive": (0, 2), "release": (12, 80),
    "bind": (1, 4),
}  # fmt: skip
