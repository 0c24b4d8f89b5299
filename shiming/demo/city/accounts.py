"""The accounts of the demonstration: a table of stories, the person of each, and the login data."""

import json
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shiming.accounts.commands.factors import new_secret
from shiming.accounts.commands.users import user_of_person
from shiming.accounts.hats import Hat, offers
from shiming.accounts.models import Totp, User
from shiming.assignment.models import Assignment
from shiming.core.actor import Actor, Door, Role
from shiming.core.environment import environment
from shiming.demo.city import epidemic, qualified
from shiming.demo.city.bindings import ENROLLER
from shiming.demo.city.life import Life
from shiming.demo.city.plan import Place, Plan, Site
from shiming.employment.models import Employment, Transfer
from shiming.health.models import DeclarationOnFile
from shiming.people.models import Person
from shiming.projects.queries import current_people
from shiming.restrictions.models import Restriction

SITE_CODE = "在工地端点“获取动态密码”，再到系统管理的“消息”里看"
PHONE_CODE = "在个人端点“获取验证码”，再到系统管理的“消息”里看"


@dataclass(frozen=True)
class Story:
    """`who` finds a user, a person or an actor; `start` is the name of the page where the story begins."""

    key: str
    door: Door
    role: Role
    story: str
    start: str
    who: Callable[["Scene"], object]
    hint: Callable[["Scene"], str] = lambda scene: ""


@dataclass(frozen=True)
class Scene:
    plan: Plan
    lives: list[Life]

    @property
    def site(self):
        return self.plan.sites[0]

    def of_flow(self, flow: str) -> Site:
        return next(site for site in self.plan.sites if site.flow == flow)

    @property
    def sender(self) -> Place:
        """[000] The labour firm under a specialist with the most pending people: three stories use it."""
        site = self.of_flow("two_tier")
        waiting = Counter(Assignment.objects.filter(status="pending").values_list("participation", flat=True))
        under = [place for place in site.labour if site.above(place) is not site.contractor]
        return max(under, key=lambda place: waiting[place.row.pk])

    @property
    def binder(self) -> Place:
        """[004] The company with a binding in every state: three stories use it."""
        return self.of_flow("audit_bind").contractor

    @property
    def labour(self) -> Place:
        """The first labour firm on the site with a worker at the gate: two stories use it."""
        places = self.site.labour
        return next((place for place in places if at_the_gate(self.lives, place)), places[0])


def at_the_gate(lives: list[Life], place: Place) -> Person | None:
    """The oldest accepted worker of this place without a stay, for the general contractor's PM to scan."""
    fits = [life.citizen.person.pk for life in lives if life.fate.name == "at_the_gate" and life.place is place]
    waiting = Assignment.objects.filter(role=Assignment.WORKER, status="accepted", stays=None, person__in=fits)
    row = waiting.select_related("person").order_by("created_at").first()
    return row and row.person


def _worker(scene: Scene) -> Person | None:
    fits = (
        life.citizen.person
        for life in scene.lives
        if life.fate.name == "on_site" and life.site is scene.site and life.role == Assignment.WORKER
    )
    employed = Employment.objects.filter(status="active", team__isnull=False, is_leader=False)
    return next((person for person in fits if employed.filter(person=person.pk).exists()), None)


def _leader(scene: Scene) -> Person:
    return scene.labour.firm.crews[0].leader


def _employment(**fields) -> Person | None:
    row = Employment.objects.filter(**fields).select_related("person").order_by("-created_at").first()
    return row and row.person


def _transferring(scene: Scene) -> Person | None:
    row = Transfer.objects.filter(status="asked").select_related("person").first()
    return row and row.person


def _assigned(**fields) -> Person | None:
    rows = Assignment.objects.filter(role=Assignment.WORKER, employment__status="active", **fields)
    rows = rows.filter(employment__mode="invite")
    row = rows.select_related("person").order_by("-created_at").first()
    return row and row.person


def _registered(scene: Scene) -> Person | None:
    """A person hired by a command of the last days, so that the notice is in the inbox."""
    fits = [life.citizen.person.pk for life in scene.lives if life.fate.name == "about_to_be_hired"]
    row = Employment.objects.filter(mode="direct", status="active", person__in=fits).select_related("person").first()
    return row and row.person


def _to_try(scene: Scene, which: int) -> str:
    """An idle person with a read card, whose number the visitor types."""
    idle = [
        life.citizen.person
        for life in scene.lives
        if life.fate.name == "desk_expected" and not Employment.objects.filter(person=life.citizen.person).exists()
    ]
    return f"试一试：{idle[which]} {idle[which].id_number.plain}" if len(idle) > which else ""


def _restricted(scene: Scene) -> Person | None:
    row = Restriction.objects.filter(status="standing").select_related("person").first()
    return row and row.person


def _enroller(scene: Scene) -> Person | None:
    """A drafted manager without a face, who registers the own one first."""
    rows = Assignment.objects.filter(participation=scene.binder.row.pk, status="draft", role=ENROLLER)
    row = rows.select_related("person").first()
    return row and row.person


def _filed_only(scene: Scene) -> str:
    """A manager filed for the contract and registered nowhere, whose number the visitor types."""
    filed = current_people().filter(filing=scene.binder.filing.pk, position="标准员").first()
    return f"试一试：{filed.name} {filed.id_number.plain}" if filed else ""


def _supervision(site: Site) -> Place:
    return next(place for place in site.places if place.row.kind == "supervision")


def _declared_only(scene: Scene) -> str:
    """A person with a declaration and without a pre-registration, whose number the visitor types."""
    site = epidemic.sites_of(scene.plan)[0]
    waiting = [life.citizen.person for life in scene.lives if life.site is site and life.fate.name == "at_the_gate"]
    on_file = DeclarationOnFile.objects.filter(id_digest__in=[person.id_digest for person in waiting])
    declared = {row.id_digest for row in on_file if row.values["temperature"] == "36.5" and row.values["phone"]}
    idle = [each for each in waiting if each.id_digest in declared and not each.preregistrations.exists()]
    return f"试一试：{idle[0]} {idle[0].id_number.plain}" if idle else ""


def _with_certificates(scene: Scene):
    """The HR officer of the labour firm with the most certificates, if no other story uses that firm."""
    others = {scene.labour.firm.company.pk, scene.sender.firm.company.pk}
    places = [place for place in qualified.by_certificates(scene.plan) if place.firm.company.pk not in others]
    return places[0].firm.hr if places else None


def _waiting(scene: Scene) -> Person | None:
    return Person.objects.filter(identity_status="pending", employments=None).order_by("submitted_on").first()


STORIES = (
    Story("labour-hr", Door.COMPANY, Role.HR_OFFICER, "劳务企业人事：有人等着签聘用，有人要走，有人要分到工地", "employment-list",
          lambda scene: scene.labour.firm.hr),
    Story("labour-legal", Door.COMPANY, Role.LEGAL_REP, "同一家企业的法人：开人事账号，看全部", "home-company",
          lambda scene: scene.labour.firm.legal),
    Story("certificates", Door.COMPANY, Role.HR_OFFICER, "工地要查特种作业证书：谁的快到期，谁的已过期，谁还没有登记",
          "credential-list", _with_certificates),
    Story("gc-hr", Door.COMPANY, Role.HR_OFFICER, "总包人事：自己的管理员，和下面各家已确认的人", "assignment-places",
          lambda scene: scene.site.contractor.firm.hr),
    Story("sender-hr", Door.COMPANY, Role.HR_OFFICER, "二级劳务人事：登记签了合同的工人，按班组分到工地，等一级专业接收",
          "employment-registrations", lambda scene: scene.sender.firm.hr, lambda scene: _to_try(scene, 1)),
    Story("clerk", Door.COMPANY, Role.PARTICIPANT_CLERK, "参建单位经办：登记管理人员和作业人员，贴项目二维码，提交审核，看谁还缺什么",
          "binding-projects", lambda scene: scene.binder.firm.clerk, _filed_only),
    Story("implementer", Door.COMPANY, Role.IMPLEMENTER, "实施单位审核员：待提交、待审核、不通过、通过各有几人，成批审核", "binding-audits",
          lambda scene: scene.binder.site.auditor),
    Story("gc-pm", Door.SITE, Role.PM, "总包项目经理：早上 6:30 在门口扫码，劳务工人由他扫进场", "site-scan",
          lambda scene: scene.site.contractor.manager.person),
    Story("labour-pm", Door.SITE, Role.PM, "劳务企业项目经理：扫自己的工人进场会被拒绝，得找总包", "site-scan",
          lambda scene: scene.labour.manager.person),
    Story("operator", Door.SITE, Role.SITE_OPERATOR, "现场操作用户：凭总包项目经理的授权做事，到期就停", "stay-entry",
          lambda scene: scene.site.contractor.operators[0][0].person),
    Story("supervision-pm", Door.SITE, Role.SUPERVISION_PM, "监理项目负责人：只看不改", "home-site",
          lambda scene: _supervision(scene.site).manager.person),
    Story("health-pm", Door.SITE, Role.PM, "防疫准入的工地，总包项目经理：先预登记再进场，处置方式各种都有，填写防疫物资", "preregistration-list",
          lambda scene: epidemic.sites_of(scene.plan)[0].contractor.manager.person, _declared_only),
    Story("health-supervision", Door.SITE, Role.SUPERVISION_PM, "同一个工地的监理：记每日健康，定处置方式", "health-on-site",
          lambda scene: _supervision(epidemic.sites_of(scene.plan)[0]).manager.person),
    Story("entry-desk", Door.SITE, Role.PM, "进场登记台：进场登记、非正常登记、退场带评价、用工查询", "stay-desk",
          lambda scene: scene.of_flow("site_direct").contractor.manager.person, lambda scene: _to_try(scene, 0)),
    Story("receiver-pm", Door.SITE, Role.PM, "一级专业：劳务企业分来的人，接收即进场，问一句是否住宿在工地", "assignment-acceptance",
          lambda scene: scene.sender.site.above(scene.sender).manager.person),
    Story("top-pm", Door.SITE, Role.PM, "总包：用工查询，看一级专业已确认的人，只看不改", "stay-query",
          lambda scene: scene.sender.site.contractor.manager.person),
    Story("no-confirmations", Door.SITE, Role.PM, "出了问题的工地：三周没人确认分配，授权全都过期", "assignment-waiting",
          lambda scene: scene.plan.sites[1].contractor.manager.person),
    Story("no-exits", Door.SITE, Role.PM, "出了问题的工地：走了没人办退场，天天有人忘打卡", "attendance-list",
          lambda scene: scene.plan.sites[2].contractor.manager.person),
    Story("worker", Door.PERSON, Role.PERSON, "在场的工人：看自己的建设码、工日和谁查过他", "home-person", _worker),
    Story("leader", Door.PERSON, Role.PERSON, "班组长：他也是工人，有自己的建设码和工日；在“我的班组”看今天谁在岗", "home-person", _leader),
    Story("invited", Door.PERSON, Role.PERSON, "收到聘用邀请的工人：确认，或者拒绝", "my-inbox",
          lambda scene: _employment(status="invited")),
    Story("waiting", Door.PERSON, Role.PERSON, "刚传了证件照的人：等核验，看到是第几天", "home-person", _waiting),
    Story("blocked", Door.PERSON, Role.PERSON, "进不去的工人：哪一步没办，该找谁", "my-why",
          lambda scene: _assigned(status="pending")),
    Story("restricted", Door.PERSON, Role.PERSON, "被限制进场的人：看原因、到哪一天为止，不同意的申诉", "my-restrictions",
          _restricted),
    Story("at-the-gate", Door.PERSON, Role.PERSON, "都办好了、等在门口的工人：出示建设码，由总包项目经理扫他进场", "my-code",
          lambda scene: at_the_gate(scene.lives, scene.labour)),
    Story("dismissed", Door.PERSON, Role.PERSON, "单位提出解聘，等他答复", "my-inbox",
          lambda scene: _employment(status="dismissal_pending")),
    Story("transferred", Door.PERSON, Role.PERSON, "新单位请他转过去，原单位不知道是谁", "my-inbox", _transferring),
    Story("registered", Door.PERSON, Role.PERSON, "单位直接登记他在职：看是哪一家，不认就提出异议", "my-inbox", _registered),
    Story("enroller", Door.PERSON, Role.PERSON, "项目的劳务员：用手机给自己和本单位的人登记人脸，不愿意拍的走人工核验", "face-people",
          _enroller),
    Story("regulator", Door.OVERSIGHT, Role.REGULATOR, "监督人员：本站各项目的人数与问题，谁不认单位的登记", "home-oversight",
          lambda scene: scene.plan.regulators[0]),
    Story("admin", Door.ADMIN, Role.SYS_ADMIN, "系统管理员：企业、项目、字典、消息、痕迹", "home-admin", lambda scene: scene.plan.admin),
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """One line of demo-accounts.json."""

    key: str
    door: str
    role: str
    name: str
    at: str
    story: str
    start: str
    user_id: str
    hat: str
    hint: str = ""
    username: str = ""
    password: str = ""
    totp_secret: str = ""
    id_number: str = ""
    phone: str = ""
    code: str = ""


def path() -> Path:
    return environment().folder / "demo-accounts.json"


def known() -> list[Account]:
    """The accounts written by the last build of the city, [] without one."""
    if not path().exists():
        return []
    return [Account(**line) for line in json.loads(path().read_text(encoding="utf-8"))]


def met_often(plan: Plan, lives: list[Life], most: int) -> Iterator[Life]:
    """People with a portrait of their own: all on the first site, and one of each fate."""
    first = [life for life in lives if life.site is plan.sites[0] and life.stays]
    of_each_fate = {life.fate.name: life for life in lives}.values()
    return islice({id(life): life for life in (*of_each_fate, *first)}.values(), most)


@transaction.atomic
def write(plan: Plan, lives: list[Life]) -> int:
    """Write the accounts as the last step of a build, in place: the data folder itself may not be writable."""
    scene, password = Scene(plan, lives), secrets.token_urlsafe(12)
    hashed = make_password(password)
    lines = [line for story in STORIES if (line := _account(story, scene, password, hashed))]
    with open(path(), "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump([asdict(line) for line in lines], file, ensure_ascii=False, indent=1)
    return len(lines)


def _account(story: Story, scene: Scene, password: str, hashed: str) -> Account | None:
    found = story.who(scene)
    if found is None:
        return None
    user = user_of_person(found) if isinstance(found, Person) else User.objects.get(pk=found.user_id)
    hat = next((hat for hat in offers(user) if _fits(hat, story, found)), None)
    if hat is None:
        return None
    ways = _by_phone(story, user.person) if user.person_id else _by_password(user, password, hashed)
    place = hat.actor.project_name or hat.actor.company_name or ""
    facts = {"key": story.key, "story": story.story, "start": story.start, "hint": story.hint(scene)}
    who = {"door": story.door.label, "role": story.role.label, "name": user.name, "at": place}
    return Account(**facts, **who, **ways, user_id=str(user.pk), hat=str(hat.source))


def _fits(hat: Hat, story: Story, found) -> bool:
    same = hat.actor == found if isinstance(found, Actor) and found.role != Role.REGULATOR else True
    return hat.actor.door == story.door and hat.actor.role == story.role and same


def _by_password(user: User, password: str, hashed: str) -> dict:
    User.objects.filter(pk=user.pk).update(password=hashed)
    secret = new_secret()
    Totp(user=user, secret=secret).save()
    return {"username": user.username, "password": password, "totp_secret": secret}


def _by_phone(story: Story, person: Person) -> dict:
    phone = person.phone.plain
    if story.door == Door.PERSON:
        return {"phone": phone, "code": PHONE_CODE}
    return {"id_number": person.id_number.plain, "phone": phone, "code": SITE_CODE}
