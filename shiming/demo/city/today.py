"""The last days, run by the real commands at their hours, so that open questions stand in the inboxes.

The scenes stand in their order for one person. Each takes people whom `lives` left where the scene begins.
"""

from datetime import datetime
from functools import partial

from django.utils import timezone

from shiming.assignment import commands as assigning
from shiming.assignment.models import Assignment
from shiming.attendance import commands as attending
from shiming.core.actor import Right, system
from shiming.demo.city import bindings, epidemic, qualified, restricted, sharing
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY, moment
from shiming.demo.city.plan import Firm, Plan, Site
from shiming.demo.city.steps import DISMISSALS, LEAVING
from shiming.demo.city.town import Town
from shiming.desk import commands as desk
from shiming.employment import commands as employing
from shiming.employment.models import Employment
from shiming.people import commands as people
from shiming.presence import commands as gate
from shiming.presence.models import Stay
from shiming.projects import commands as projects

REJECTIONS = ("工种与现场需要不符", "班组人数已满", "特种作业证书未上传", "与报送名单不一致，请核对")
OBJECTIONS = ("我没有跟这家单位签过劳动合同", "合同是签了，还没有到岗")
OBJECTIONS_TO_LEAVING = ("我没有提出离职，也没有结清工资", "离职的日期不对，我多干了一个星期")
FORGOTTEN = ("手机没电，忘记打卡", "加班浇筑，出门时忘了扫码", "门口网络不好，没有扫上", "换了手机，当天没能打卡")


def happen(plan: Plan, lives: list[Life], *, now: datetime, seed: int) -> list[str]:
    """Run all scenes; returns the unexpected refusals, [] in a sound city."""
    town = Town(plan, lives, now, seed)
    for scene in SCENES:
        scene(town)
    return town.refused


# employment


def invitations(town: Town) -> None:
    """Invitations that wait for the person, old and new; three have expired."""
    verified_long_ago = partial(_settled_before, timezone.localdate(town.now) - 33 * DAY)
    for life in town.take("free", 3, verified_long_ago):
        town.do(32, town.hour(), _invite, life, life.place.firm)
    for life in town.take("free", 14):
        town.do(town.rng.choice((0, 1, 2, 4)), town.hour(), _invite, life, life.place.firm)
    town.do(0, 1.5, employing.expire_old, by=system())


def awaited(town: Town) -> None:
    """Invitations of people whose identity is still being checked (待建档)."""
    for life in town.take("waiting", min(10, len(town.waiting["waiting"]) // 2)):
        town.do(0.5, town.hour(), _invite, life, life.place.firm)


def leaves(town: Town) -> None:
    """Leave requests: waiting, overdue, refused and withdrawn."""
    for number, life in enumerate(town.take("complete", 9)):
        days = (1, 2, 9, 3, 10, 1, 5, 4, 2)[number]
        row = _employment(life)
        if town.do(days, town.hour(), employing.request_leave, row, reason=LEAVING[number % 4], by=life.himself):
            if number in (5, 6):
                note = "本周抢工期，月底再走可以吗"
                town.do(days - 1, 16, employing.answer_leave, row, agree=False, note=note, by=life.place.firm.hr)
            if number == 7:
                town.do(days - 1, 18, employing.cancel_leave, row, by=life.himself)
    town.do(0, 1.6, employing.flag_overdue_leaves, by=system())


def dismissals(town: Town) -> None:
    for number, life in enumerate(town.take("on_site", 7, _worker)):
        row, hr, days = _employment(life), life.place.firm.hr, number % 3
        town.do(days + 1, town.hour(), employing.propose_dismissal, row, reason=DISMISSALS[number % 3], by=hr)
        if number == 5:
            town.do(days, 18, employing.answer_dismissal, row, agree=False, by=life.himself)
        if number == 6:
            town.do(days, 9, employing.cancel_dismissal, row, by=hr)


def transfers(town: Town) -> None:
    """Transfers (一键转出) with every outcome."""
    for number, life in enumerate(town.take("complete", 7)):
        firm, days = _another(town, life.place.firm), 6 - number
        number_of = life.someone.id_number
        asked = town.do(days, town.hour(), employing.request_transfer, name=life.name, number=number_of, by=firm.hr)
        if asked and number in (0, 1, 2, 3):
            town.do(days - 1, 12.3, employing.answer_transfer, asked, agree=number != 3, by=life.himself)
        if asked and number == 0:
            row = _employment(life)
            town.do(days - 2, 15, employing.answer_leave, row, agree=True, by=life.place.firm.hr)
        if asked and number == 4:
            town.do(0.6, 15, employing.stop_transfer, asked, by=firm.hr)


# allocation


def allocations(town: Town) -> None:
    """Allocations that wait for the site: of recent days, and of three weeks on the neglected site."""
    for life in town.take("to_be_confirmed", 400):
        _allocate(town, life, town.rng.choice((0, 1, 1, 2, 3)))
    for life in town.take("overdue", 400):
        _allocate(town, life, town.rng.randint(6, 24))


def rejections(town: Town) -> None:
    for number, life in enumerate(town.take("rejected", 60)):
        row = _allocate(town, life, 5)
        if row is None:
            continue
        by, note = life.site.contractor.pm, town.rng.choice(REJECTIONS)
        town.do(4, 9.5, assigning.reject, [row], note=note, by=by)
        if number % 4 == 0:
            again = Assignment.objects.get(pk=row.pk)
            town.do(2, 14, assigning.resubmit, again, by=life.place.firm.hr, team=_other_crew(life))


# on site


def refused_at_the_gate(town: Town) -> None:
    """Scans of people whose allocation is not confirmed, refused with reasons."""
    sites = [site.project.pk for site in town.plan.sites if site.flow == "invite_scan"]
    pending = Assignment.objects.filter(status="pending", role=Assignment.WORKER, project__in=sites)
    for row in pending.select_related("person", "project", "participation").order_by("pk")[:6]:
        site = _site(town, row.project_id)
        town.do(0, 6.9, gate.enter, [row], method=Stay.Method.SCAN, by=site.contractor.pm)


def this_morning(town: Town) -> None:
    """Entries of this morning, after 7:00; the others still wait at the gate."""
    if timezone.localtime(town.now).hour < 7:
        return
    elsewhere = lambda life: _worker(life) and life.site is not town.plan.sites[0]  # noqa: E731  stories need the first
    for life in town.take("at_the_gate", max(1, len(town.waiting["at_the_gate"]) // 3), elsewhere):
        by = life.site.contractor.pm
        town.do(0, town.rng.uniform(6.3, 6.9), gate.enter, [life.assignment], method=Stay.Method.SCAN, by=by)


def exits(town: Town) -> None:
    for life in town.take("on_site", 4, lambda life: _worker(life) and life.site.trouble == ""):
        stays = list(Stay.objects.filter(pk=life.stays[-1].pk))
        town.do(0.5, 17.2, gate.leave_site, stays, by=life.site.contractor.pm)


def corrections(town: Town) -> None:
    """Corrections: waiting, approved and denied, and a pile of them on the site with forgotten exits."""
    came = lambda life: _worker(life) and life.gone_since is None and _entered_before(town, life, 8)  # noqa: E731
    troubled = town.take("on_site", 9, lambda life: came(life) and life.site.trouble == "exits")
    for number, life in enumerate(troubled + town.take("on_site", 9, came)):
        day = town.plan.today - (2 + number % 5) * DAY
        details = {"came_at": moment(day, 6.9), "left_at": moment(day, 17.8), "reason": FORGOTTEN[number % 4]}
        person, project = life.citizen.person, life.site.project
        asked = town.do(
            1, town.hour(), attending.request_correction, person, project, day=day, by=life.himself, **details
        )
        if asked and number >= len(troubled) and number % 3:
            by, note = life.gatekeeper(Right.ATTENDANCE), "" if number % 3 == 1 else "当天现场停工，没有安排作业"
            town.do(0.4, 8.2, attending.decide_correction, asked, approve=number % 3 == 1, note=note, by=by)


def grants(town: Town) -> None:
    """A revoked grant."""
    site = next(site for site in town.plan.sites if not site.trouble)
    _, _, given = site.contractor.operators[1]
    town.do(3, 10, projects.revoke_grant, given, by=site.contractor.pm)


def looks(town: Town) -> None:
    """Reveals of a full ID number, which the person can see."""
    for life in town.take("on_site", 3, _worker):
        person, hr = life.citizen.person, life.place.firm.hr
        town.do(1, 15.4, people.reveal, person, "id_number", purpose="核对劳动合同", by=hr)


# the two older flows


def registered_directly(town: Town) -> None:
    """People registered through 基本信息登记, each with a notice to the person."""
    for life in town.take("about_to_be_hired", 400):
        crew, began = life.place.firm.crews[0], town.plan.today - 3 * DAY
        work = {"trade": crew.trade, "team": crew, "contract_start": began}
        work |= {"contract_end": began + 365 * DAY, "contact_phone": life.someone.phone}
        hr, number = life.place.firm.hr, life.someone.id_number
        town.do(town.rng.choice((0, 1, 2)), town.hour(), employing.register, number, by=hr, **work)


def sent_to_be_received(town: Town) -> None:
    """Allocations by labour companies that wait for the specialist or the general contractor."""
    for life in town.take("sent_to_be_received", 400):
        _allocate(town, life, town.rng.choice((0, 0, 1, 2)))


def refused_by_the_one_above(town: Town) -> None:
    for life in town.take("sent_to_be_refused", 60):
        if row := _allocate(town, life, 4):
            by, note = life.site.above(life.place).pm, town.rng.choice(REJECTIONS)
            town.do(3, 9.5, assigning.reject, [row], note=note, by=by)


def objections(town: Town) -> None:
    """Objections made today by people whom a company registered or released on earlier days."""
    registered = town.take("hired_directly", max(2, len(town.waiting["hired_directly"]) // 3))
    released = town.take("sent_released", max(2, len(town.waiting["sent_released"]) // 3))
    for number, life in enumerate(registered + released):
        note = (OBJECTIONS if life in registered else OBJECTIONS_TO_LEAVING)[number % 2]
        row = _employment(life)
        town.do(0, town.hour(), employing.answer_registration, row, agree=False, note=note, by=life.himself)


def registered_this_morning(town: Town) -> None:
    """Entries registered at the desk this morning; other people with a read card are left for visitors."""
    for life in town.take("desk_expected", len(town.waiting["desk_expected"]) // 3):
        crew = next((crew for crew in life.place.firm.crews if crew.leader_id), None)
        work = desk.Work(crew.trade if crew else "木工", life.citizen.person.education, team=crew)
        by, number = life.site.contractor.pm, life.someone.id_number
        town.do(0, town.rng.uniform(6.2, 7.4), desk.register, life.place.row, work, by=by, number=number)


def rated_yesterday(town: Town) -> None:
    leaving = town.take("desk_on_site", 3, _worker)
    for life, rating in zip(leaving, ("excellent", "good", "fair"), strict=False):
        stays, by = list(Stay.objects.filter(pk=life.stays[-1].pk)), life.site.contractor.pm
        town.do(1, 17.4, gate.leave_site, stays, rating=rating, rating_note="本工序完工", by=by)


SCENES = (
    invitations,
    awaited,
    leaves,
    dismissals,
    transfers,
    allocations,
    rejections,
    refused_at_the_gate,
    this_morning,
    exits,
    corrections,
    grants,
    looks,
    registered_directly,
    sent_to_be_received,
    refused_by_the_one_above,
    objections,
    registered_this_morning,
    rated_yesterday,
    bindings.audited,
    epidemic.overlay,
    qualified.certificates_and_trainings,
    restricted.listed,
    sharing.shared,
    sharing.proposed,
    sharing.notices,
)


def _invite(life: Life, firm: Firm):
    return employing.invite(name=life.name, number=life.someone.id_number, by=firm.hr)


def _allocate(town: Town, life: Life, days: int) -> Assignment | None:
    row = Employment.objects.select_related("person", "team").get(pk=life.employment.pk)
    place, hr = life.place.row, life.place.firm.hr
    result = town.do(days, town.hour(), assigning.propose, [row], place, role=life.role, by=hr)
    return result.done[0] if result and result.done else None


def _employment(life: Life) -> Employment:
    return Employment.objects.get(pk=life.employment.pk)


def _another(town: Town, firm: Firm) -> Firm:
    return town.rng.choice([each for each in town.plan.firms if each.crews and each is not firm])


def _other_crew(life: Life):
    crews = [crew for crew in life.place.firm.crews if crew.pk != life.employment.team_id]
    return crews[0] if crews else None


def _site(town: Town, project_id) -> Site:
    return next(site for site in town.plan.sites if site.project.pk == project_id)


def _worker(life: Life) -> bool:
    """A worker who has not left: leaders of crews may be of a site that is finished."""
    return life.role == Assignment.WORKER and all(stay.on_site for stay in life.stays[-1:])


def _settled_before(day, life: Life) -> bool:
    return life.at.date() < day


def _entered_before(town: Town, life: Life, days: int) -> bool:
    return life.stays[-1].entered_on < town.plan.today - days * DAY
