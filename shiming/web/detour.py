"""A detour from a half-filled form to another page and back, with the typed values.

The values travel sealed in the address, readable only for the user who sent them, so that nothing is stored.
"""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from shiming.web.sealing import seal, unseal

NOT_TYPED = ("csrfmiddlewaretoken", "then", "person", "version")


def sent_away(request, to: str, *, back: str) -> HttpResponseRedirect:
    """Redirect to another page, which leads back to the form at `back`."""
    typed = {name: value for name, value in request.POST.items() if name not in NOT_TYPED and value}
    here = f"{back}?{urlencode({'typed': seal(typed, purpose=_purpose(request))})}" if typed else back
    return redirect(f"{to}?{urlencode({'next': here})}")


def brought_back(request) -> dict[str, str]:
    """The values this user typed before the detour; empty for a normal visit."""
    return unseal(request.GET.get("typed", ""), purpose=_purpose(request)) or {}


def _purpose(request) -> str:
    return f"errand {request.actor.user_id} {request.path}"
