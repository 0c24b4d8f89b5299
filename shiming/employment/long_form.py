"""The long forms of [004]: 管理人员登记 4-05 … 4-13 and 现场作业人员 4-24, the basic information and repeating blocks.

A value is kept raw under the name of its input, a list a name, as a browser sends it; so a draft is what was typed,
right or wrong. A row of a block stands under a key: the input `schools` names the keys in order, `schools-k3-school`
is a cell of row k3. What a form asks besides depends on the kind of person: LAYOUTS.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from shiming.core.actor import Actor
from shiming.core.errors import DomainError
from shiming.core.privacy import Secret
from shiming.dictionaries import regions
from shiming.dictionaries.fields import RegionField
from shiming.employment.models import Employment, ManagerDraft
from shiming.idcard.number import age_on
from shiming.people.commands import checked_phone
from shiming.people.forms import with_present
from shiming.people.items import ENDS_EARLY, MOST, fields_of
from shiming.people.models import Person, PersonItem
from shiming.web.fields import sentences
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, NameField, NumberField, PhoneField

Typed = dict[str, list[str]]
Kind = Employment.Kind
SECRETS = ("residence", "residence_detail", "contact_phone")
KEY = re.compile(r"[a-z0-9-]{1,36}")
BLANK_KEY = "__row__"
NUMBER = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}


class NumberForm(forms.Form):
    """新增: the number first."""

    number = NumberField(label="身份证号码", widget=forms.TextInput(NUMBER))


class PhotosForm(forms.Form):
    """Each photo is sent by itself as soon as it is taken."""

    def __init__(self, sides: dict[str, str]):
        super().__init__(auto_id="photo_%s")
        self.fields |= {side: forms.FileField(label=label, required=False) for side, label in sides.items()}


class _KeptWhenEmpty:
    """A starred secret that is registered already may stay empty: the page never shows it again."""

    kept = ""

    def keep(self, masked: str) -> None:
        self.kept = masked
        self.help_text = f"已登记 {masked}，不改请留空"
        self.widget.use_required_attribute = lambda initial: False

    def validate(self, value):
        if not (self.kept and value in self.empty_values):
            super().validate(value)


class KeptText(_KeptWhenEmpty, forms.CharField):
    pass


class KeptPhone(_KeptWhenEmpty, PhoneField):
    pass


class KeptRegion(_KeptWhenEmpty, RegionField):
    pass


def phone_of(form: forms.Form, name: str) -> str:
    """The 11 digits, or the refusal of the command at the field, so that the page shows all errors at once."""
    typed = form.cleaned_data[name]
    try:
        return checked_phone(typed, name) if typed else ""
    except DomainError as refused:
        raise forms.ValidationError(refused.refusals[0].advice) from refused


def chosen(label: str, required=False):
    return forms.ChoiceField(label=label, required=required)


class _ItemForm(forms.Form):
    id = forms.CharField(required=False, widget=forms.HiddenInput)
    tables: dict[str, str] = {}

    def __init__(self, *args, key: str, item: PersonItem | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.key = key
        for name, table in self.tables.items():
            present = getattr(item, name, "") if self.is_bound else self[name].value()
            self.fields[name].choices = with_present(table, present or "")

    @property
    def is_blank(self) -> bool:
        return not any(bound.data for bound in self.visible_fields())


class EducationForm(_ItemForm):
    school = forms.CharField(label="就读学校", max_length=60)
    started_on = DayField(label="开始时间", required=False, widget=DayInput)
    finished_on = DayField(label="截止时间", required=False, widget=DayInput)
    major = forms.CharField(label="专业名称", max_length=60, required=False)
    graduated = forms.TypedChoiceField(
        label="是否毕业",
        required=False,
        choices=[("", "请选择"), ("True", "是"), ("False", "否")],
        coerce=lambda answer: answer == "True",
        empty_value=None,
    )

    def clean(self):
        typed = super().clean()
        start, end = typed.get("started_on"), typed.get("finished_on")
        if start and end and end < start:
            self.add_error("finished_on", ENDS_EARLY)
        return typed


class ContactForm(_ItemForm):
    tables = {"relation": "relation"}

    relation = chosen("与本人关系", required=True)
    name = NameField(label="姓名", max_length=50)
    phone = KeptPhone(label="联系电话")

    def clean_phone(self):
        return phone_of(self, "phone")


class TrainingForm(_ItemForm):
    institution = forms.CharField(label="培训机构", max_length=60)
    course = forms.CharField(label="课程", max_length=60)
    taken_on = DayField(label="时间", required=False, widget=DayInput)
    result = forms.CharField(label="成绩", max_length=20, required=False)


class SkillForm(_ItemForm):
    tables = {"level": "skill_level"}

    name = forms.CharField(label="职称名称", max_length=60)
    level = chosen("等级")
    issuer = forms.CharField(label="授予单位", max_length=60, required=False)
    obtained_on = DayField(label="取得时间", required=False, widget=DayInput)
    note = forms.CharField(label="备注", max_length=200, required=False)


class CredentialForm(_ItemForm):
    number = forms.CharField(label="证书编号", max_length=60)
    name = forms.CharField(label="执业名称", max_length=60)
    issuer = forms.CharField(label="授予单位", max_length=60, required=False)
    valid_until = DayField(label="有效期", required=False, widget=DayInput)
    note = forms.CharField(label="备注", max_length=200, required=False)


class AwardForm(_ItemForm):
    name = forms.CharField(label="奖项名称", max_length=60)
    issuer = forms.CharField(label="颁发部门", max_length=60, required=False)
    awarded_on = DayField(label="获奖时间", required=False, widget=DayInput)
    note = forms.CharField(label="备注", max_length=200, required=False)


class TradeSkillForm(SkillForm):
    name = forms.CharField(label="技能名称", max_length=60)


class Heading(NamedTuple):
    label: str
    hint: str
    form: type[_ItemForm]


class Layout(NamedTuple):
    """What the form of one kind of person has: the blocks by code, the photos by side, and the printed headings."""

    blocks: dict[str, Heading]
    sides: dict[str, str]
    history: str
    photos: str
    registers: str  # the button that registers a new person


LAYOUTS = {
    Kind.MANAGER: Layout(
        blocks={
            "schools": Heading("教育经历", "从高中填起", EducationForm),
            "contacts": Heading("紧急联系人", "", ContactForm),
            "training": Heading("培训经历", "", TrainingForm),
            "skills": Heading("职称/技能", "", SkillForm),
            "credentials": Heading("执业证书", "有效期届满前会提醒本人和单位", CredentialForm),
            "awards": Heading("获奖情况", "", AwardForm),
        },
        sides={"front": "身份证人像面", "back": "身份证国徽面", "portrait": "正证照"},
        history="工作经历",
        photos="照片",
        registers="提交",
    ),
    Kind.WORKER: Layout(
        blocks={
            "schools": Heading("教育经历", "", EducationForm),
            "contacts": Heading("紧急联系人", "", ContactForm),
            "training": Heading("培训经历", "", TrainingForm),
            "skills": Heading("职业技能", "", TradeSkillForm),
            "awards": Heading("获奖情况", "", AwardForm),
        },
        sides={"portrait": "人员相片"},
        history="工作履历",
        photos="人员相片",
        registers="保存",
    ),
}


class Block:
    """One repeating block; `rows` are the forms of its rows, `blank` the row that the page copies for 新增."""

    def __init__(
        self,
        code: str,
        heading: Heading,
        *,
        typed: Typed | None,
        bound: bool,
        items: list[PersonItem],
        masked: Typed,
    ):
        self.code, (self.label, self.hint, self.form) = code, heading
        self.items = {str(item.pk): item for item in items}
        self.masked = masked
        self.blank = self.form(prefix=f"{code}-{BLANK_KEY}", key=BLANK_KEY)
        self.rows = [self._known(item) for item in items] if typed is None else list(self._typed(typed, bound))

    def is_valid(self) -> bool:
        """Rows without a value are as good as removed."""
        good = [row.is_valid() for row in self.rows if not row.is_blank]
        return all(good) and len(good) <= MOST

    @property
    def cleaned(self) -> list[dict]:
        return [row.cleaned_data for row in self.rows if not row.is_blank]

    def errors(self) -> Iterable[tuple[str, str, str]]:
        for place, row in enumerate(self.rows, 1):
            if not row.is_bound or row.is_blank:
                continue
            for bound in row.visible_fields():
                for sentence in sentences(bound):
                    yield f"{self.label}第 {place} 条·{bound.label}", sentence, bound.id_for_label
        if len(self.rows) > MOST:
            yield self.label, f"最多 {MOST} 条", f"section-{self.code}"

    def _typed(self, typed: Typed, bound: bool) -> Iterable[_ItemForm]:
        for key in dict.fromkeys(typed.get(self.code, [])):
            if KEY.fullmatch(key):
                yield self._row(key, typed, bound)

    def _row(self, key: str, typed: Typed, bound: bool) -> _ItemForm:
        prefix = f"{self.code}-{key}"
        cells = {name: next(iter(typed.get(f"{prefix}-{name}", [])), "") for name in self.form.base_fields}
        item, named = self.items.get(cells["id"]), {"prefix": prefix, "key": key}
        if bound and any(value for name, value in cells.items() if name != "id"):  # an empty row is not at fault
            row = self.form({f"{prefix}-{name}": value for name, value in cells.items()}, item=item, **named)
        else:
            row = self.form(initial=cells, **named)
        return self._with_phone(row, item)

    def _known(self, item: PersonItem) -> _ItemForm:
        cells = {name: getattr(item, name) for name in fields_of(type(item)) if name != "phone"}
        key = str(item.pk)
        row = self.form(initial=cells | {"id": key}, prefix=f"{self.code}-{key}", key=key)
        return self._with_phone(row, item)

    def _with_phone(self, row: _ItemForm, item: PersonItem | None) -> _ItemForm:
        if "phone" in row.fields and (masked := getattr(item, "phone", "") or self.masked.get(row.add_prefix("phone"))):
            row.fields["phone"].keep(str(masked))
        return row


class LongForm(forms.Form):
    """基本信息 and the blocks. With an employment it changes a person of the company, else it registers one."""

    kind: Kind
    WORK: tuple[str, ...]  # the fields of the employment; the others are of the person
    TABLES: dict[str, str]  # the dictionary of each list

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    name = NameField(label="姓名", max_length=50)
    former_name = NameField(label="曾用名", max_length=50, required=False)
    ethnicity = chosen("民族", required=True)
    political_status = chosen("政治面貌")
    household_type = chosen("户口类型")
    household_place = RegionField(label="户口所在地")
    residence = KeptRegion(label="现居住地址")
    residence_detail = KeptText(label="现居住地详细地址", max_length=100)
    native_place = RegionField(label="籍贯", least=regions.CITY)
    contact_phone = KeptPhone(label="联系电话")

    def __init__(
        self,
        *,
        typed: Typed | None,
        bound: bool,
        employment: Employment | None = None,
        items: dict[str, list[PersonItem]] | None = None,
        masked: Typed | None = None,
    ):
        self.typed, masked = typed or {}, masked or {}
        registered = self._registered(employment) if employment else {}
        initial = dict(registered)
        if typed is not None:
            initial |= {name: values[0] for name, values in typed.items() if values}
        self.now = _version(employment)
        super().__init__(MultiValueDict(self.typed) if bound else None, initial=initial | {"version": self.now})
        self.employment = employment
        for name, table in self.TABLES.items():
            present = registered.get(name) if bound else self[name].value()
            self.fields[name].choices = with_present(table, present or "")
        self._keep_what_is_there(masked)
        given = {"typed": typed, "bound": bound, "masked": masked}
        self.blocks = [
            Block(code, heading, items=(items or {}).get(code, []), **given)
            for code, heading in LAYOUTS[self.kind].blocks.items()
        ]

    def clean_contact_phone(self):
        return phone_of(self, "contact_phone")

    def is_valid(self) -> bool:
        """Check all blocks, also after an error, so that the page shows every error at once."""
        return all([super().is_valid(), *(block.is_valid() for block in self.blocks)])

    @property
    def errors_list(self) -> list[tuple[str, str, str]]:
        """(label, sentence, id of the input) for the list on top, in the order of the page."""
        if not self.is_bound:
            return []
        general = [("", sentence, "") for sentence in self.non_field_errors()]
        own = [(bound.label, text, bound.id_for_label) for bound in self.visible_fields() for text in sentences(bound)]
        return [*general, *own, *(error for block in self.blocks for error in block.errors())]

    @property
    def work(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.WORK}

    @property
    def about(self) -> dict:
        other = ("version", "name", *self.WORK)
        return {name: value for name, value in self.cleaned_data.items() if name not in other}

    @property
    def items(self) -> dict[str, list[dict]]:
        return {block.code: block.cleaned for block in self.blocks}

    @property
    def seen(self) -> tuple[int, int] | None:
        parts = self.cleaned_data["version"].split("-")
        return tuple(map(int, parts)) if len(parts) == 2 and all(part.isdecimal() for part in parts) else None

    @property
    def is_stale(self) -> bool:
        """Whether the draft was begun on a page of before another change."""
        return bool(self.typed) and not self.is_bound and self.typed.get("version", [""])[0] != self.now

    def phone_on_record(self) -> Secret | None:
        return self.employment.contact_phone

    def _registered(self, employment: Employment) -> dict:
        shown = [name for name in self.base_fields if name not in ("version", *SECRETS)]
        return {name: getattr(employment if name in self.WORK else employment.person, name) for name in shown}

    def _keep_what_is_there(self, masked: Typed) -> None:
        person = self.employment.person if self.employment else None
        own = {"contact_phone": self.phone_on_record() if self.employment else None}
        own |= {name: getattr(person, name, None) for name in ("residence", "residence_detail")}
        for name in SECRETS:
            if value := masked.get(name) or own[name]:
                self.fields[name].keep(str(value))
        for name in ("household_place", "native_place"):
            self.fields[name].present = getattr(person, name, "")
        if person and person.verified:
            self.fields["name"].disabled = True
            self.fields["ethnicity"].disabled = bool(person.ethnicity)


def facts_of(about: Person | ManagerDraft) -> dict:
    """What follows from the ID number: `sex` (label), `birth_date`, `age` in years, `number` (prints masked)."""
    if isinstance(about, Person):
        sex, birth_date, number = about.sex, about.birth_date, about.id_number
    else:
        sex, birth_date, number = about.identity.sex, about.identity.birth_date, about.number
    age = age_on(birth_date, timezone.localdate())
    return {"sex": Person.Sex(sex).label, "birth_date": birth_date, "age": age, "number": number}


def typed_by(draft: ManagerDraft | None, actor: Actor) -> tuple[Typed | None, Typed]:
    """What to put back into the page, and the masked secrets that a colleague typed."""
    if draft is None or not draft.typed:
        return None, {}
    if draft.user_id == actor.user_id:
        return draft.typed, {}
    hidden = {name for name in draft.typed if is_secret(name)}
    shown = {name: values for name, values in draft.typed.items() if name not in hidden}
    return shown, {name: str(Secret(values[0])) for name in hidden if (values := draft.typed[name]) and values[0]}


def with_colleagues(posted: Typed, draft: ManagerDraft | None, actor: Actor) -> Typed:
    """What was sent, with the secrets that a colleague had typed and this page could not show."""
    if draft is None or draft.user_id == actor.user_id:
        return posted
    there = {name: values for name, values in draft.typed.items() if is_secret(name)}
    return posted | {name: values for name, values in there.items() if name in posted and not any(posted[name])}


def is_secret(name: str) -> bool:
    return name in SECRETS or (name.startswith("contacts-") and name.endswith("-phone"))


def _version(employment: Employment | None) -> str:
    return f"{employment.version}-{employment.person.version}" if employment else ""
