"""An errand to another page in the middle of a form: what was typed goes along sealed and is there again afterwards.

It travels in the address, readable by nobody and opened only for who sent it, so nothing half typed is ever kept.
"""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from shiming.web.sealing import seal, unseal

NOT_TYPED = ("csrfmiddlewaretoken", "then", "person", "version")


def sent_away(request, to: str, *, back: str) -> HttpResponseRedirect:
    """To another page, which leads back to the form at `back`."""
    typed = {name: value for name, value in request.POST.items() if name not in NOT_TYPED and value}
    here = f"{back}?{urlencode({'typed': seal(typed, purpose=_purpose(request))})}" if typed else back
    return redirect(f"{to}?{urlencode({'next': here})}")


def brought_back(request) -> dict[str, str]:
    """What this user had typed before he was sent away; nothing if he comes from nowhere."""
    return unseal(request.GET.get("typed", ""), purpose=_purpose(request)) or {}


def _purpose(request) -> str:
    return f"errand {request.actor.user_id} {request.path}"
