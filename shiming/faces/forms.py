"""What the pages about faces and checks by hand accept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shiming.faces.models import FaceAlert, FaceComparison, HandCheck
from shiming.web.typed import SearchField


class ConsentForm(forms.Form):
    """The worker's own ticks, empty at first. The kept picture is asked only where a project needs it."""

    agreed = forms.BooleanField(label=_("我听懂了，同意登记我的人脸"))
    portrait = forms.BooleanField(label=_("也同意留一张照片（可以不选）"), required=False)

    def __init__(self, *args, asks_portrait: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_portrait:
            del self.fields["portrait"]


class PeopleFilter(forms.Form):
    name = SearchField(label=_("姓名"))


class FacePhotoForm(forms.Form):
    photo = forms.FileField(label="打卡人的脸", widget=forms.FileInput(attrs={"accept": "image/*"}))


class CheckFilter(forms.Form):
    name = SearchField(label="姓名")
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *HandCheck.Status.choices])


class ComparisonFilter(forms.Form):
    status = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *FaceComparison.Status.choices])


class AlertFilter(forms.Form):
    status = forms.ChoiceField(label="范围", required=False, choices=[("", "待处理"), ("all", "全部")])


class AskCheckForm(forms.Form):
    REASONS = ("本人不同意登记人脸", "多次拍摄没有通过", "面部受伤或手术", "没有可用的手机")

    place = forms.CharField(label="核对地点", max_length=60)
    note = forms.CharField(
        label="不用人脸的原因",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "check-reasons"}),
    )
    seen = forms.BooleanField(label="本人在我面前，我看过身份证原件，人与证一致")


class ConfirmCheckForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.BooleanField(label="本人在我面前，我看过身份证原件，人与证一致")


class DeclineCheckForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="没有确认的原因", max_length=200)


class WithdrawForm(forms.Form):
    note = forms.CharField(label="本人是怎样提出的", max_length=200, help_text="例如：7 月 3 日当面提出")


class CompareForm(forms.Form):
    answer = forms.ChoiceField(choices=[("same", "是本人"), ("different", "不是本人")])
    note = forms.CharField(label="说明", required=False, max_length=200)


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label="处理结果", choices=FaceAlert.Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="说明", max_length=200, help_text="怎样核实的")
