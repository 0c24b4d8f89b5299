"""Menu entries of attendance."""

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Door, Role
from shiming.web import menu

READERS = (
    (Door.SITE, (*SITE_ROLES, Role.SUPERVISION_PM)),
    (Door.COMPANY, COMPANY_ROLES),
    (Door.OVERSIGHT, (Role.REGULATOR,)),
)
for door, roles in READERS:
    group = {"door": door, "roles": roles, "group": "考勤"}
    menu.add(**group, label="考勤", url_name="attendance-list", icon="calendar", order=60)
    menu.add(**group, label="月考勤表", url_name="attendance-month", icon="calendar-month", order=61)
    menu.add(**group, label="考勤更正", url_name="attendance-corrections", icon="edit", order=62)
SITE = {"door": Door.SITE, "roles": (*SITE_ROLES, Role.SUPERVISION_PM), "group": "考勤"}
menu.add(**SITE, label="班次规则", url_name="attendance-shifts", icon="clock", order=63)
PERSON = {"door": Door.PERSON, "roles": (Role.PERSON,), "group": ""}
menu.add(**PERSON, label="考勤", url_name="my-attendance", icon="calendar-month", order=40, tab=True)
