"""What the pages of manager registration accept. Source: manual [004] 4-03 to 4-11."""

from django import forms

from shiming.employment.long_form import Kind, LongForm, chosen
from shiming.web.typed import SearchField


class ManagerFilter(forms.Form):
    name = SearchField(label="员工姓名")
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "在职"), ("moved", "已迁出"), ("all", "全部")]
    )


class ManagerForm(LongForm):
    """管理人员登记. With an employment it changes a manager (or makes a worker one), else it registers one."""

    kind = Kind.MANAGER
    WORK = ("duty", "title", "social_insurance", "contact_phone")
    TABLES = {
        "duty": "position",
        **{
            name: name
            for name in (
                *("title", "social_insurance", "ethnicity", "political_status", "household_type", "marital_status"),
                *("education", "education_type", "degree"),
            )
        },
    }

    social_insurance = chosen("社保情况")
    duty = chosen("职务", required=True)
    title = chosen("职称", required=True)
    marital_status = chosen("婚姻状况")
    education = chosen("最高学历", required=True)
    education_type = chosen("学历类型")
    degree = chosen("最高学位")

    field_order = (
        *("version", "name", "former_name", "social_insurance", "duty", "title", "ethnicity", "political_status"),
        *("household_type", "household_place", "residence", "residence_detail", "native_place", "marital_status"),
        *("education", "education_type", "degree", "contact_phone"),
    )

    @property
    def given(self) -> dict:
        """What `register_manager` and `update_manager` take."""
        return {"name": self.cleaned_data["name"], "work": self.work, "about": self.about, "items": self.items}
