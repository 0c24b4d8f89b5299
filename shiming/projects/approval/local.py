"""No outside system: the people filed are the rows kept here, brought in by Excel (报送人员)."""

from collections.abc import Iterator

from shiming.projects.approval import Filed
from shiming.projects.models import ContractFiling
from shiming.projects.queries import current_people


def filed_people(filing: ContractFiling) -> Iterator[Filed]:
    for row in current_people().filter(filing=filing):
        phone = row.phone.plain if row.phone else ""
        yield Filed(row.id_number.plain, row.name, row.position, phone, row.since, row.until)
