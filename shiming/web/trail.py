"""The trail as the pages print it: sentences with a time, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from shiming.core.actor import Actor, Door, Role
from shiming.core.audit import trail_of
from shiming.core.events import Event
from shiming.core.models import AuditEntry

MOST = 100

# event → (tone, icon). Other events: icon by the first word of the event, else plain.
LOOKS = {
    Event.PERSON_VERIFIED: ("ok", "shield-check"),
    Event.PERSON_FAILED: ("stop", "circle-x"),
    Event.PERSON_REVEALED: ("alarm", "eye"),
    Event.PERSON_REVIEWED: ("", "eye"),
    Event.ATTACHMENT_OPENED: ("", "eye"),
    Event.EMPLOYMENT_CONFIRMED: ("ok", "circle-check"),
    Event.EMPLOYMENT_DECLINED: ("stop", "circle-x"),
    Event.EMPLOYMENT_ENDED: ("", "circle-minus"),
    Event.ASSIGNMENT_ACCEPTED: ("ok", "circle-check"),
    Event.ASSIGNMENT_REJECTED: ("stop", "circle-x"),
    Event.STAY_OPENED: ("ok", "login"),
    Event.STAY_CLOSED: ("", "logout"),
    Event.STAY_CLOSED_BY_END: ("wait", "logout"),
    Event.ENTRY_REFUSED: ("stop", "hand-stop"),
    Event.CORRECTION_APPROVED: ("ok", "circle-check"),
    Event.CORRECTION_DENIED: ("stop", "circle-x"),
}
KINDS = {
    "person": "id",
    "identity": "id",
    "employment": "briefcase",
    "leave": "door-exit",
    "dismissal": "clock-pause",
    "transfer": "switch",
    "assignment": "clipboard",
    "stay": "login",
    "entry": "login",
    "correction": "pencil",
    "grant": "key",
    "contract": "file-text",
    "project": "building",
    "policy": "building",
    "company": "building",
    "data": "download",
    "attachment": "paperclip",
    "credential": "certificate",
}


@dataclass(frozen=True)
class Line:
    """One entry of the trail, as the timeline component prints it."""

    at: datetime
    sentence: str
    by: str
    tone: str = ""
    icon: str = ""
    note: str = ""


def trail(subject: models.Model, actor: Actor, *, most: int = MOST) -> list[Line]:
    """The events of one object that the actor may see. For the whole trail of a person use people.queries.story."""
    return lines(trail_of(subject)[:most], actor)


def lines(entries: Iterable[AuditEntry], actor: Actor) -> list[Line]:
    return [line(entry, actor) for entry in entries]


def line(entry: AuditEntry, actor: Actor) -> Line:
    tone, icon = look(entry.event)
    return Line(entry.at, str(entry), _where_from(entry), tone, icon, _note(entry, actor))


def look(event: str) -> tuple[str, str]:
    return LOOKS.get(event) or ("", KINDS.get(event.partition(".")[0], ""))


def as_whom(entry: AuditEntry) -> str:
    """The role of the entry; 账号 before a role is chosen, as at login, and 未登录 for a failed login."""
    if entry.role == Role.SYSTEM and entry.user_id:
        return "账号"
    return "未登录" if entry.event == Event.LOGIN_FAILED else Role(entry.role).label


def _where_from(entry: AuditEntry) -> str:
    """The door and role of the user; for the system, its name."""
    if entry.role == Role.SYSTEM and not entry.user_id:
        return entry.by
    return f"{Door(entry.door).label} {as_whom(entry)}"


def _note(entry: AuditEntry, actor: Actor) -> str:
    """Old and new values, for the roles that may see the full history: the system administrator and the worker."""
    if actor.role not in (Role.SYS_ADMIN, Role.PERSON) or not (entry.before and entry.after):
        return ""
    changed = (name for name in entry.after if entry.before.get(name) != entry.after[name])
    return "；".join(f"{entry.before.get(name) or '空'} → {entry.after[name] or '空'}" for name in changed)
