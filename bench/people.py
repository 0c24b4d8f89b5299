"""The sample of people, the actors of the bench, and people hired for a measurement."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shiming.accounts.hats import offers
from shiming.accounts.models import User
from shiming.assignment.models import Assignment
from shiming.core.actor import Actor
from shiming.core.bulk import copy_rows
from shiming.demo.city.accounts import known
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import Participation

WHO = {"系统管理员": "admin", "劳务企业人事": "labour-hr", "总包项目经理": "gc-pm"}


def actors() -> dict[str, Actor]:
    return {label: actor(key) for label, key in WHO.items()}


def actor(key: str) -> Actor:
    account = next(account for account in known() if account.key == key)
    user = User.objects.get(pk=account.user_id)
    return next(hat.actor for hat in offers(user) if str(hat.source) == account.hat)


def sample(count: int) -> list[Person]:
    """People from all over the table, the same in each run."""
    total = Person.objects.count()
    step = max(1, total // count)
    keys = list(Person.objects.order_by("pk").values_list("pk", flat=True)[::step])[:count]
    return list(Person.objects.filter(pk__in=keys))


@transaction.atomic
def hire(count: int, place: Participation, **allocated) -> None:
    """At most `count` idle, verified people employed by the firm of the place and allocated to it as `allocated` says;
    fewer when the city has no more."""
    since, day = timezone.now() - timedelta(days=40), timezone.localdate() - timedelta(days=30)
    work = {"status": "active", "mode": "invite", "kind": "worker", "profile_completed": True, "trade": "钢筋工"}
    free = Person.objects.filter(identity_status="verified", employments=None).order_by("pk")[:count]
    hired = [
        Employment(person=person, company_id=place.company_id, created_at=since, started_at=since, **work)
        for person in free
    ]
    on_site = {"participation": place, "project_id": place.project_id, "allocated_on": day, "created_at": since}
    placed = [
        Assignment(person_id=each.person_id, employment=each, trade=each.trade, **on_site, **allocated)
        for each in hired
    ]
    copy_rows(Employment, hired)
    copy_rows(Assignment, placed)
