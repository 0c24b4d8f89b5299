"""Entries about a person in the file of their own data, with what each side wrote."""

from shiming.people.models import Person
from shiming.people.sections import in_own_data
from shiming.restrictions import queries


@in_own_data("限制进场")
def own_data(person: Person) -> list[dict[str, str]]:
    return [
        {
            "作出限制的单位": row.issuer.name,
            "范围": row.scope,
            "类别": row.category_label,
            "自": str(row.from_date),
            "至": str(row.until),
            "状态": row.get_state_display(),
            "往来": "；".join(f"{line.get_step_display()}（{line.by}）：{line.text}" for line in row.lines.all()),
        }
        for row in queries.of_person(person).prefetch_related("lines")
    ]
