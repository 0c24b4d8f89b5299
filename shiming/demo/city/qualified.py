"""Certificates that are valid, expiring, expired and missing on one site of the city, and safety trainings."""

from collections import Counter
from datetime import date
from decimal import Decimal

from shiming.admission import commands as admission
from shiming.assignment.models import Assignment
from shiming.credentials import commands as credentials
from shiming.credentials.check import default_needs
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY
from shiming.demo.city.plan import Place, Plan, Site
from shiming.demo.city.town import Town
from shiming.employment.models import Employment
from shiming.safety import commands as safety

SITE = 8
BEGAN, DRAFTED = 4, 11  # days ago
UNTIL = (400, 18, -9, None, 700)  # days from today; None for a worker without the certificate
TRAINED = 15  # people
SKILL, SKILLED = "职业技能等级证书", ("钢筋工", "木工(模板工)")
LEVELS = {"company": 15, "project": 15, "team": 20}
TRAINING = {"company": 15.0, "project": 15.0, "team": 20.0, "months": 12}
ISSUER = "澜汀市住房和城乡建设局"


def certificates_and_trainings(town: Town) -> None:
    """Record certificates and trainings; the check of the former is in force, that of the latter a draft."""
    site, admin = town.plan.sites[SITE], town.plan.admin
    lives = _workers(town, site)
    # The site asks two more trades than the dictionary does.
    needs = [*default_needs(), *({"trade": trade, "any_of": [SKILL]} for trade in SKILLED)]
    for need in needs:
        asked = [life for life in lives if _trade(life) == need["trade"]]
        for number, life in enumerate(asked):
            _certify(town, life, need["any_of"][0], number)
    for number, life in enumerate(lives[:TRAINED]):
        _train(town, life, number)
    for code, settings in (("credentials", {"needs": needs}), ("training", TRAINING)):
        row = town.do(DRAFTED, 10, admission.draft, site.project, code, effect="refuse", settings=settings, by=admin)
        if code == "credentials" and row:
            town.do(DRAFTED, 11, admission.start, row, on=town.plan.today - BEGAN * DAY, by=admin)


def by_certificates(plan: Plan) -> list[Place]:
    """The labour firms on the site, those with most certificates first."""
    people = Employment.objects.filter(status__in=Employment.EMPLOYED, person__credentials__issuer=ISSUER)
    counted = Counter(people.values_list("company", flat=True))
    return sorted(plan.sites[SITE].labour, key=lambda place: -counted[place.firm.company.pk])


def _certify(town: Town, life: Life, name: str, number: int) -> None:
    """Give a valid certificate to everyone who entered since the check began."""
    came = bool(life.stays) and life.stays[-1].entered_on >= town.plan.today - BEGAN * DAY
    until = UNTIL[0] if came else UNTIL[number % len(UNTIL)]
    if until is not None:
        ends = town.plan.today + until * DAY
        given = {"issuer": ISSUER, "valid_from": ends - 730 * DAY, "valid_until": ends}
        serial = f"澜{ends.year - 2}{number + 1:06d}"
        hr = life.place.firm.hr
        town.do(
            DRAFTED - 3, 9, credentials.record_credential, _employment(life), name=name, number=serial, by=hr, **given
        )


def _train(town: Town, life: Life, number: int) -> None:
    """Two thirds have all three levels; the others lack the last."""
    taken = _since(life, town.plan.today)
    for level, hours in LEVELS.items():
        if level != "team" or number % 3:
            project = None if level == "company" else life.site.project
            given = {"level": level, "project": project, "taken_on": taken, "hours": Decimal(hours), "passed": True}
            town.do(2, 15, safety.record_training, _employment(life), by=life.place.firm.hr, **given)


def _since(life: Life, today: date) -> date:
    first = life.stays[0].entered_on if life.stays else today - 6 * DAY
    return max(first, today - 200 * DAY)


def _workers(town: Town, site: Site) -> list[Life]:
    """The workers with an open allocation on the site and an employment."""
    here = Assignment.objects.filter(
        project=site.project, role=Assignment.WORKER, status="accepted", employment__status__in=Employment.EMPLOYED
    )
    accepted = set(here.values_list("person", flat=True))
    return [life for life in town.lives if life.site is site and life.citizen.person.pk in accepted]


def _trade(life: Life) -> str:
    return Assignment.objects.get(project=life.site.project.pk, person=life.citizen.person.pk, status="accepted").trade


def _employment(life: Life) -> Employment:
    return Employment.objects.select_related("person").get(
        person=life.citizen.person.pk, company=life.place.firm.company.pk, status__in=Employment.EMPLOYED
    )
