"""The phone form behind 预登记二维码: no login, project and firm fixed by the code; a receipt number at the end.

Known and unknown numbers are answered alike: nothing here, and nothing in the commands it calls, looks for a person. A
logged-in person finds the own data filled in.
"""

from uuid import UUID

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from shiming.binding.mobile.answers import dead, framed, private
from shiming.binding.sealed_codes import Forged, Outdated
from shiming.binding.self_forms.commands import note_attempt
from shiming.core.doors import public
from shiming.core.errors import DomainError
from shiming.dictionaries import regions
from shiming.dictionaries.fields import RegionField
from shiming.health import notice
from shiming.health.feed.queries import receiver_of
from shiming.health.models import Proposal
from shiming.health.proposals import codes, commands, queries
from shiming.people.commands.checks import checked_name, checked_number, checked_phone
from shiming.projects.models import Participation
from shiming.web.forms import carry_out, status_of
from shiming.web.sealing import seal, unseal
from shiming.web.typed import NameField, NumberField, PhoneField

SENT = "proposal"
OFF = {"autocomplete": "off"}
NUMBER = {**OFF, "autocapitalize": "characters", "spellcheck": "false", "class": "id-typed"}
CHECKED = (("id_number", checked_number), ("name", checked_name), ("phone", checked_phone))


class ProposingForm(forms.Form):
    name = NameField(label=_("姓名"), max_length=50, widget=forms.TextInput(OFF))
    id_number = NumberField(label=_("身份证号码"), widget=forms.TextInput(NUMBER))
    phone = PhoneField(label=_("手机号"))
    origin = RegionField(label=_("出发地"), least=regions.CITY)
    firm = forms.CharField(label=_("您的单位或班组长"), required=False, max_length=60, help_text=_("不知道的可以不填"))
    agreed = forms.BooleanField(label=_("我看过须知，同意登记"))

    def __init__(self, data=None, *, known=None):
        super().__init__(data)
        self.person, declared = known or (None, None)
        if self.person:
            left_out = ("name", "id_number", "phone") if self.person.phone else ("name", "id_number")
            for name in left_out:
                del self.fields[name]
        if declared:
            self.fields["origin"].initial = self.fields["origin"].present = declared.origin

    def clean(self):
        typed = super().clean()
        for name, check in CHECKED:
            if typed.get(name):
                try:
                    check(typed[name])
                except DomainError as refused:
                    self.add_error(name, [item.advice for item in refused.refusals])
        return typed

    @property
    def given(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "agreed"}


@public()
def form(request, code):
    """/p/<code>/ — every error at once, and all that was typed stays."""
    try:
        place = codes.read(code)
    except Forged:
        return dead(request, status=404)
    except Outdated:
        return dead(request, status=410)
    known = queries.known_of(request.actor)
    asked = ProposingForm(request.POST if request.method == "POST" else None, known=known)
    counted = asked.is_bound and carry_out(asked, lambda: note_attempt(place))
    if counted and asked.is_valid() and carry_out(asked, lambda: _send(place, asked, request.actor)):
        return redirect("proposal-sent", seal(str(asked.result.pk), purpose=SENT))
    context = {"form": asked, "place": place, "items": notice.items(receiver_of(place.project_id))}
    return private(render(request, "health/proposals/form.html", framed(request, context), status=status_of(asked)))


@public(methods=("GET",))
def sent(request, token):
    """/p/sent/<token>/ — the receipt number and what comes next."""
    pk = unseal(token, purpose=SENT)
    if pk is None:
        raise Http404
    rows = Proposal.objects.select_related("participation__project", "participation__company")
    proposal = get_object_or_404(rows, pk=UUID(pk))
    context = {"sent": proposal, "place": proposal.participation}
    return private(render(request, "health/proposals/sent.html", framed(request, context)))


def _send(place: Participation, asked: ProposingForm, actor) -> Proposal:
    given = asked.given | {"notice_version": notice.VERSION}
    return commands.propose_own(place, **given, by=actor) if asked.person else commands.propose(place, **given)
