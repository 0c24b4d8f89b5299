"""What the pages of 项目人员绑定 accept."""

from django import forms

from shiming.binding.words import LIVE
from shiming.dictionaries import queries as dictionaries
from shiming.employment.bindings import AuditState
from shiming.people.models import Person
from shiming.projects.models import Project
from shiming.web.forms import DayInput

ALL = ("", "全部")
NUMBER = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
SHOWN = [*((word.value, word.label) for word in LIVE), (AuditState.ENDED.value, AuditState.ENDED.label)]
PROFILE = (
    *("former_name", "ethnicity", "political_status", "household_type", "household_place", "residence"),
    *("residence_detail", "native_place"),
)


class ProjectFilter(forms.Form):
    """项目状态 stands on 在建 by default (domain.md §11.9)."""

    code = forms.CharField(label="报建编号", required=False)
    name = forms.CharField(label="项目名称", required=False)
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
    name = forms.CharField(label="姓名", required=False)
    status = forms.ChoiceField(label="状态", required=False, choices=[ALL, *SHOWN])


class WorkerFilter(ManagerFilter):
    face = forms.ChoiceField(label="人脸", required=False, choices=[ALL, ("yes", "已完成"), ("no", "未完成")])


class NameFilter(forms.Form):
    name = forms.CharField(label="姓名", required=False)


class ExitForm(forms.Form):
    on = forms.DateField(label="退场日期", widget=DayInput({"autofocus": True}))
    reason = forms.CharField(
        label="退场原因",
        max_length=200,
        required=False,  # the command says R-10
        widget=forms.TextInput({"list": "exit-reasons"}),
        help_text="本人会看到。",
    )


class WorkerForm(forms.Form):
    """现场作业人员, manual row 4-24; stars as on the phone form (domain.md §11.13)."""

    number = forms.CharField(label="身份证号码", max_length=30, widget=forms.TextInput(NUMBER))
    name = forms.CharField(label="姓名", max_length=50)
    former_name = forms.CharField(label="曾用名", max_length=50, required=False)
    duty = forms.CharField(label="职务", max_length=30, required=False)
    trade = forms.ChoiceField(label="工种")
    sex = forms.ChoiceField(label="性别", choices=[("", "请选择"), *Person.Sex.choices])
    birth_date = forms.DateField(label="出生年月日", widget=DayInput, help_text="随身份证号码填好")
    ethnicity = forms.ChoiceField(label="民族")
    political_status = forms.ChoiceField(label="政治面貌", required=False)
    household_type = forms.ChoiceField(label="户口类型")
    household_place = forms.CharField(label="户口所在地", max_length=60)
    residence = forms.CharField(label="现居住地址", max_length=60)
    residence_detail = forms.CharField(label="现居住地详细地址", max_length=100)
    native_place = forms.CharField(label="籍贯", max_length=60)
    contact_phone = forms.CharField(
        label="联系电话", max_length=20, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].choices = dictionaries.choices("trade", blank="请选择")
        for name in ("ethnicity", "political_status", "household_type"):
            self.fields[name].choices = dictionaries.choices(name, blank="请选择")

    @property
    def given(self) -> dict:
        """What the commands take beside number and name."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("number", "name", "version")}
        profile = {name: typed.pop(name) for name in PROFILE}
        typed["contact_phone"] = "".join(typed["contact_phone"].split()) or None
        return typed | {"profile": profile}

    @property
    def sections(self) -> list[tuple[str, list]]:
        sections = {
            "身份": ("number", "name", "former_name", "sex", "birth_date", "ethnicity"),
            "岗位": ("trade", "duty", "contact_phone"),
            "户籍与住址": (
                *("household_type", "household_place", "native_place", "residence", "residence_detail"),
                "political_status",
            ),
        }
        shown = {title: [self[name] for name in names if name in self.fields] for title, names in sections.items()}
        return list(shown.items())


class WorkerChangeForm(WorkerForm):
    """编辑：证件上的内容不在这里改；不回填的，空着就是不改。"""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, employment, *args, **kwargs):
        person = employment.person
        plain = (*(name for name in PROFILE if not name.startswith("residence")),)
        initial = {name: getattr(person, name) for name in plain}
        initial |= {"trade": employment.trade, "duty": employment.duty, "version": employment.version}
        super().__init__(*args, initial=initial, **kwargs)
        for name in ("number", "name", "sex", "birth_date"):
            del self.fields[name]
        kept = {"residence": person.residence, "residence_detail": person.residence_detail}
        for name, value in {**kept, "contact_phone": employment.contact_phone or person.phone}.items():
            if value:
                self.fields[name].required = False
                self.fields[name].help_text = "已登记，不改请留空。"
        if person.verified and person.ethnicity:
            self.fields["ethnicity"].disabled = True


class NewWorkerForm(WorkerChangeForm):
    """改为作业人员: the position of the manager ends."""

    duty = None
