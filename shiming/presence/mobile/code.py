"""我的建设码: a code that changes every 30 seconds, codes fetched ahead for use offline, and a printed 建设卡."""

import time

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import Role
from shiming.core.doors import mobile
from shiming.people.models import Person
from shiming.presence import codes, commands
from shiming.presence.models import Card


@mobile(Role.PERSON, methods=("GET",))
def code(request):
    person = _person(request)
    image = codes.image(codes.personal_code(person.pk))
    context = {"person": person, "image": image, "ahead": reverse("my-code-ahead"), "seconds": codes.STEP}
    return render(request, "presence/my_code.html", context)


@mobile(Role.PERSON, methods=("GET",))
def ahead(request):
    """GET /m/code/ahead/ — this code and those of the next ten minutes, by the server's clock."""
    now = time.time()
    pictures = [
        {"from": step * codes.STEP, "image": codes.image(text)}
        for step, text in codes.codes_ahead(request.actor.person_id, now)
    ]
    answer = JsonResponse({"now": now, "step": codes.STEP, "codes": pictures})
    answer["Cache-Control"] = "private, no-store"
    return answer


@mobile(Role.PERSON)
def card(request):
    """Print a 建设卡; the previous one becomes invalid."""
    if request.method == "POST":
        issued = commands.issue_card(_person(request), by=request.actor)
        return redirect("my-card-paper", issued.pk)
    good = Card.objects.filter(person=request.actor.person_id, replaced_at=None).first()
    return render(request, "presence/my_card.html", {"card": good})


@mobile(Role.PERSON, methods=("GET",))
def card_paper(request, pk):
    mine = Card.objects.filter(person=request.actor.person_id, replaced_at=None).select_related("person")
    found = get_object_or_404(mine, pk=pk)
    context = {"card": found, "person": found.person, "image": codes.image(codes.card_code(found.pk))}
    return render(request, "presence/card.html", context)


def _person(request) -> Person:
    return Person.objects.get(pk=request.actor.person_id)
