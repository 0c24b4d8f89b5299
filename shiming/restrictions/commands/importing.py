"""One row of the Excel kind 限制进场; a company lists people with the evidence in words, and adds papers later."""

from collections.abc import Iterable
from datetime import date

from shiming.core.actor import Actor
from shiming.core.errors import Conflict, Invalid
from shiming.people.models import Person
from shiming.projects.models import Project
from shiming.restrictions import queries, rules
from shiming.restrictions.commands.issuing import issue
from shiming.restrictions.models import Restriction


def take_over(values: dict, by: Actor) -> str:
    """Return "created", or "same" when the company has this entry already."""
    project, person = find(values, rules.sites(by), by)
    if same := _known(person, project, values["from_date"], by):
        if (same.until, same.category) != (values["until"], values["category"]):
            raise Conflict(f"{person.name}当天已有一条限制，至{same.until}，请先解除原来的")
        return "same"
    given = {name: values[name] for name in ("category", "from_date", "until", "text")}
    issue(person, project=project, by=by, **given)
    return "created"


def find(values: dict, sites: Iterable[Project], by: Actor) -> tuple[Project | None, Person]:
    """Site, None for all, and person of a row; raises Invalid at the cell that names none."""
    named = values["project"]
    project = next((each for each in sites if named and named in (each.name, each.filing_code)), None)
    if named and project is None:
        raise Invalid("本企业没有参建这个项目", next_step="写报建编号或项目名称，空着为所有项目", field="project")
    person = queries.person_by_number(by, values["number"], project)
    if person is None:
        raise not_allocated()
    return project, person


def not_allocated() -> Invalid:
    return Invalid("没有在这个范围分配过这名人员", next_step="核对身份证号和范围", field="number")


def _known(person: Person, project: Project | None, from_date: date, by: Actor) -> Restriction | None:
    rows = Restriction.objects.filter(person=person, project=project, company=by.company_id, from_date=from_date)
    return rows.exclude(status=Restriction.Status.LIFTED).first()
