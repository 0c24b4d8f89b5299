"""Queries of accounts, posts and keys, and of logins."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shiming.accounts import rules
from shiming.accounts.models import ApiKey, Passkey, Totp, User
from shiming.companies.models import Staff
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.projects.models import RegulatorPost

KINDS = {
    "company": Q(pk__in=Staff.objects.filter(until=None).values("user")),
    "oversight": Q(pk__in=RegulatorPost.objects.values("user")),
    "admin": Q(is_admin=True),
    "person": Q(person__isnull=False),
    "closed": Q(is_active=False),
    "any": Q(),
}
LOGIN_EVENTS = ("login.", "password.", "factor.", "link.")


def accounts(actor: Actor, *, name: str = "", kind: str = "") -> QuerySet[User]:
    """Accounts that were opened by hand; those of people who log in by phone are listed only for their `kind`."""
    rows = User.objects.filter(rules.visible_to(actor))
    rows = rows.filter(KINDS.get(kind, Q(person=None)))
    if name:
        rows = rows.filter(Q(name__icontains=name) | Q(username__icontains=name))
    return rows.annotate(
        has_app=Exists(Totp.objects.filter(user=OuterRef("pk"))),
        has_passkey=Exists(Passkey.objects.filter(user=OuterRef("pk"))),
        open_posts=Count("posts", filter=Q(posts__until=None), distinct=True),
    )


def posts_of_company(actor: Actor) -> QuerySet[Staff]:
    rows = Staff.objects.filter(company=actor.company_id, until=None).select_related("user")
    return rows.prefetch_related("user__posts", "user__regulator_posts").annotate(
        has_app=Exists(Totp.objects.filter(user=OuterRef("user"))),
        has_passkey=Exists(Passkey.objects.filter(user=OuterRef("user"))),
    )


def api_keys(actor: Actor) -> QuerySet[ApiKey]:
    keys = ApiKey.objects.filter(rules.keys_visible_to(actor))
    return keys.select_related("user", "company", "participation__project")


def own_logins(user: User, most: int = 12) -> list[dict]:
    """The last logins, failures and changes of one account, for its owner to check."""
    wanted = Q()
    for prefix in LOGIN_EVENTS:
        wanted |= Q(event__startswith=prefix)
    entries = AuditEntry.objects.filter(wanted, object_id=str(user.pk)).order_by("-id")[:most]
    return [{"at": entry.at, "sentence": str(entry), "note": entry.address, "tone": _tone(entry)} for entry in entries]


def _tone(entry: AuditEntry) -> str:
    return "stop" if entry.event == Event.LOGIN_FAILED else ""
