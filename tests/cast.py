"""The people of all tests.

宏基总包 builds 滨江一期; 恒立幕墙 is its specialist; 安泰劳务 hires for the specialist; 明诚监理 supervises. 远大总包 builds 城东二期 and has no
relation to it. 张三 is the worker of most tests.
"""

from datetime import date, timedelta
from itertools import count

import pytest
from django.utils import timezone

from shiming.accounts.hats import site_actor
from shiming.accounts.models import User
from shiming.assignment.models import Assignment
from shiming.binding.models import SelfForm
from shiming.binding.self_forms import commands as self_forms
from shiming.companies.credit_code import make
from shiming.companies.models import Company, Staff
from shiming.core.actor import Actor, Door, Right, Role
from shiming.core.privacy import blind_index
from shiming.employment.models import Employment
from shiming.idcard import number as id_number
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import (
    ContractFiling,
    Grant,
    Participation,
    Project,
    ProjectPolicy,
    RegulatorPost,
    Station,
    Team,
)

_serial = count(1)


def invented_id(serial: int, born: date = date(1985, 3, 12), male: bool = True) -> str:
    """A valid number of a region that was never issued; the third-last place is odd for men."""
    order = (serial % 500) * 2 + (1 if male else 0)
    region = f"{id_number.INVENTED_REGION[:4]}{serial // 500 % 100:02d}"
    return id_number.complete(f"{region}{born:%Y%m%d}{order:03d}")


def phone_number(serial: int) -> str:
    """A number of 154, an unassigned prefix (shiming/demo/invented.py)."""
    return f"154{99_000_000 + serial % 1_000_000}"


class Cast:
    """Rows are made on first access, so a test pays only for the rows it names."""

    def __init__(self):
        self._made = {}

    def _once(self, name, make_it):
        if name not in self._made:
            self._made[name] = make_it()
        return self._made[name]

    # companies

    def company(self, name: str, kind: str = Company.Kind.LABOUR) -> Company:
        def make_it():
            code = make("91990000", f"{next(_serial):08d}")
            return Company.objects.create(name=name, kind=kind, credit_code=code)

        return self._once(("company", name), make_it)

    @property
    def hongji(self) -> Company:
        return self.company("宏基总包", Company.Kind.GENERAL)

    @property
    def hengli(self) -> Company:
        return self.company("恒立幕墙", Company.Kind.SPECIALIST)

    @property
    def antai(self) -> Company:
        return self.company("安泰劳务", Company.Kind.LABOUR)

    @property
    def mingcheng(self) -> Company:
        return self.company("明诚监理", Company.Kind.SUPERVISION)

    @property
    def yuanda(self) -> Company:
        return self.company("远大总包", Company.Kind.GENERAL)

    # projects and their chains

    def station(self, name: str = "东区监督站") -> Station:
        return self._once(("station", name), lambda: Station.objects.create(name=name, region="119900"))

    def project(self, name: str, station: str = "东区监督站", policy: str = "invite_scan") -> Project:
        def make_it():
            project = Project.objects.create(
                name=name, filing_code=f"23{next(_serial):06d}", station=self.station(station), address="滨江路 1 号"
            )
            ProjectPolicy.objects.create(project=project, base=policy, from_date=date(2024, 1, 1))
            return project

        return self._once(("project", name), make_it)

    @property
    def binjiang(self) -> Project:
        return self.project("滨江一期")

    @property
    def chengdong(self) -> Project:
        return self.project("城东二期", "西区监督站")

    def participation(self, project: Project, company: Company, kind: str, parent=None) -> Participation:
        def make_it():
            return Participation.objects.create(project=project, company=company, kind=kind, parent=parent)

        return self._once(("participation", project.pk, company.pk), make_it)

    @property
    def gc_place(self) -> Participation:
        return self.participation(self.binjiang, self.hongji, "general")

    @property
    def specialist_place(self) -> Participation:
        return self.participation(self.binjiang, self.hengli, "specialist", self.gc_place)

    @property
    def labour_place(self) -> Participation:
        return self.participation(self.binjiang, self.antai, "labour", self.specialist_place)

    @property
    def supervision_place(self) -> Participation:
        return self.participation(self.binjiang, self.mingcheng, "supervision")

    @property
    def stranger_place(self) -> Participation:
        return self.participation(self.chengdong, self.yuanda, "general")

    # 沿河修缮: the site of manual [004]; the implementing unit audits what the companies on it submit.

    @property
    def anju(self) -> Company:
        return self.company("安居实施", Company.Kind.IMPLEMENTING)

    @property
    def yanhe(self) -> Project:
        return self.project("沿河修缮", policy="audit_bind")

    @property
    def implementing_place(self) -> Participation:
        return self.participation(self.yanhe, self.anju, "implementing")

    @property
    def repair_gc_place(self) -> Participation:
        return self.participation(self.yanhe, self.hongji, "general")

    @property
    def repair_place(self) -> Participation:
        return self.participation(self.yanhe, self.antai, "labour", self.repair_gc_place)

    def self_form(self, person: Person, place: Participation | None = None, **values) -> SelfForm:
        """What this person typed after scanning the poster of a place."""
        given = {"ethnicity": "汉族", "native_place": "安徽省阜阳市", "household_type": "农村户口"}
        given |= {
            "residence": "上海市宝山区",
            "residence_detail": "沿河路 8 号",
            "household_place": "安徽省阜阳市颍上县",
        }
        given |= {"name": person.name, "id_number": person.id_number.plain, "phone": phone_number(next(_serial))}
        given |= {"trade": "钢筋工", "political_status": "群众"}
        return self_forms.send(place or self.repair_place, notice_version="2026-12", **(given | values))

    def filing(self, place: Participation, pm_name: str, status: str = "filed") -> ContractFiling:
        def make_it():
            phone = phone_number(next(_serial))
            pm = self.person(pm_name, phone=phone)
            return ContractFiling.objects.create(
                participation=place,
                number=f"HT{next(_serial):08d}",
                name=f"{place.project}{place.get_kind_display()}合同",
                status=status,
                filed_on=date(2024, 1, 1),
                pm=pm,
                pm_phone=phone,
                pm_phone_digest=blind_index("phone", phone),
            )

        return self._once(("filing", place.pk), make_it)

    def team(self, name: str = "王班组", company: Company | None = None) -> Team:
        return self._once(("team", name), lambda: Team.objects.create(name=name, company=company or self.antai))

    # people

    def person(self, name: str = "张三", *, status: str = "verified", phone: str = "", born: date = date(1985, 3, 12)):
        def make_it():
            serial = next(_serial)
            person = Person(identity_status=status, identity_source=Person.Source.PHOTOS)
            person.identify(id_number.parse(invented_id(serial, born)), name)
            person.set_phone(phone or phone_number(serial))
            person.submitted_on = timezone.localdate()
            person.verified_at = timezone.now() if status == "verified" else None
            person.save()
            return person

        return self._once(("person", name), make_it)

    @property
    def zhang(self) -> Person:
        return self.person("张三")

    def user(self, name: str, person: Person | None = None) -> User:
        def make_it():
            username = f"person-{person.pk}" if person else f"user-{next(_serial)}"
            return User.objects.create(username=username, name=name, person=person, is_admin=name == "系统管理员")

        return self._once(("user", name), make_it)

    def employment(self, person: Person | None = None, company: Company | None = None, **fields) -> Employment:
        """An active employment with complete information unless given otherwise."""
        given = {"status": "active", "mode": "invite", "kind": "worker", "profile_completed": True, "trade": "钢筋工"}
        given |= {"started_at": timezone.now() - timedelta(days=60), "invited_at": timezone.now()}
        return Employment.objects.create(person=person or self.zhang, company=company or self.antai, **(given | fields))

    def assignment(self, employment: Employment | None = None, place: Participation | None = None, **fields):
        """An accepted allocation unless given otherwise."""
        employment, place = employment or self.employment(), place or self.labour_place
        given = {"status": "accepted", "role": Assignment.WORKER, "trade": employment.trade}
        given |= {"allocated_on": timezone.localdate() - timedelta(days=30), "confirmed_at": timezone.now()}
        return Assignment.objects.create(
            person=employment.person,
            employment=employment,
            participation=place,
            project=place.project,
            **(given | fields),
        )

    def stay(self, assignment: Assignment | None = None, **fields) -> Stay:
        """An open stay unless given otherwise."""
        assignment = assignment or self.assignment()
        since = timezone.now() - timedelta(days=20)
        given = {"entered_on": timezone.localdate(since), "entered_at": since, "method": "scan"}
        stay = Stay.of(assignment, **(given | fields))
        stay.save(force_insert=True)
        return stay

    # actors

    def staff(self, name: str, company: Company, role: Role = Role.HR_OFFICER) -> Actor:
        def make_it():
            user = self.user(name)
            Staff.objects.create(user=user, company=company, role=role, since=date(2024, 1, 1))
            return Actor(
                role=role,
                door=Door.COMPANY,
                name=name,
                user_id=user.pk,
                company_id=company.pk,
                company_name=company.name,
            )

        return self._once(("staff", name), make_it)

    def pm(self, name: str, place: Participation, role: Role = Role.PM) -> Actor:
        def make_it():
            filing = self.filing(place, name)
            return site_actor(role, self.user(name, filing.pm), filing.pm, place, frozenset(Right))

        return self._once(("pm", name), make_it)

    def operator(self, name: str = "李操作", place: Participation | None = None, rights=tuple(Right)) -> Actor:
        def make_it():
            where = place or self.gc_place
            giver, person = self.gc_pm, self.person(name)
            today = timezone.localdate()
            ends_on = today + timedelta(days=90)
            Grant.objects.create(
                participation=where,
                person=person,
                rights=list(rights),
                starts_on=today,
                ends_on=ends_on,
                given_by_id=giver.user_id,
            )
            return site_actor(Role.SITE_OPERATOR, self.user(name, person), person, where, frozenset(rights))

        return self._once(("operator", name), make_it)

    def himself(self, person: Person | None = None) -> Actor:
        person = person or self.zhang
        user = self.user(person.name, person)
        return Actor(role=Role.PERSON, door=Door.PERSON, name=person.name, user_id=user.pk, person_id=person.pk)

    @property
    def hr(self) -> Actor:
        return self.staff("陈人事", self.antai)

    @property
    def clerk(self) -> Actor:
        """Keeps, binds and submits the people of 安泰劳务 on 沿河修缮 [004]."""
        self.filing(self.repair_place, "孙劳务")
        return self.staff("冯经办", self.antai, Role.PARTICIPANT_CLERK)

    @property
    def implementer(self) -> Actor:
        """Audits the bindings on 沿河修缮 [004]."""
        self.filing(self.implementing_place, "蒋实施")
        return self.staff("沈审核", self.anju, Role.IMPLEMENTER)

    @property
    def stranger_hr(self) -> Actor:
        return self.staff("周人事", self.yuanda)

    @property
    def gc_hr(self) -> Actor:
        return self.staff("何人事", self.hongji)

    @property
    def gc_pm(self) -> Actor:
        return self.pm("王总包", self.gc_place)

    @property
    def specialist_pm(self) -> Actor:
        return self.pm("刘专业", self.specialist_place)

    @property
    def labour_pm(self) -> Actor:
        return self.pm("孙劳务", self.labour_place)

    @property
    def supervision_pm(self) -> Actor:
        return self.pm("吴监理", self.supervision_place, Role.SUPERVISION_PM)

    @property
    def stranger_pm(self) -> Actor:
        return self.pm("郑外人", self.stranger_place)

    def regulator(self, name: str = "钱监督", station: str = "东区监督站") -> Actor:
        def make_it():
            user = self.user(name)
            RegulatorPost.objects.create(user=user, station=self.station(station))
            pk = self.station(station).pk
            return Actor(role=Role.REGULATOR, door=Door.OVERSIGHT, name=name, user_id=user.pk, station_id=pk)

        return self._once(("regulator", name), make_it)

    @property
    def admin(self) -> Actor:
        def make_it():
            user = self.user("系统管理员")
            return Actor(role=Role.SYS_ADMIN, door=Door.ADMIN, name=user.name, user_id=user.pk)

        return self._once("admin", make_it)


@pytest.fixture
def cast(db) -> Cast:
    return Cast()
