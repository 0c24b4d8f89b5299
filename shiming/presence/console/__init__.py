"""进退场 on the PC of the site: lists, entry, exit, the managers' own list, the start page, the site code."""

from shiming.presence.console.entries import entries, entry, listing
from shiming.presence.console.exits import exits, leaving
from shiming.presence.console.home import home
from shiming.presence.console.managers import manager_entries, manager_exits, managers
from shiming.presence.console.show import reminders, show, why
from shiming.presence.console.site_code import poster, renewal, site_code

__all__ = [
    "entries",
    "entry",
    "exits",
    "home",
    "leaving",
    "listing",
    "manager_entries",
    "manager_exits",
    "managers",
    "poster",
    "reminders",
    "renewal",
    "show",
    "site_code",
    "why",
]
