from django.urls import path

from shiming.binding.console import managers, projects, workers

urlpatterns = [
    # 项目人员绑定
    path("binding/projects/", projects.listing, name="binding-projects"),
    path("binding/projects/new/", projects.new, name="binding-project-new"),
    path("binding/places/<uuid:pk>/removal/", projects.removal, name="binding-project-removal"),
    path("binding/restorations/<uuid:pk>/", projects.restoration, name="binding-project-restoration"),
    path("binding/places/<uuid:pk>/managers/", managers.listing, name="binding-managers"),
    path("binding/places/<uuid:pk>/sync/", managers.sync, name="binding-sync"),
    path("binding/filed/<uuid:pk>/registration/", managers.registration, name="binding-registration"),
    path("binding/places/<uuid:pk>/workers/", workers.listing, name="binding-workers"),
    path("binding/places/<uuid:pk>/workers/new/", workers.new, name="binding-worker-new"),
    path("binding/places/<uuid:pk>/workers/known/", workers.known, name="binding-workers-known"),
    path("binding/workers/<uuid:pk>/edit/", workers.edit, name="binding-worker-edit"),
    path("binding/places/<uuid:pk>/submissions/", projects.submissions, name="binding-submissions"),
    path("binding/places/<uuid:pk>/discards/", projects.discards, name="binding-discards"),
    path("binding/places/<uuid:pk>/exits/", workers.exits, name="binding-exits"),
]
