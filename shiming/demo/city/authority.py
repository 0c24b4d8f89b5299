"""What the authority has asked of sites and checked on them, by the real commands."""

from datetime import timedelta

from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.actor import Actor
from shiming.core.errors import DomainError
from shiming.demo.city.plan import Plan
from shiming.oversight import commands, inspections, troubles
from shiming.oversight.models import Inquiry
from shiming.projects.models import Project

DUE = timedelta(days=7)
ANSWER = "逐人核实：两人请假回乡，其余因门口网络故障没有打卡，已修好并补登。"


def happen(plan: Plan) -> None:
    """Each station: an inquiry that waits, one that was answered, one that is closed; and one inspection."""
    built = [site.contractor for site in plan.sites]
    managers = {
        place.row.project_id: place.pm for place in built if place.pm and place.row.kind == Company.Kind.GENERAL
    }
    for regulator in plan.regulators:
        found = [site for site in troubles.projects(regulator).order_by("-troubles", "pk") if site.pk in managers]
        for number, site in enumerate(found[:3]):
            _inquire(site, number, regulator, managers[site.pk])
        if found:
            _inspect(found[0], regulator)


def _inquire(site: Project, steps: int, regulator: Actor, pm: Actor) -> Inquiry:
    kind = site.trouble_counts.filter(number__gt=0).order_by("-number", "kind").first().kind
    text = f"请核实“{troubles.KINDS[kind].label}”的人员，逐人说明原因并整改，附材料答复。"
    inquiry = commands.send(site, kind, text=text, due_on=timezone.localdate() + DUE, by=regulator)
    if steps > 0:
        commands.answer(inquiry, text=ANSWER, papers=[], by=pm)
    if steps > 1:
        commands.close(inquiry, text="属实，办结。", by=regulator)
    return inquiry


def _inspect(site: Project, regulator: Actor) -> None:
    try:
        inspection = commands.start(site, by=regulator)
    except DomainError:  # no worker on site, or too many for one list
        return
    met = [row.pk for number, row in enumerate(inspections.people(inspection)) if number % 9]
    strangers, note = "一人在三号楼搬运模板，未带证件，自称当天来帮工", "名单以外的人请当天补登记或清退。"
    commands.note_findings(inspection, found=met, strangers=strangers, note=note, finish=True, by=regulator)
