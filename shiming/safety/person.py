"""Safety trainings in the file of a person's own data."""

from shiming.people.models import Person
from shiming.people.sections import in_own_data
from shiming.safety import queries


@in_own_data("安全培训")
def own_data(person: Person) -> list[dict[str, str]]:
    return [
        {
            "用人单位": row.company.name,
            "项目": row.project.name if row.project else "",
            "级别": row.get_level_display(),
            "培训日期": str(row.taken_on),
            "学时": str(row.hours),
            "结果": "合格" if row.passed else "不合格",
            "有效期至": str(row.valid_until),
            "记录": "已删除" if row.removed_at else "",
        }
        for row in queries.of_person(person)
    ]
