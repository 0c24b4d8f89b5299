from django.urls import path

from shiming.binding.console import poster
from shiming.binding.mobile import self_form

urlpatterns = [
    # 项目二维码与扫码登记
    path("bindings/<uuid:pk>/poster/", poster.poster, name="binding-poster"),
    path("bindings/<uuid:pk>/poster/sheet/", poster.sheet, name="binding-poster-sheet"),
    path("bindings/<uuid:pk>/poster/renewal/", poster.renewal, name="binding-poster-renewal"),
    path("bindings/<uuid:pk>/poster/stopping/", poster.stopping, name="binding-poster-stopping"),
    path("bindings/<uuid:pk>/self-forms/", poster.forms, name="self-form-list"),
    path("bindings/self-forms/takings/", poster.takings, name="self-form-takings"),
    path("bindings/self-forms/<uuid:pk>/", poster.show, name="self-form-show"),
    path("bindings/self-forms/<uuid:pk>/discarding/", poster.discarding, name="self-form-discarding"),
    path("bindings/self-forms/<uuid:pk>/restoration/", poster.restoration, name="self-form-restoration"),
    path("q/<str:code>/", self_form.form, name="self-form"),
    path("q/sent/<str:token>/", self_form.sent, name="self-form-sent"),
    path("q/sent/<str:token>/<slug:side>/", self_form.photo, name="self-form-photo"),
]
