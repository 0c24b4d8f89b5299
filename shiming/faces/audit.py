"""What the 实施单位 sees of a face when it audits a binding."""

from shiming.binding.proofs import shown_at_audit
from shiming.faces import queries
from shiming.people import pictures
from shiming.people.models import Person


@shown_at_audit
def portrait_beside_card(person: Person) -> list[tuple[str, str]]:
    """The picture kept at the registration, and that of the ID card; nothing without a kept one."""
    kept = queries.portrait(person)
    if kept is None:
        return []
    card = [("证件上", pictures.data_of(person.card_portrait))] if person.card_portrait else []
    return [("登记时", pictures.data(kept.opened("sealed"))), *card]
