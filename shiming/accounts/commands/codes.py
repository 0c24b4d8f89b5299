"""Codes sent to the phone: the dynamic code of the site door and the worker's six digits (security.md 28)."""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shiming.accounts.models import LoginCode
from shiming.core.privacy import blind_index
from shiming.outbox.commands import send

Purpose = LoginCode.Purpose
LIFETIME = {
    Purpose.SITE: timedelta(hours=24),
    Purpose.PERSON: timedelta(minutes=5),
    Purpose.AGAIN: timedelta(minutes=5),
}
TEXTS = {
    Purpose.SITE: "【实名】工地端动态密码 {code}，24 小时内有效。请勿告诉他人。",
    Purpose.PERSON: "【实名】登录验证码 {code}，5 分钟内有效。请勿告诉他人。",
    Purpose.AGAIN: "【实名】您正在办理重要操作，验证码 {code}，5 分钟内有效。请勿告诉他人。",
}


@transaction.atomic
def send_code(purpose: str, phone: str, *, also: str = "", browser: str = "") -> None:
    """Send a new code; the one before becomes invalid. `also` (an ID number) and `browser` must match on use."""
    target, now = _target(phone, also), timezone.now()
    code = f"{secrets.randbelow(1_000_000):06d}"
    send(phone, TEXTS[purpose].format(code=code), f"code-{purpose}")
    LoginCode.objects.filter(purpose=purpose, target=target, spent_at=None).update(spent_at=now)
    LoginCode(
        purpose=purpose,
        target=target,
        browser=_digest(browser) if browser else "",
        digest=_digest(f"{target}:{code}"),
        expires_at=now + LIFETIME[purpose],
    ).save()


@transaction.atomic
def check_code(purpose: str, phone: str, code: str, *, also: str = "", browser: str = "") -> bool:
    """Whether the code is right. Five wrong tries void it. A dynamic code is valid all day, the others once."""
    target, now = _target(phone, also), timezone.now()
    live = LoginCode.objects.select_for_update().filter(purpose=purpose, target=target, spent_at=None)
    found = live.filter(expires_at__gt=now).first()
    # Compared without a code as well, so that the time does not show whether one exists.
    expected = found.digest if found else _digest("nobody")
    right = hmac.compare_digest(_digest(f"{target}:{code.strip()}"), expected)
    if not found or (found.browser and found.browser != _digest(browser)):
        return False
    _use(found, right, now)
    return right


def _use(code: LoginCode, right: bool, now) -> None:
    code.tries_left -= 0 if right else 1
    if code.tries_left == 0 or (right and code.purpose != Purpose.SITE):
        code.spent_at = now
    code.save()


def forget_old() -> int:
    return LoginCode.objects.filter(expires_at__lt=timezone.now() - timedelta(days=2)).delete()[0]


def _target(phone: str, also: str) -> str:
    return blind_index("code_target", f"{phone}:{also}")


def _digest(text: str) -> str:
    return blind_index("login_code", text)
