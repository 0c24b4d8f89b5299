"""What the poster's forms add to the file with everything kept about a person."""

from django.db.models import Q
from django.utils import timezone

from shiming.binding.models import SelfForm
from shiming.people.models import Person
from shiming.people.sections import in_own_data


@in_own_data("扫码登记")
def own_self_forms(person: Person) -> list[dict[str, str]]:
    """Also those that no company has decided yet, by whose phone ever they were sent."""
    rows = SelfForm.objects.filter(Q(person=person) | Q(id_digest=person.id_digest))
    return [
        {
            "项目": row.participation.project.name,
            "单位": row.participation.company.name,
            "提交时间": f"{timezone.localtime(row.sent_at):%Y-%m-%d %H:%M}",
            "凭证号": row.receipt_in_groups,
            "状态": row.get_status_display(),
        }
        for row in rows.select_related("participation__project", "participation__company").order_by("sent_at")
    ]
