"""Answers of the phone forms behind a poster, for visitors without a login."""

from django.http import HttpResponse
from django.shortcuts import render

from shiming.web.frames import asks_for_part


def dead(request, *, status: int) -> HttpResponse:
    return render(request, "binding/poster/dead.html", framed(request, {"outdated": status == 410}), status=status)


def framed(request, context: dict) -> dict:
    """The phone layout for every visitor."""
    return context | {"frame": "web/content.html" if asks_for_part(request) else "web/mobile.html"}


def private(response: HttpResponse) -> HttpResponse:
    """Phones are lent: neither the form as it was typed nor the receipt stays in a cache."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
