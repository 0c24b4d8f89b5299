"""The sample of people and the actors of the bench."""

from shiming.accounts.hats import offers
from shiming.accounts.models import User
from shiming.core.actor import Actor
from shiming.demo.city.accounts import known
from shiming.people.models import Person

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
