"""Additional template variables of a demonstration; only its settings name this module."""

import re
from base64 import b32decode
from itertools import groupby

from django.utils.functional import SimpleLazyObject
from django_otp.oath import TOTP

from shiming.accounts.models import Totp
from shiming.core.actor import Door
from shiming.demo.city.accounts import known
from shiming.outbox.models import OutboxMessage

ICONS = {
    Door.COMPANY.label: "building",
    Door.SITE.label: "crane",
    Door.PERSON.label: "device-mobile",
    Door.OVERSIGHT.label: "shield-check",
    Door.ADMIN.label: "settings",
}


def demonstration(request):
    return {"demonstration": {"doors": SimpleLazyObject(by_door), "code": SimpleLazyObject(lambda: code_for(request))}}


def code_for(request) -> str:
    """The code for 再次确认身份, which the page shows because the invented user has no phone."""
    if (app := Totp.objects.filter(user=request.user.pk).first()) is not None:
        return f"{TOTP(b32decode(app.secret.plain)).token():06d}"
    person = request.user.person
    sent = OutboxMessage.objects.filter(to_digest=person.phone_digest if person else "-", purpose="code-again")
    newest = sent.order_by("-created_at").first()
    found = re.search(r"\d{6}", newest.text.plain) if newest else None
    return found[0] if found else ""


def by_door() -> list[dict]:
    return [
        {"label": door, "icon": ICONS[door], "accounts": list(accounts)}
        for door, accounts in groupby(known(), key=lambda account: account.door)
    ]
