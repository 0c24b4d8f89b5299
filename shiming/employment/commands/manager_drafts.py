"""The drafts of both long forms [004]: saved while typed, gone when submitted or left alone for seven days."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import caused_by, record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import blind_index
from shiming.employment import rules
from shiming.employment.commands.managers import register_manager, require_free, update_manager
from shiming.employment.models import Employment, ManagerDraft
from shiming.people import rules as people_rules
from shiming.people.commands import checked_number, discard_draft, keep_draft, keep_draft_photo, limited
from shiming.people.commands.desk import LOOK_UPS
from shiming.people.commands.drafts import SIDES
from shiming.people.models import Person
from shiming.projects.models import Participation

OTHER_WINDOW = "这份草稿在另一个窗口改过，这里的内容还没有存"
LARGEST = 200_000  # characters of one draft


@limited
@transaction.atomic
def start_manager_draft(number: str, *, by: Actor) -> ManagerDraft:
    """新增 asks the number first: R-03, R-04, R-05. The draft of the same company and number goes on."""
    require(rules.may_register_directly, by)
    normal = checked_number(number).number
    if person := looked_up(normal, by):
        require_free(person, by)
    return draft_for(normal, by)


def looked_up(number: str, by: Actor) -> Person | None:
    """The person with this number. Outside of the company's people it tells whether they are employed: the look-ups are
    limited, and the person sees them."""
    person = Person.by_id_number(number)
    if person and not people_rules.sees(by, person):
        LOOK_UPS.claim(caused_by(by, Event.PERSON_CHECKED), key=by.user_id)
        scope = {"person_id": person.pk, "company_id": by.company_id}
        record(Event.PERSON_CHECKED, person, by=by, person=person.name, **scope)
    return person


@transaction.atomic
def draft_of_manager(employment: Employment, *, by: Actor) -> ManagerDraft:
    """Changes of a registered manager are kept in the same way."""
    require(rules.may_keep_manager, by, employment)
    if not employment.employed:
        raise Refused("R-19")
    return draft_for(employment.person.id_number.plain, by)


def draft_for(number: str, by: Actor, place: Participation | None = None) -> ManagerDraft:
    """Two clerks, or two windows, at the same moment get the same one."""
    fresh = ManagerDraft(user_id=by.user_id)
    fresh.values = {"number": number}
    key = {"company_id": by.company_id, "id_digest": blind_index("id_number", number), "place": place}
    draft, _ = ManagerDraft.objects.get_or_create(
        **key, defaults={"id": fresh.pk, "user_id": by.user_id, "sealed": fresh.sealed}
    )
    return draft


@transaction.atomic
def keep_typed(draft: ManagerDraft, typed: dict[str, list[str]], *, by: Actor, seen: str | None = None) -> ManagerDraft:
    """Keep the form as it stands, right or wrong. Conflict when another window changed the draft since `seen`, the mark
    of the state that this window shows."""
    require(rules.may_keep_draft, by, draft)
    if seen is not None and lock(draft).mark != seen:
        raise Conflict(OTHER_WINDOW)
    if sum(len(value) for values in typed.values() for value in values) > LARGEST:
        raise Refused("R-73", most=1)
    return keep_draft(draft, {"typed": typed})


def keep_typed_photo(draft: ManagerDraft, side: str, content: bytes, *, by: Actor) -> ManagerDraft:
    """A photo goes through the picture inspector at once; Invalid in its words."""
    require(rules.may_keep_draft, by, draft)
    return keep_draft_photo(draft, side, content)


@limited
@transaction.atomic
def register_from_draft(draft: ManagerDraft, *, by: Actor, **given) -> Employment:
    """提交: the registration takes over number and photos, the draft is gone."""
    require(rules.may_keep_draft, by, draft)
    employment = register_manager(draft.number.plain, by=by, photos=photos_of(draft), **given)
    discard_draft(draft)
    return employment


@transaction.atomic
def update_from_draft(employment: Employment, draft: ManagerDraft, *, by: Actor, **given) -> Employment:
    """Save the draft into the employment and delete it."""
    require(rules.may_keep_draft, by, draft)
    employment = update_manager(employment, by=by, photos=photos_of(draft), **given)
    discard_draft(draft)
    return employment


@transaction.atomic
def discard_typed(draft: ManagerDraft, *, by: Actor) -> None:
    """放弃: the draft goes with the photos and papers that were uploaded for it."""
    require(rules.may_keep_draft, by, draft)
    _discard(draft, "放弃", by)


@transaction.atomic
def discard_old_drafts(*, by: Actor) -> int:
    """The same for drafts left alone for seven days; what a request holds waits for the next run."""
    require(rules.may_tend, by)
    old = ManagerDraft.objects.filter(updated_at__lt=timezone.now() - ManagerDraft.KEPT)
    drafts = list(old.select_for_update(of=("self",), skip_locked=True))
    for draft in drafts:
        _discard(draft, f"{ManagerDraft.KEPT.days} 天没有改动", by)
    return len(drafts)


def _discard(draft: ManagerDraft, reason: str, by: Actor) -> None:
    """The event deletes the papers, while the draft still names company and number."""
    record(Event.MANAGER_DRAFT_DISCARDED, draft, by=by, person=draft.name or "（未填姓名）", reason=reason)
    discard_draft(draft)


def photos_of(draft: ManagerDraft) -> dict:
    taken = {SIDES[side]: getattr(draft, side) for side in SIDES}
    return {kind: photo for kind, photo in taken.items() if photo}
