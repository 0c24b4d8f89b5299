"""A form field for an administrative division: typed, searched or chosen level by level; kept as the whole label."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiming.dictionaries import regions


class RegionField(forms.CharField):
    """`least` is the level a choice must reach. `present` is the label of the row, which may be of former times and
    stays valid."""

    def __init__(self, *args, least: int = regions.COUNTY, present: str = "", **kwargs):
        attributes = {
            "role": "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "autocomplete": "off",
            "placeholder": gettext_lazy("地名、首字母，或逐级选"),
            "data-regions": reverse_lazy("regions"),
            "data-least": str(least),
        }
        super().__init__(*args, max_length=60, widget=forms.TextInput(attributes), **kwargs)
        self.least, self.present = least, present

    def clean(self, value):
        typed = super().clean(value)
        if not typed or typed == self.present:
            return typed
        region = regions.find(typed)
        if region is None:
            offered = "、".join(each.label for each in regions.search(typed, 3))
            meant = _("；是不是：{places}").format(places=offered) if offered else ""
            raise ValidationError(_("没有找到“{typed}”，请从列表中选择").format(typed=typed) + meant)
        if not regions.reaches(region, self.least):
            level = _("区县") if self.least == regions.COUNTY else _("市")
            raise ValidationError(_("请选到{level}：{place}下面还有一级").format(level=level, place=region.label))
        return region.label
