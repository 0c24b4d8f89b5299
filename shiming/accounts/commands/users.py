"""Commands of accounts: create, open by a one-time link, close at once."""

import re
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shiming.accounts import rules
from shiming.accounts.models import InviteLink, User
from shiming.companies import commands as companies
from shiming.companies.models import Company, Staff
from shiming.core.access import require
from shiming.core.actor import Actor, Role
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import blind_index
from shiming.people.models import Person
from shiming.projects import commands as projects
from shiming.projects.models import Station

LINK_HOURS = 24
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
# Names of this shape belong to people and certificates, which do not log in by user name.
RESERVED = re.compile(r"(person|cert)-")


@transaction.atomic
def create_account(*, username: str, name: str, by: Actor, is_admin: bool = False) -> User:
    """Create an account without a password: its owner sets one through a link."""
    require(rules.may_create_accounts, by)
    if is_admin:
        require(rules.may_administer, by)
    user = User(username=_username(username), name=name.strip(), is_admin=is_admin)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    record(Event.ACCOUNT_CREATED, user, by=by, company_id=by.company_id, account=user)
    return user


@transaction.atomic
def open_post(company: Company, *, username: str, name: str, role: Role, by: Actor) -> tuple[Staff, str]:
    """Create an account with a post at a firm; returns the post and the token of the link for its owner."""
    user = create_account(username=username, name=name, by=by)
    staff = companies.appoint(company, user, role, by=by)
    return staff, issue_link(user, by=by)


@transaction.atomic
def open_station_post(station: Station, *, username: str, name: str, by: Actor) -> tuple[User, str]:
    """Create the account and the post of a 监督人员; return the user and the invite link."""
    user = create_account(username=username, name=name, by=by)
    projects.post_regulator(station, user, by=by)
    return user, issue_link(user, by=by)


@transaction.atomic
def open_administrator(*, username: str, name: str, by: Actor) -> tuple[User, str]:
    user = create_account(username=username, name=name, is_admin=True, by=by)
    return user, issue_link(user, by=by)


@transaction.atomic
def issue_link(user: User, *, by: Actor) -> str:
    """The token of a link that sets a password, once, within 24 hours. An earlier link becomes invalid."""
    require(rules.may_issue_link, by, user)
    now = timezone.now()
    InviteLink.objects.filter(user=user, used_at=None).update(used_at=now)
    token = secrets.token_urlsafe(32)
    InviteLink(user=user, digest=_link_digest(token), expires_at=now + timedelta(hours=LINK_HOURS)).save()
    record(Event.LINK_ISSUED, user, by=by, company_id=by.company_id, account=user)
    return token


def link_of(token: str) -> InviteLink | None:
    now = timezone.now()
    links = InviteLink.objects.filter(digest=_link_digest(token), used_at=None, expires_at__gt=now)
    return links.select_related("user").filter(user__is_active=True).first()


@transaction.atomic
def accept_link(token: str, password: str) -> User:
    """Set the password; the link is used up and every session of the account ends."""
    link = link_of(token)
    if link is None:
        raise Refused("L-06")
    link, user = lock(link), lock(link.user)
    # Checked again under the lock: a parallel request may have used the link.
    if link.used_at:
        raise Refused("L-06")
    _set_password(user, password)
    link.used_at = timezone.now()
    link.save()
    record(Event.PASSWORD_CHANGED, user, by=rules.owner(user))
    return user


@transaction.atomic
def change_password(user: User, *, old: str, new: str, by: Actor) -> User:
    user = lock(user)
    if not user.check_password(old):
        raise Refused("R-01", field="old")
    _set_password(user, new)
    record(Event.PASSWORD_CHANGED, user, by=by)
    return user


@transaction.atomic
def rename(user: User, *, name: str, by: Actor) -> User:
    user = lock(user)
    require(rules.may_administer, by)
    before, user.name = user.name, name.strip()
    user.full_clean(exclude=["password"])
    user.save()
    record(
        Event.ACCOUNT_CHANGED, user, by=by, account=user, fields="姓名", before={"姓名": before}, after={"姓名": name}
    )
    return user


@transaction.atomic
def set_active(user: User, active: bool, *, by: Actor) -> User:
    """Enable or disable the account; its sessions end with their next request."""
    user = lock(user)
    require(rules.may_disable, by, user)
    user.is_active = active
    user.session_version += 1
    user.save()
    record(Event.ACCOUNT_CHANGED, user, by=by, account=user, fields="启用" if active else "停用")
    return user


@transaction.atomic
def user_of_person(person: Person) -> User:
    """The account of a person, created at the first login."""
    user, _ = User.objects.get_or_create(
        person=person, defaults={"username": f"person-{person.pk}", "name": person.name, "password": "!"}
    )
    return user


@transaction.atomic
def user_of_certificate(company: Company, holder: str) -> User:
    """The account of a certificate's holder, the legal representative [000][001]; created at the first login."""
    name = holder or company.certificate_holder or company.name
    user, fresh = User.objects.get_or_create(
        username=f"cert-{company.pk}", defaults={"name": name[:50], "password": "!"}
    )
    if fresh or not user.posts.filter(company=company, role=Role.LEGAL_REP, until=None).exists():
        staff = Staff(user=user, company=company, role=Role.LEGAL_REP, since=timezone.localdate())
        staff.full_clean()
        staff.save()
        record(Event.STAFF_APPOINTED, staff, by=rules.owner(user), staff=user, role=Role.LEGAL_REP.label)
    return user


def end_sessions(users) -> None:
    """End every session of these users; the next request is logged out."""
    users.update(session_version=F("session_version") + 1)


@transaction.atomic
def first_administrator() -> tuple[User, str] | None:
    """The account `admin` and a link for it, created if missing; None once an administrator has a password."""
    if any(user.has_password for user in User.objects.filter(is_admin=True, is_active=True)):
        return None
    installer = rules.installer()
    user = User.objects.filter(is_admin=True, is_active=True).order_by("created_at").first()
    user = user or create_account(username="admin", name="系统管理员", is_admin=True, by=installer)
    return user, issue_link(user, by=installer)


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.password_set_at = timezone.now()
    user.session_version += 1
    user.save()


def _username(text: str) -> str:
    text = text.strip().lower()
    if not USERNAME.fullmatch(text) or RESERVED.match(text):
        raise ValidationError({"username": "用户名用小写字母、数字、点或横线，至少 3 位，不能以 person- 或 cert- 开头"})
    if User.objects.filter(username=text).exists():
        raise Conflict("这个用户名已有人使用，请换一个")
    return text


def _link_digest(token: str) -> str:
    return blind_index("invite_link", token)
