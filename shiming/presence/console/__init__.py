"""进退场 on the PC of the site: lists, entry, exit, the managers' own list, the start page, the site code."""

from shiming.presence.console.desk import desk, edit, irregular, queue, registration, undo, who
from shiming.presence.console.entering import entries, entry, export, listing
from shiming.presence.console.home import home
from shiming.presence.console.leaving import exits, leaving
from shiming.presence.console.managers import manager_entries, manager_exits, managers
from shiming.presence.console.one import reminders, show, why
from shiming.presence.console.record import exits as desk_exits
from shiming.presence.console.record import query, record
from shiming.presence.console.site_code import poster, renewal, site_code

__all__ = [
    "desk",
    "desk_exits",
    "edit",
    "entries",
    "entry",
    "exits",
    "export",
    "home",
    "irregular",
    "leaving",
    "listing",
    "manager_entries",
    "manager_exits",
    "managers",
    "poster",
    "query",
    "queue",
    "record",
    "registration",
    "reminders",
    "renewal",
    "show",
    "site_code",
    "undo",
    "who",
    "why",
]
