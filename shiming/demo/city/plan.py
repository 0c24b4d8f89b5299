"""Firms, stations, sites with their chains, contracts with their project managers, crews, posts and grants."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from pypinyin import lazy_pinyin

from shiming.accounts.models import User
from shiming.companies.models import Company, Staff
from shiming.core.actor import Actor, Door, Right, Role, system
from shiming.core.events import Event
from shiming.core.privacy import blind_index
from shiming.demo import invented
from shiming.demo.city.citizens import Citizen, settle
from shiming.demo.city.moments import DAY, moment, office_hour
from shiming.demo.city.rows import Ledger
from shiming.projects import policies
from shiming.projects.commands.grants import words
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

Kind = Company.Kind
# kind of company → number; `owner` is the implementing unit
FIRMS = {Kind.GENERAL: 4, Kind.SPECIALIST: 6, Kind.LABOUR: 14, Kind.SUPERVISION: 4, "owner": 2}
MOST = {Kind.GENERAL: 24, Kind.SPECIALIST: 40, Kind.LABOUR: 60, Kind.SUPERVISION: 20, "owner": 10}
SITES, MOST_SITES = 12, 2_000
CREWS_A_FIRM = 5
# Of twelve projects the fourth and fifth follow the two older flows, the sixth and eighth are audited by one
# implementing unit; the others follow [001].
FLOWS = {
    3: policies.SITE_DIRECT.code,
    4: policies.TWO_TIER.code,
    5: policies.AUDIT_BIND.code,
    7: policies.AUDIT_BIND.code,
}
CATEGORIES = {
    Kind.GENERAL: "施工总承包合同",
    Kind.SPECIALIST: "专业分包合同",
    Kind.LABOUR: "劳务分包合同",
    Kind.SUPERVISION: "监理合同",
}
STATION_NAMES = {"329901": "江湾区建设工程安全质量监督站", "329902": "望岫区建设工程安全质量监督站", "329903": "听澜区建设工程安全质量监督站"}  # fmt: skip


@dataclass
class Firm:
    company: Company
    legal: Actor
    hr: Actor
    word: str  # prefix of user names
    crews: list[Team] = field(default_factory=list)
    clerk: Actor | None = None  # clerk
    auditor: Actor | None = None  # auditor of the implementing unit


@dataclass
class Place:
    """A firm's place on a site, with the contract that names its project manager."""

    row: Participation
    site: "Site"
    firm: Firm
    filing: ContractFiling | None = None
    manager: Citizen | None = None
    pm: Actor | None = None
    operators: list[tuple[Citizen, Actor, Grant]] = field(default_factory=list)


@dataclass
class Site:
    project: Project
    starts: date
    flow: str
    # "confirmations": allocations stay open and the grants have expired; "exits": workers leave without an exit
    trouble: str = ""
    places: list[Place] = field(default_factory=list)

    @property
    def contractor(self) -> Place:
        return self.places[0]

    @property
    def labour(self) -> list[Place]:
        return [place for place in self.places if place.row.kind == Kind.LABOUR]

    @property
    def auditor(self) -> Actor:
        return next(place.firm.auditor for place in self.places if place.row.kind == Kind.IMPLEMENTING)

    def above(self, place: Place) -> Place:
        """The place that receives this firm's people: the one above in the chain, or the place itself at the top."""
        return next((each for each in self.places if each.row.pk == place.row.parent_id), place)


@dataclass
class Plan:
    today: date
    admin: Actor
    regulators: list[Actor]
    firms: list[Firm]
    sites: list[Site]
    officials: list[Citizen]


def lay_out(ledger: Ledger, *, people: int, seed: int, crowd: Iterator[invented.Person], today: date) -> Plan:
    rng = random.Random(f"plan {seed}")
    founded = moment(today - timedelta(days=820), 9)
    admin = _user(ledger, "admin", "系统管理员", founded, is_admin=True)
    by = Actor(role=Role.SYS_ADMIN, door=Door.ADMIN, name=admin.name, user_id=admin.pk)
    plan = Plan(today, by, [], _firms(ledger, people, seed, by, founded), [], [])
    stations = _stations(ledger, plan, founded)
    drawn = invented.projects(seed, min(MOST_SITES, max(SITES, people // 400)), on=today)
    for order, project in enumerate(drawn):
        plan.sites.append(_site(ledger, plan, order, project, stations, crowd, rng))
    _crews(ledger, plan, crowd, rng)
    return plan


def _firms(ledger, people, seed, by, founded) -> list[Firm]:
    larger = max(1.0, (people / 2000) ** 0.5)
    counts = {kind: min(MOST[kind], round(count * larger)) for kind, count in FIRMS.items()}
    rng = random.Random(f"staff {seed}")
    names = invented.Names(seed)
    taken: set[str] = set()
    return [_firm(ledger, firm, names, taken, by, founded, rng) for firm in invented.companies(seed, counts)]


def _firm(ledger, drawn, names, taken, by, founded, rng) -> Firm:
    legal_name, hr_name = (
        names.name("汉族", sex, 1970, rng.random(), rng.random()) for sex in (invented.Sex.MALE, invented.Sex.FEMALE)
    )
    kind = Kind.IMPLEMENTING if drawn.kind == "owner" else drawn.kind
    company = Company(name=drawn.name, credit_code=drawn.credit_code, kind=kind, address=drawn.address)
    company.contact, company.phone = hr_name, drawn.phone
    company.certificate_id, company.certificate_serial = (
        f"SM{rng.randrange(10**10):010}",
        f"{rng.randrange(16**16):016X}",
    )
    company.certificate_until = founded.date().replace(year=founded.year + 4)
    company.certificate_name, company.certificate_holder = drawn.name, legal_name
    ledger.add(company, founded)
    ledger.tell(founded, Event.COMPANY_CREATED, company, by, company_id=company.pk, company=company.name)
    word = _word("".join(lazy_pinyin(drawn.short_name)), taken)
    posts = ((f"{word}.legal", legal_name, Role.LEGAL_REP), (f"{word}.hr", hr_name, Role.HR_OFFICER))
    return Firm(company, *(_post(ledger, company, *post, by, founded + DAY) for post in posts), word)


def _word(word: str, taken: set[str]) -> str:
    """The brand as a user name; the second firm of a brand gets a number."""
    while word in taken:
        head, number = word.rstrip("0123456789"), word[len(word.rstrip("0123456789")) :]
        word = f"{head}{int(number or 1) + 1}"
    taken.add(word)
    return word


def _post(ledger, company, username, name, role, by, at) -> Actor:
    user = _user(ledger, username, name, at)
    staff = ledger.add(Staff(user=user, company=company, role=role, since=at.date()), at)
    ledger.tell(at, Event.STAFF_APPOINTED, staff, by, staff=name, role=role.label)
    return Actor(
        role=role,
        door=Door.COMPANY,
        name=name,
        user_id=user.pk,
        company_id=company.pk,
        company_name=company.name,
    )


def _user(ledger, username, name, at, **fields) -> User:
    return ledger.add(User(username=username, name=name, password="!", **fields), at)


def _stations(ledger, plan: Plan, founded) -> dict[str, Station]:
    made = {}
    for order, (region, name) in enumerate(STATION_NAMES.items()):
        made[region] = station = ledger.add(Station(name=name, region=region), founded)
        user = _user(ledger, f"station{order + 1}", ("钱守正", "顾明远", "沈一苇")[order], founded)
        post = ledger.add(RegulatorPost(user=user, station=station), founded)
        ledger.tell(founded, Event.REGULATOR_POSTED, post, plan.admin, regulator=user.name, station=name)
        plan.regulators.append(
            Actor(
                role=Role.REGULATOR,
                door=Door.OVERSIGHT,
                name=user.name,
                user_id=user.pk,
                station_id=station.pk,
                company_name=name,
            )
        )
    return made


TROUBLES = {1: "confirmations", 2: "exits"}
UNFINISHED_AT = 8  # ordinal of the project
STATES = {9: Project.Status.SUSPENDED, 11: Project.Status.FINISHED}


def _site(ledger, plan: Plan, order, drawn, stations, crowd, rng) -> Site:
    region = drawn.region if drawn.region in stations else list(stations)[order % len(stations)]
    project = Project(name=drawn.name, filing_code=drawn.filing_code, station=stations[region], address=drawn.address)
    project.region, project.started_on, project.status = region, drawn.started_on, STATES.get(order, "open")
    began = moment(drawn.started_on, 9)
    if project.status == Project.Status.FINISHED:
        project.finished_on = plan.today - timedelta(days=12)
    ledger.add(project, began)
    flow = FLOWS.get(order % SITES, policies.INVITE_SCAN.code)
    policy = ledger.add(ProjectPolicy(project=project, base=flow, from_date=drawn.started_on), began)
    ledger.tell(began, Event.PROJECT_CREATED, project, plan.admin, project_id=project.pk, project=project.name)
    details = {"project": project.name, "policy": policy.rules.label, "from_date": drawn.started_on}
    ledger.tell(began, Event.POLICY_SET, policy, plan.admin, **details)
    site = Site(project, drawn.started_on, flow, TROUBLES.get(order, ""))
    _chain(ledger, plan, site, order, drawn, crowd, rng)
    return site


def _chain(ledger, plan: Plan, site: Site, order: int, drawn, crowd, rng) -> None:
    """The chain of a site: 总包 with two specialists and a labour company, a labour company below each specialist.

    监理 and 实施单位 stand beside the chain.
    """
    of = {kind: [firm for firm in plan.firms if firm.company.kind == kind] for kind in Kind}

    def turn(kind, step=0):
        return of[kind][(order + step) % len(of[kind])]

    top = _place(ledger, plan, site, turn(Kind.GENERAL), Kind.GENERAL, None)
    labour = [of[Kind.LABOUR][(order * 3 + step) % len(of[Kind.LABOUR])] for step in range(3)]
    for step in range(2):
        special = _place(ledger, plan, site, turn(Kind.SPECIALIST, step * 3), Kind.SPECIALIST, top)
        _place(ledger, plan, site, labour[step], Kind.LABOUR, special)
    _place(ledger, plan, site, labour[2], Kind.LABOUR, top)
    _place(ledger, plan, site, turn(Kind.SUPERVISION), Kind.SUPERVISION, None)
    owner = of[Kind.IMPLEMENTING][order % len(of[Kind.IMPLEMENTING])]
    _place(ledger, plan, site, owner, Kind.IMPLEMENTING, None)
    for number, place in enumerate((each for each in site.places if each.row.kind in CATEGORIES), 1):
        _file(ledger, plan, place, invented.contract_no(drawn.filing_code, number), crowd, rng)
    for place in (top, *site.labour[:1]):
        _authorise(ledger, plan, place, crowd, rng)
    if site.flow == policies.AUDIT_BIND.code:
        _appoint(ledger, plan, site, crowd)


def _appoint(ledger, plan: Plan, site: Site, crowd) -> None:
    """Appoint a clerk in every company, and an auditor in the 实施单位."""
    at = moment(plan.today - timedelta(days=710), 11)  # projects begin at most 700 days ago
    for place in site.places:
        firm = place.firm
        if place.row.kind == Kind.IMPLEMENTING:
            post = (f"{firm.word}.audit", next(crowd).name, Role.IMPLEMENTER)
            firm.auditor = firm.auditor or _post(ledger, firm.company, *post, firm.legal, at)
        else:
            post = (f"{firm.word}.clerk", next(crowd).name, Role.PARTICIPANT_CLERK)
            firm.clerk = firm.clerk or _post(ledger, firm.company, *post, firm.legal, at)


def _place(ledger, plan, site: Site, firm: Firm, kind, parent: Place | None) -> Place:
    at = moment(site.starts, 10)
    row = Participation(project=site.project, company=firm.company, kind=kind, parent=parent.row if parent else None)
    place = Place(ledger.add(row, at), site, firm)
    scope = {"company_id": firm.company.pk, "project_id": site.project.pk}
    details = {"company": firm.company.name, "project": site.project.name, "kind": row.get_kind_display()}
    ledger.tell(at, Event.PARTICIPATION_ADDED, row, plan.admin, **scope, **details)
    site.places.append(place)
    return place


def _file(ledger, plan: Plan, place: Place, number: str, crowd, rng) -> None:
    """File the contract with its 项目负责人; on one project the specialist's contract stays a draft."""
    at, site = moment(place.site.starts, 14), place.site
    place.manager = _official(ledger, plan, crowd, at - 10 * DAY, rng)
    kind = place.row.kind
    filing = ContractFiling(
        participation=place.row,
        number=number,
        section_no="D01",
        name=f"{site.project.name}{Kind(kind).label}合同",
        category=CATEGORIES[kind],
        status="filed",
        filed_on=at.date(),
        pm=place.manager.person,
        pm_phone=place.manager.invented.phone,
        pm_phone_digest=blind_index("phone", place.manager.invented.phone),
    )
    if len(plan.sites) == UNFINISHED_AT and kind == Kind.SPECIALIST:
        filing.status, filing.filed_on = "draft", None
    elif site.project.status == Project.Status.FINISHED:
        filing.status = "closed"
    place.filing = ledger.add(filing, at)
    role = Role.SUPERVISION_PM if kind == Kind.SUPERVISION else Role.PM
    place.pm = site_actor(place, place.manager, role, frozenset(Right))
    if filing.status != "draft":
        scope = {"company_id": place.firm.company.pk, "project_id": site.project.pk}
        ledger.tell(at, Event.CONTRACT_FILED, filing, plan.admin, **scope, number=number, pm=place.manager.name)


def site_actor(place: Place, who: Citizen, role: Role, rights) -> Actor:
    return Actor(
        role=role,
        door=Door.SITE,
        name=who.name,
        user_id=who.user.pk,
        person_id=who.person.pk,
        company_id=place.firm.company.pk,
        company_name=place.firm.company.name,
        project_id=place.site.project.pk,
        project_name=place.site.project.name,
        participation_id=place.row.pk,
        participation_kind=place.row.kind,
        rights=rights,
    )


def _official(ledger, plan: Plan, crowd, at, rng) -> Citizen:
    citizen = settle(ledger, next(crowd), at, rng, education="本科")
    himself = citizen.himself
    scope = {"person_id": citizen.person.pk, "person": citizen.name}
    ledger.tell(at, Event.PERSON_SUBMITTED, citizen.person, himself, **scope)
    ledger.tell(citizen.person.verified_at, Event.PERSON_VERIFIED, citizen.person, system(), **scope)
    plan.officials.append(citizen)
    return citizen


GRANTS = (  # rights, days since the grant, days until its end
    (tuple(Right), 60, 100),
    ((Right.ENTRY, Right.ATTENDANCE), 40, 4),
    ((Right.EXIT, Right.ATTENDANCE), 90, -6),
)


def _authorise(ledger, plan: Plan, place: Place, crowd, rng) -> None:
    """Grant rights to operators, for long and for a few days; on the neglected site all grants have expired."""
    neglected = place.site.trouble == "confirmations"
    for number, (rights, ago, left) in enumerate(GRANTS[: 3 if place.row.kind == Kind.GENERAL else 1]):
        at = office_hour(rng, plan.today - timedelta(days=ago))
        operator = _official(ledger, plan, crowd, at - 20 * DAY, rng)
        ends = plan.today + timedelta(days=-5 - number * 9 if neglected else left)
        grant = Grant(
            participation=place.row,
            person=operator.person,
            phone=operator.invented.phone,
            phone_digest=operator.person.phone_digest,
            rights=list(rights),
            starts_on=at.date(),
            ends_on=ends,
            given_by_id=place.manager.user.pk,
        )
        grant.last_used_at = moment(min(plan.today - DAY, ends), 17.2)
        ledger.add(grant, at)
        scope = {"company_id": place.firm.company.pk, "project_id": place.site.project.pk}
        details = {"operator": operator.name, "rights": words(grant.rights), "ends_on": ends}
        ledger.tell(at, Event.GRANT_GIVEN, grant, place.pm, **scope, person_id=operator.person.pk, **details)
        place.operators.append((operator, site_actor(place, operator, Role.SITE_OPERATOR, frozenset(rights)), grant))


def _crews(ledger, plan: Plan, crowd, rng) -> None:
    at_a_desk = {place.firm.company.pk for site in plan.sites if site.flow == "site_direct" for place in site.labour}
    for firm in plan.firms:
        if firm.company.kind != Kind.LABOUR:
            continue
        at = moment(plan.today - timedelta(days=rng.randint(200, 500)), 11)
        for _ in range(CREWS_A_FIRM):
            leader = _official(ledger, plan, crowd, at - 15 * DAY, rng)
            trade = invented.trade(rng)
            _crew(ledger, firm, at, name=invented.team_name(leader.name, trade), leader=leader.person, trade=trade)
        if firm.company.pk in at_a_desk:  # a team whose leader is off site and only a name at the desk
            _crew(ledger, firm, at, name=next(crowd).name, off_site_leader=True, trade=invented.trade(rng))


def _crew(ledger, firm: Firm, at, **fields) -> None:
    team = ledger.add(Team(company=firm.company, **fields), at)
    ledger.tell(at, Event.TEAM_CREATED, team, firm.hr, team=team.name)
    firm.crews.append(team)
