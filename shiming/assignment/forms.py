"""Filters of the allocation lists, and the forms of allocation, acceptance and rejection."""

from django import forms

from shiming.assignment import positions
from shiming.assignment.models import Assignment
from shiming.projects.models import Participation
from shiming.web.typed import SearchField

STATUSES = [("", "全部"), *(choice for choice in Assignment.Status.choices if choice[0] != Assignment.Status.DRAFT)]


class NameFilter(forms.Form):
    name = SearchField(label="姓名")


class ProjectFilter(forms.Form):
    name = SearchField(label="项目名称")
    code = SearchField(label="报建编号")


class LodgingForm(forms.Form):
    """Asks at acceptance whether the worker lodges on site."""

    lodges_on_site = forms.TypedChoiceField(
        label="是否住宿在工地",
        choices=[("yes", "是"), ("no", "否")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect({"autofocus": True}),
    )


class PeopleFilter(forms.Form):
    name = SearchField(label="姓名")
    where = forms.ChoiceField(label="人员范围", required=False, choices=[("", "待分配人员"), ("all", "全部在职人员")])


class WorkerFilter(forms.Form):
    name = SearchField(label="姓名")
    team = SearchField(label="班组")


class AssignmentFilter(forms.Form):
    name = SearchField(label="姓名")
    project = SearchField(label="项目名称")
    status = forms.ChoiceField(label="确认状态", required=False, choices=STATUSES)


class SiteFilter(forms.Form):
    name = SearchField(label="姓名")
    id_number = SearchField(label="身份证号")
    company = SearchField(label="单位名称")


class PlaceChoice(forms.ModelChoiceField):
    def label_from_instance(self, place):
        return f"{place.project.name}（{place.project.filing_code}）"


class AllocateForm(forms.Form):
    """Allocation of chosen people: which site, in which role."""

    place = PlaceChoice(queryset=Participation.objects.none(), label="工地", empty_label="请选择工地")
    role = forms.ChoiceField(label="角色")

    def __init__(self, *args, places, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places
        self.fields["role"].choices = positions.choices_for(people)


class RejectForm(forms.Form):
    demanded = ("note",)

    note = forms.CharField(
        label="不通过原因",
        max_length=200,
        required=False,  # the command refuses an empty one with R-40
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="写明原因，对方才知道怎样改正；本人和用人单位都会看到。",
    )


class ResubmitForm(forms.Form):
    role = forms.ChoiceField(label="角色")

    def __init__(self, *args, employment, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = positions.choices_for([employment])
