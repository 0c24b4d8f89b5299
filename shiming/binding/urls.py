from django.urls import path

from shiming.binding.console import audits

urlpatterns = [
    # 项目人员登记绑定审核
    path("audits/", audits.overview, name="binding-audits"),
    path("audits/projects/<uuid:pk>/<slug:state>/", audits.people, name="binding-audit-people"),
    path("audits/decisions/", audits.decisions, name="binding-decisions"),
    path("audits/releases/", audits.releases, name="binding-releases"),
    path("audits/<uuid:pk>/", audits.show, name="binding-audit"),
]
