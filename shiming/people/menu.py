"""Menu entries of the people module."""

from django.db.models import QuerySet

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Actor, Door, Role
from shiming.people import queries
from shiming.people.models import Person
from shiming.web import menu


def _unclear(actor: Actor) -> QuerySet[Person]:
    return queries.pending(actor, only_unclear=True)


PEOPLE = {"group": "人员", "label": "人员", "url_name": "people", "icon": "users"}
menu.add(door=Door.COMPANY, roles=(*COMPANY_ROLES, Role.PARTICIPANT_CLERK, Role.IMPLEMENTER), order=28, **PEOPLE)
menu.add(door=Door.SITE, roles=(*SITE_ROLES, Role.SUPERVISION_PM), order=48, **PEOPLE)
menu.add(door=Door.OVERSIGHT, roles=(Role.REGULATOR,), order=30, **PEOPLE)
ADMIN = {"door": Door.ADMIN, "roles": (Role.SYS_ADMIN,), "group": "人员"}
menu.add(**ADMIN, label="人员核验", url_name="person-identity", icon="shield-check", order=30, badge=_unclear)
menu.add(**ADMIN, label="人员", url_name="people", icon="users", order=31)
menu.add(door=Door.PERSON, roles=(Role.PERSON,), group="", label="我的", url_name="me", icon="user", order=50, tab=True)
