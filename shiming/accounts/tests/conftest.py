"""Helpers that pass the entrances as a visitor does."""

import re

import pytest
from django.test import Client

from shiming.accounts import captcha
from shiming.accounts.commands import factors
from shiming.accounts.models import User
from shiming.outbox.models import OutboxMessage

PASSWORD = "一句好记的长话 2024"


class Visitor(Client):
    """A browser with a phone: it solves picture codes and reads messages."""

    def solve(self) -> str:
        """Draw a picture in the session and return its text."""
        session = self.session
        session["picture"] = {"digest": captcha._digest("AB34"), "at": 9e12}
        session.save()
        return "AB34"

    def sms(self) -> str:
        text = OutboxMessage.objects.order_by("-created_at", "-pk").first().text.plain
        return re.search(r"\d{6}", text)[0]


@pytest.fixture
def visitor(db) -> Visitor:
    return Visitor()


@pytest.fixture
def app_secret() -> str:
    return factors.new_secret()


def with_password(actor, secret: str = "") -> User:
    """The user of an actor, with a password and, on request, an authenticator app."""
    user = User.objects.get(pk=actor.user_id)
    user.set_password(PASSWORD)
    user.save()
    if secret:
        from shiming.accounts.models import Totp

        Totp(user=user, secret=secret).save(force_insert=True)
    return user


def code_of(secret: str, steps_later: int = 0) -> str:
    import base64
    import time

    from django_otp.oath import TOTP

    totp = TOTP(base64.b32decode(secret))
    totp.time = time.time() + 30 * steps_later
    return f"{totp.token():06d}"
