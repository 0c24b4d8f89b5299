"""The person's state today: identity, employment, allocation and stay, and the next step."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiming.assignment.models import Assignment
from shiming.core.actor import Actor
from shiming.dictionaries.working_days import Waited, waited
from shiming.employment.models import Employment
from shiming.inbox import queries
from shiming.inbox.answers import address
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from shiming.presence.models import Stay


@dataclass(frozen=True)
class Today:
    person: Person
    employment: Employment | None
    assignments: list[Assignment]
    stays: list[Stay]
    questions: list[InboxItem]
    waited: Waited | None

    @property
    def accepted(self) -> list[Assignment]:
        return [row for row in self.assignments if row.status == Assignment.Status.ACCEPTED]

    @property
    def next(self) -> "Step":
        return next(step for step in STEPS if step.applies(self))


@dataclass(frozen=True)
class Step:
    """One sentence, and a button when the worker can act; without a button the next step is another party's."""

    applies: Callable[[Today], bool]
    icon: str
    tone: str
    sentence: Promise
    hint: Promise
    label: Promise | str = ""
    url_name: str = ""

    @property
    def url(self) -> str:
        return address(self.url_name)


def today(actor: Actor) -> Today:
    person = Person.objects.get(pk=actor.person_id)
    employed = Employment.objects.filter(person=person, status__in=Employment.EMPLOYED).select_related("company")
    allocated = Assignment.objects.filter(person=person, status__in=("pending", "accepted")).select_related("project")
    waits = person.identity_status == Person.Status.PENDING and person.submitted_on
    return Today(
        person=person,
        employment=employed.first(),
        assignments=list(allocated),
        stays=list(Stay.objects.filter(person=person, exited_on=None).select_related("project")),
        questions=list(queries.waiting(actor)),
        waited=waited(person.submitted_on) if waits else None,
    )


# The first matching row is the next step.
STEPS = (
    Step(
        lambda t: t.person.identity_status in ("failed", "unverified"),
        "id",
        "stop",
        _("身份信息没有通过核验"),
        _("请重新拍身份证照片登记。"),
        _("个人信息登记"),
        "person-register",
    ),
    Step(
        lambda t: bool(t.questions),
        "inbox",
        "wait",
        _("有事等您答复"),
        _("请看待办，确认或拒绝都由您定。"),
        _("去待办"),
        "my-inbox",
    ),
    Step(
        lambda t: t.person.identity_status == "pending",
        "hourglass",
        "wait",
        _("身份信息正在核验"),
        _("不用重复登记，核验完成后自动继续。"),
    ),
    Step(
        lambda t: bool(t.stays),
        "scan",
        "ok",
        _("您已进场"),
        _("扫工地码打卡，或出示建设码请项目经理扫。"),
        _("打卡"),
        "my-scan",
    ),
    Step(
        lambda t: bool(t.accepted),
        "qrcode",
        "ok",
        _("可以进场了"),
        _("到工地出示建设码，项目经理扫码后进场。"),
        _("出示建设码"),
        "my-code",
    ),
    Step(
        lambda t: bool(t.assignments),
        "clock",
        "wait",
        _("等工地同意"),
        _("单位已把您分配到工地，工地同意后就可以进场。"),
        _("为什么进不去"),
        "my-why",
    ),
    Step(
        lambda t: t.employment is not None and not t.employment.profile_completed,
        "id-badge-2",
        "wait",
        _("等单位完善您的信息"),
        _("单位填好工种和班组后，可以分配您到工地。"),
    ),
    Step(
        lambda t: t.employment is not None,
        "building",
        "wait",
        _("等单位分配工地"),
        _("分配以后，待办里会有通知。"),
    ),
    Step(
        lambda t: True,
        "briefcase",
        "wait",
        _("等单位聘用"),
        _("请用人单位按您的姓名和身份证号发出聘用邀请，您在待办里确认。"),
    ),
)
