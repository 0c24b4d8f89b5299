"""The forms of the entry desk: entry, irregular registration, correction, and the seven filters."""

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone

from shiming.core.refusals import worded
from shiming.desk.commands import Work, check_day, check_phone
from shiming.dictionaries import queries as dictionaries
from shiming.employment.direct_forms import NUMBER, UnreadForm
from shiming.people.commands.checks import checked_number
from shiming.people.models import Person
from shiming.presence.queries import STATES
from shiming.projects.models import Participation, Team
from shiming.web.forms import CheckedForm, DayInput
from shiming.web.typed import DayField, NameField, NumberField, PhoneField, SearchField

YES_NO = [("", "否"), ("yes", "是")]
ASKS_WHO = {
    "hx-post": reverse_lazy("stay-desk-who"),
    "hx-target": "next [data-who-slot]",
    "hx-swap": "innerHTML",
    "hx-sync": "this:replace",
}


class RosterFilter(forms.Form):
    company = SearchField(label="用人单位")
    leader = SearchField(label="劳务队长")
    who = SearchField(label="人员", widget=forms.TextInput(attrs={"placeholder": "姓名或身份证号"}))
    trade = forms.ChoiceField(label="主要工种", required=False)
    state = forms.ChoiceField(label="进场状态", required=False, choices=[("", "全部"), *STATES.items()])
    entered_from = DayField(label="进场日期自", required=False, widget=DayInput)
    entered_to = DayField(label="进场日期至", required=False, widget=DayInput)
    exited_from = DayField(label="退场日期自", required=False, widget=DayInput)
    exited_to = DayField(label="退场日期至", required=False, widget=DayInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].choices = dictionaries.choices("trade", blank="全部")


class DeskFilter(forms.Form):
    company = SearchField(label="用人单位")
    who = SearchField(label="姓名")


class WorkForm(CheckedForm):
    """The employment fields that all forms of the desk share. The command refuses missing ones (R-10, R-12)."""

    is_leader = forms.ChoiceField(label="是否劳务队长", required=False, choices=YES_NO)
    team = forms.ChoiceField(label="劳务队长", required=False)
    off_site = forms.BooleanField(label="非现场作业人员", required=False, help_text="队长不在现场作业的，勾选并写姓名")
    off_site_leader = NameField(label="非现场队长姓名", required=False, max_length=50)
    phone = PhoneField(label="手机号", required=False, help_text="劳务队长必填")
    trade = forms.ChoiceField(label="从事主要工种")
    education = forms.ChoiceField(label="文化程度")
    on = DayField(label="进场日期", widget=DayInput)

    phone_known = False

    def __init__(self, *args, teams, education: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.teams = {str(team.pk): team for team in teams}
        self.fields["team"].choices = [("", "请选择"), *_by_firm(self.teams.values())]
        self.fields["trade"].choices = dictionaries.choices("trade", blank="请选择")
        self.fields["education"].choices = _with(dictionaries.choices("education", blank="请选择"), education)

    def clean_off_site_leader(self):
        """A typed name counts with or without the tick; the tick alone requires that the chosen leader is off site."""
        typed = self.cleaned_data["off_site_leader"].strip()
        if self.cleaned_data.get("is_leader"):  # a leader belongs to the own team
            return ""
        chosen = self.teams.get(self.cleaned_data.get("team"))
        if typed and chosen:
            raise forms.ValidationError(f"已选劳务队长“{_label(chosen)}”，不能再写另一位；二者留一个")
        if self.cleaned_data.get("off_site") and not typed and not (chosen and chosen.off_site_leader):
            raise forms.ValidationError(worded("R-10", "请填写非现场队长的姓名", hint="；队长在现场的，去掉上面的勾"))
        return typed

    def checks(self):
        typed = self.cleaned_data
        found = [*super().checks(), lambda: check_phone(typed.get("phone", ""), is_leader=self._leads_unreachable)]
        return [*found, lambda: check_day(typed["on"])] if typed.get("on") else found

    @property
    def _leads_unreachable(self) -> bool:
        return bool(self.cleaned_data.get("is_leader")) and not self.phone_known

    @property
    def work(self) -> Work:
        typed = self.cleaned_data
        return Work(
            trade=typed["trade"],
            education=typed["education"],
            on=typed["on"],
            phone=typed["phone"].strip(),
            is_leader=bool(typed["is_leader"]),
            team=self.teams.get(typed["team"]),
            off_site_leader=typed["off_site_leader"],
        )


class PlacedForm(WorkForm):
    """A form with the employing firm; `kept` holds the values that 下一个 keeps."""

    place = forms.ChoiceField(label="用人单位")

    def __init__(self, *args, places, kept=None, **kwargs):
        self.places = {str(place.pk): place for place in places}
        super().__init__(*args, initial={"on": timezone.localdate()} | (kept or {}), **kwargs)
        offered = [(pk, place.company.name) for pk, place in self.places.items()]
        self.fields["place"].choices = offered if len(offered) == 1 else [("", "请选择"), *offered]

    @property
    def whom(self) -> str | Person:
        return self.cleaned_data["number"]

    @property
    def chosen_place(self) -> Participation:
        return self.places[self.cleaned_data["place"]]


class EntryForm(PlacedForm):
    """进场登记: the number, or the card that was just read."""

    field_order = (
        *("place", "is_leader", "team", "off_site", "off_site_leader", "number", "name", "phone", "trade", "education"),
        "on",
    )
    number = NumberField(label="身份证号", widget=forms.TextInput(NUMBER | ASKS_WHO | {"hx-trigger": "change"}))
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reading = forms.CharField(required=False, widget=forms.HiddenInput)  # the card just read, as the page sends it
    name = NameField(label="姓名", required=False, max_length=50)

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.just_read = person
        if person:
            self.fields["number"].required = False
            self.initial |= {"person": person.pk, "number": "", "name": person.name}

    def checks(self):
        return [*super().checks(), *number_checks(self.cleaned_data)]

    @property
    def whom(self) -> str | Person:
        """A typed number takes precedence over the card that was read."""
        return self.cleaned_data["number"] or self.just_read


class ManagerEntryForm(PlacedForm):
    """管理人员进场: position in place of the trade; a manager belongs to no crew."""

    field_order = ("place", "number", "name", "phone", "position", "education", "on")
    number = NumberField(label="身份证号", widget=forms.TextInput(NUMBER | ASKS_WHO | {"hx-trigger": "change"}))
    name = NameField(label="姓名", required=False, max_length=50)
    position = forms.ChoiceField(label="管理岗位")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("is_leader", "team", "off_site", "off_site_leader", "trade"):
            del self.fields[name]
        self.fields["position"].choices = dictionaries.choices("position", blank="请选择")
        self.fields["phone"].help_text = ""

    def checks(self):
        return [*super().checks(), *number_checks(self.cleaned_data)]

    @property
    def work(self) -> Work:
        typed = self.cleaned_data
        return Work("", typed["education"], typed["on"], typed["phone"].strip(), position=typed["position"])


class IrregularForm(UnreadForm, PlacedForm):
    """Irregular registration: the typed data of the card, then the employment fields."""

    CARD = tuple(name for name in UnreadForm.base_fields)
    field_order = (
        *CARD,
        "place",
        "is_leader",
        "team",
        "off_site",
        "off_site_leader",
        "phone",
        "education",
        "trade",
        "on",
    )

    @property
    def card(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.CARD if name not in ("number", "name")}

    @property
    def blocks(self) -> list[tuple[str, list]]:
        card = [self[name] for name in self.CARD]
        return [("证件信息", card), ("用工信息", [self[name] for name in self.fields if name not in self.CARD])]


def number_checks(typed: dict) -> list:
    """R-03 for a typed number; none is typed after a card was read."""
    return [lambda: checked_number(typed["number"])] if typed.get("number") else []


class QueueForm(PlacedForm):
    """快速登记: the upper part stays for the whole queue, only the number changes."""

    field_order = ("place", "team", "trade", "education", "on", "number")
    number = NumberField(label="身份证号", widget=forms.TextInput(NUMBER | ASKS_WHO | {"hx-trigger": "lookup"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("is_leader", "off_site", "off_site_leader", "phone"):
            del self.fields[name]

    @property
    def work(self) -> Work:
        typed = self.cleaned_data
        return Work(typed["trade"], typed["education"], typed["on"], team=self.teams.get(typed["team"]))


class RowForm(WorkForm):
    """编辑: the row as a form; an empty phone keeps the known number."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("version", "is_leader", "team", "trade", "education", "phone", "on")

    def __init__(self, stay, *args, **kwargs):
        row = stay.assignment
        now = {"is_leader": "yes" if row.employment.is_leader else "", "team": row.team_id, "trade": row.trade}
        now |= {"education": stay.person.education, "on": stay.entered_on, "version": row.version}
        super().__init__(*args, initial=now, education=stay.person.education, **kwargs)
        for name in ("off_site", "off_site_leader"):
            del self.fields[name]
        self.phone_known = bool(row.employment.contact_phone)
        if self.phone_known:
            self.fields["phone"].widget.attrs["placeholder"] = str(row.employment.contact_phone)

    @property
    def work(self) -> Work:
        self.cleaned_data["off_site_leader"] = ""
        return super().work


def _by_firm(teams) -> list:
    """Leaders grouped by firm: 王强（王强班组）, and whether the leader works on site."""
    grouped: dict[str, list] = {}
    for team in teams:
        grouped.setdefault(team.company.name, []).append((str(team.pk), _label(team)))
    return list(grouped.items())


def _label(team: Team) -> str:
    named = f"{team.leader.name}（{team.name}）" if team.leader else team.name
    return f"{named}（非现场）" if team.off_site_leader else named


def _with(choices: list, code: str) -> list:
    """Keep an imported label that is no longer offered as a choice of its row."""
    return choices if not code or code in dict(choices) else [*choices, (code, dictionaries.label("education", code))]
