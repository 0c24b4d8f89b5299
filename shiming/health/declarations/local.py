"""No outside system: declarations are the rows kept here (DeclarationOnFile)."""

from shiming.core.privacy import blind_index
from shiming.health.declarations import Declared
from shiming.health.models import DeclarationOnFile


def find(number: str, name: str) -> Declared | None:
    row = DeclarationOnFile.objects.filter(id_digest=blind_index("id_number", number)).first()
    return Declared.from_dict(row.values) if row else None
