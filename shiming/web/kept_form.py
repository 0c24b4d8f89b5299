"""A form that was sent after the login had ended: its values wait for the next login of the same user.

They are sealed for the user whom a signed cookie of the last login names, and kept in the session of the visitor. Files
and secrets are not kept.
"""

import re
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.urls import Resolver404, resolve

from shiming.web.refill import refilled
from shiming.web.sealing import seal, unseal

KEPT = "kept_form"
MOST = 200_000  # characters of the sealed values
NOT_TYPED = ("csrfmiddlewaretoken", "then", "next")
SECRET = re.compile(r"password|secret|token|(^|_)otp$|^code$|^picture_code$|recovery", re.IGNORECASE)
IN_THE_ADDRESS = ("ids", "person")  # what the GET of a form must know: the ticked rows, the card that was read
FORM_AT = "X-Form"  # sent by forms.js: the address of the form around the field that asked

ENDED = "登录已过期，请重新登录。"
ENDED_WITH_FORM = "登录已过期，请重新登录；填过的内容已保留，登录后回到原来的表单。"
BACK = "登录已过期，刚才没有提交；填过的都还在下面，请核对后再提交。"
FILES = "选过的文件须重新选择。"


_reasons: list[Callable[[str], str]] = []


def ended_because(reason: Callable[[str], str]) -> Callable[[str], str]:
    """Register a function that says why the session of a user ended, or nothing."""
    if reason not in _reasons:
        _reasons.append(reason)
    return reason


def sentence_for(user: str, *, kept: bool) -> str:
    why = next(filter(None, (reason(user) for reason in _reasons)), "")
    return why or (ENDED_WITH_FORM if kept else ENDED)


def page_at(address: str) -> tuple[str, ...]:
    """The methods of the page behind a door at this address; none without such a page."""
    try:
        view = resolve(address.partition("?")[0]).func
    except Resolver404:
        return ()
    return view.methods if getattr(view, "surface", "") in ("console", "mobile", "account") else ()


def owner_of(request) -> tuple[str, str] | None:
    """User and door of the last login in this browser, until the logout."""
    user, _, door = request.get_signed_cookie(_owner(request), default="").partition(" ")
    return (user, door) if door else None


def remember_owner(request, response) -> None:
    user, door = str(request.actor.user_id), str(request.actor.door)
    if owner_of(request) != (user, door):
        secure = request.is_secure()
        response.set_signed_cookie(_owner(request), f"{user} {door}", httponly=True, secure=secure, samesite="Lax")


def forget_owner(request, response) -> None:
    response.delete_cookie(_owner(request))


def _owner(request) -> str:
    """The name of the cookie, bound to this host where the page is encrypted (security.md 33)."""
    return "__Host-owner" if request.is_secure() else "owner"


def keep(request, owner: str, page: str) -> str | None:
    """Keep what was typed; return the address of its form, or None when there is nothing to come back to."""
    at = _form_address(request, page)
    typed = {name: values for name, values in request.POST.lists() if _is_typed(name) and any(values)}
    if at is None or not typed.keys() - set(IN_THE_ADDRESS):
        return None
    sealed = seal({"typed": typed, "files": bool(request.FILES)}, purpose=_purpose(owner))
    if len(sealed) > MOST:
        return None
    request.session[KEPT] = {"path": urlsplit(at).path, "sealed": sealed}
    return at


def give_back(request, response):
    """Write the kept values into the form of this page, once."""
    kept = request.session.get(KEPT)
    if not kept or not _shows_form(request, response, kept["path"]):
        return response
    del request.session[KEPT]
    if found := unseal(kept["sealed"], purpose=_purpose(request.actor.user_id)):
        sentence = BACK + (FILES if found["files"] else "")
        response.content = refilled(response.content.decode(), found["typed"], sentence)
    return response


def _shows_form(request, response, path: str) -> bool:
    shown = request.method == "GET" and request.path == path and request.actor is not None
    return shown and response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")


def _form_address(request, page: str) -> str | None:
    """The address whose GET shows the form: its own, else that of the form around the field that was looked up."""
    for address in (request.get_full_path(), request.headers.get(FORM_AT, ""), page):
        if address.startswith("/") and "GET" in page_at(address):
            address = page if page.partition("?")[0] == address else address  # with the choices in its query
            named = {name: request.POST.getlist(name) for name in IN_THE_ADDRESS if request.POST.getlist(name)}
            return f"{address}{'&' if '?' in address else '?'}{urlencode(named, doseq=True)}" if named else address
    return None


def _is_typed(name: str) -> bool:
    return name not in NOT_TYPED and not SECRET.search(name)


def _purpose(owner) -> str:
    return f"kept form {owner}"
