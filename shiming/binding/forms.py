"""What the pages of bindings accept."""

from django import forms

from shiming.binding.words import LIVE
from shiming.employment.bindings import AuditState
from shiming.employment.long_form import Kind, LongForm, chosen
from shiming.projects.models import Project
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, SearchField

ALL = ("", "全部")
SHOWN = [*((word.value, word.label) for word in LIVE), (AuditState.ENDED.value, AuditState.ENDED.label)]


class ProjectFilter(forms.Form):
    """项目状态 stands on 在建 by default (domain.md §11.9)."""

    code = SearchField(label="报建编号")
    name = SearchField(label="项目名称")
    status = forms.ChoiceField(label="项目状态", required=False, choices=[*Project.Status.choices, ("all", "全部")])

    def __init__(self, asked):
        asked = asked.copy()
        asked.setdefault("status", Project.Status.OPEN)
        super().__init__(asked)

    @property
    def project_status(self) -> str:
        asked = self.cleaned_data.get("status", "") if self.is_valid() else Project.Status.OPEN
        return "" if asked == "all" else asked


class ProjectForm(forms.Form):
    code = forms.CharField(label="报建编号", max_length=30, widget=forms.TextInput({"autofocus": True}))


class ManagerFilter(forms.Form):
    name = SearchField(label="姓名")
    status = forms.ChoiceField(label="状态", required=False, choices=[ALL, *SHOWN])


class WorkerFilter(ManagerFilter):
    face = forms.ChoiceField(label="人脸", required=False, choices=[ALL, ("yes", "已完成"), ("no", "未完成")])


class NameFilter(forms.Form):
    name = SearchField(label="姓名")


class ExitForm(forms.Form):
    on = DayField(label="退场日期", widget=DayInput({"autofocus": True}))
    reason = forms.CharField(
        label="退场原因",
        max_length=200,
        required=False,  # the command says R-10
        widget=forms.TextInput({"list": "exit-reasons"}),
        help_text="本人会看到。",
    )


class WorkerForm(LongForm):
    """现场作业人员 4-24; stars as on the phone form (domain.md §11.13). With an employment it changes a worker of the
    company (or makes a manager one), else it registers one."""

    kind = Kind.WORKER
    WORK = ("duty", "trade", "contact_phone")
    TABLES = {name: name for name in ("trade", "ethnicity", "political_status", "household_type")}

    duty = forms.CharField(label="职务", max_length=30, required=False)
    trade = chosen("工种", required=True)
    household_type = chosen("户口类型", required=True)

    field_order = (
        *("version", "name", "former_name", "duty", "trade", "ethnicity", "political_status", "household_type"),
        *("household_place", "residence", "residence_detail", "native_place", "contact_phone"),
    )

    @property
    def given(self) -> dict:
        """What `add_worker` and `correct_worker` take."""
        return {"name": self.cleaned_data["name"], "profile": self.about, "items": self.items, **self.work}

    def phone_on_record(self):
        return self.employment.contact_phone or self.employment.person.phone


class NewWorkerForm(WorkerForm):
    """改为作业人员: the position of the manager ends."""

    WORK = ("trade", "contact_phone")
    duty = None
