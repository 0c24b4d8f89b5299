"""The second factor: one-time passwords from an app, passkeys, recovery codes."""

import base64
import secrets
import time

from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from shiming.accounts import rules
from shiming.accounts.commands.users import end_sessions
from shiming.accounts.models import Passkey, RecoveryCode, Totp, User
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import blind_index

STEP, TOLERANCE = 30, 1
RECOVERY_CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> str:
    """160 bits in base32, as authenticator apps read them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


@transaction.atomic
def set_totp(user: User, secret: str, code: str, *, by: Actor) -> Totp:
    """Keep the secret after its owner has entered a code made from it. An earlier app becomes invalid."""
    step = _matching_step(secret, code, after=0)
    if step is None:
        raise Refused("L-05", field="code")
    Totp.objects.filter(user=user).delete()
    totp = Totp(user=user, secret=secret, last_step=step)
    totp.save(force_insert=True)
    record(Event.SECOND_FACTOR_SET, user, by=by, factor="动态口令")
    return totp


@transaction.atomic
def check_totp(user: User, code: str) -> bool:
    """Check a code. Each code counts once: its time step is stored."""
    # Locked, so that two parallel logins cannot use one code.
    totp = Totp.objects.select_for_update().filter(user=user).first()
    if totp is None:
        return False
    step = _matching_step(totp.secret.plain, code, after=totp.last_step)
    if step is None:
        return False
    totp.last_step = step
    totp.save()
    return True


@transaction.atomic
def add_passkey(
    user: User, *, credential_id: bytes, public_key: bytes, sign_count: int, name: str, by: Actor
) -> Passkey:
    passkey = Passkey(
        user=user,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=sign_count,
        name=name[:40] or "通行密钥",
    )
    passkey.full_clean(exclude=["credential_id", "public_key"])
    passkey.save()
    record(Event.SECOND_FACTOR_SET, user, by=by, factor=f"通行密钥“{passkey.name}”")
    return passkey


@transaction.atomic
def use_passkey(passkey: Passkey, sign_count: int) -> None:
    passkey = lock(passkey)
    passkey.sign_count, passkey.last_used_at = sign_count, timezone.now()
    passkey.save()


@transaction.atomic
def make_recovery_codes(user: User, *, by: Actor) -> list[str]:
    """Ten new codes, returned once as plain text; the earlier ones become invalid."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["-".join(_random_word() for _ in range(2)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_recovery_digest(user, code)) for code in codes)
    record(Event.SECOND_FACTOR_SET, user, by=by, factor="恢复码")
    return codes


@transaction.atomic
def use_recovery_code(user: User, code: str) -> bool:
    # One conditional UPDATE: of two parallel uses only one matches a row.
    unused = RecoveryCode.objects.filter(user=user, digest=_recovery_digest(user, code), used_at=None)
    return unused.update(used_at=timezone.now()) == 1


@transaction.atomic
def remove_factor(user: User, factor: Totp | Passkey, *, by: Actor) -> None:
    """Remove one factor. The last one stays (Conflict), because the login requires one."""
    user = lock(user)
    if user.passkeys.count() + Totp.objects.filter(user=user).count() < 2:
        raise Conflict("这是最后一种第二重验证，请先添加另一种，再移除它")
    label = f"通行密钥“{factor.name}”" if isinstance(factor, Passkey) else "动态口令"
    factor.delete()
    record(Event.SECOND_FACTOR_REMOVED, user, by=by, factor=label)


@transaction.atomic
def forget_factors(user: User, *, by: Actor) -> None:
    """Clear the factors of a user who lost phone and recovery codes; the next login sets up new ones.

    Every session of the user ends, also one on the lost phone.
    """
    require(rules.may_forget_factors, by, user)
    Totp.objects.filter(user=user).delete()
    user.passkeys.all().delete()
    RecoveryCode.objects.filter(user=user).delete()
    end_sessions(User.objects.filter(pk=user.pk))
    record(Event.SECOND_FACTOR_REMOVED, user, by=by, factor="全部第二重验证")


def _matching_step(secret: str, code: str, *, after: int) -> int | None:
    if not (code := code.replace(" ", "")).isdecimal() or len(code) != 6:
        return None
    totp = TOTP(base64.b32decode(secret), step=STEP)
    totp.time = time.time()
    return totp.t() if totp.verify(int(code), tolerance=TOLERANCE, min_t=after + 1) else None


def _random_word() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(5))


def _recovery_digest(user: User, code: str) -> str:
    return blind_index("recovery", f"{user.pk}:{code.strip().lower().replace(' ', '')}")
