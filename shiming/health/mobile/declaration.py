"""健康登记 on the own phone (2-03), where the installation keeps the declarations itself (provider `local`)."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiming.core.actor import Role
from shiming.core.doors import mobile
from shiming.dictionaries import regions
from shiming.dictionaries.fields import RegionField
from shiming.health import commands, queries, readings
from shiming.web.forms import DayInput, carry_out, status_of
from shiming.web.typed import DayField


class DeclarationForm(forms.Form):
    """The values that 健康云返回信息 prints, in its order."""

    reported_place = forms.CharField(label=gettext_lazy("上报地址"), max_length=60)
    temperature = forms.CharField(
        label=gettext_lazy("体温"), max_length=10, widget=forms.TextInput({"inputmode": "decimal"})
    )
    symptoms = forms.MultipleChoiceField(
        label=gettext_lazy("健康状况"),
        choices=[(each, each) for each in readings.SYMPTOMS],
        widget=forms.CheckboxSelectMultiple,
    )
    travelled_on = DayField(label=gettext_lazy("出行时间"), required=False, widget=DayInput)
    travelled_by = forms.CharField(label=gettext_lazy("出行方式"), required=False, max_length=30)
    from_hubei = forms.BooleanField(label=gettext_lazy("从湖北/武汉出发"), required=False)
    stopped_over = forms.BooleanField(label=gettext_lazy("途中经停"), required=False)
    stayed_at = forms.CharField(label=gettext_lazy("停留地点"), required=False, max_length=60)
    address = forms.CharField(label=gettext_lazy("居住地址"), max_length=100)
    origin = RegionField(label=gettext_lazy("出发地"), least=regions.CITY)


@mobile(Role.PERSON)
def declaration(request):
    if not queries.declares_here():
        raise Http404
    form = DeclarationForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: commands.declare(by=request.actor, **form.cleaned_data)):
        messages.success(request, _("已登记。到工地后，请工地办理进场预登记。"))
        return redirect("my-declaration")
    context = {"form": form, "known": queries.declaration_on_file(request.actor.person_id)}
    return render(request, "health/declaration.html", context, status=status_of(form))
