from django.urls import path

from shiming.binding.console import audits, managers, poster, projects, worker_forms, workers
from shiming.binding.mobile import self_form

urlpatterns = [
    # bindings of people to projects
    path("binding/projects/", projects.listing, name="binding-projects"),
    path("binding/projects/new/", projects.new, name="binding-project-new"),
    path("binding/places/<uuid:pk>/removal/", projects.removal, name="binding-project-removal"),
    path("binding/restorations/<uuid:pk>/", projects.restoration, name="binding-project-restoration"),
    path("binding/places/<uuid:pk>/managers/", managers.listing, name="binding-managers"),
    path("binding/places/<uuid:pk>/sync/", managers.sync, name="binding-sync"),
    path("binding/filed/<uuid:pk>/registration/", managers.registration, name="binding-registration"),
    path("binding/places/<uuid:pk>/workers/", workers.listing, name="binding-workers"),
    path("binding/places/<uuid:pk>/workers/new/", worker_forms.new, name="binding-worker-new"),
    path("binding/places/<uuid:pk>/workers/known/", workers.known, name="binding-workers-known"),
    path("binding/worker-drafts/<uuid:pk>/", worker_forms.draft, name="binding-worker-draft"),
    path("binding/worker-drafts/<uuid:pk>/values/", worker_forms.draft_values, name="binding-worker-draft-values"),
    path(
        "binding/worker-drafts/<uuid:pk>/photos/<slug:side>/",
        worker_forms.draft_photo,
        name="binding-worker-draft-photo",
    ),
    path(
        "binding/worker-drafts/<uuid:pk>/deletion/", worker_forms.draft_deletion, name="binding-worker-draft-deletion"
    ),
    path("binding/workers/<uuid:pk>/edit/", worker_forms.edit, name="binding-worker-edit"),
    path("binding/workers/<uuid:pk>/edit/values/", worker_forms.edit_values, name="binding-worker-values"),
    path("binding/workers/<uuid:pk>/edit/photos/<slug:side>/", worker_forms.edit_photo, name="binding-worker-photo"),
    path("managers/<uuid:pk>/worker/", worker_forms.becoming, name="manager-becomes-worker"),
    path("binding/places/<uuid:pk>/submissions/", projects.submissions, name="binding-submissions"),
    path("binding/places/<uuid:pk>/discards/", projects.discards, name="binding-discards"),
    path("binding/places/<uuid:pk>/exits/", workers.exits, name="binding-exits"),
    # QR poster and the forms sent by it
    path("binding/places/<uuid:pk>/poster/", poster.poster, name="binding-poster"),
    path("binding/places/<uuid:pk>/poster/sheet/", poster.sheet, name="binding-poster-sheet"),
    path("binding/places/<uuid:pk>/poster/pdf/", poster.pdf, name="binding-poster-pdf"),
    path("binding/places/<uuid:pk>/poster/renewal/", poster.renewal, name="binding-poster-renewal"),
    path("binding/places/<uuid:pk>/poster/stopping/", poster.stopping, name="binding-poster-stopping"),
    path("binding/places/<uuid:pk>/self-forms/", poster.forms, name="self-form-list"),
    path("binding/self-forms/takings/", poster.takings, name="self-form-takings"),
    path("binding/self-forms/<uuid:pk>/", poster.show, name="self-form-show"),
    path("binding/self-forms/<uuid:pk>/discarding/", poster.discarding, name="self-form-discarding"),
    path("binding/self-forms/<uuid:pk>/restoration/", poster.restoration, name="self-form-restoration"),
    path("q/<str:code>/", self_form.form, name="self-form"),
    path("q/sent/<str:token>/", self_form.sent, name="self-form-sent"),
    path("q/sent/<str:token>/<slug:side>/", self_form.photo, name="self-form-photo"),
    # audit of bindings
    path("audits/", audits.overview, name="binding-audits"),
    path("audits/projects/<uuid:pk>/<slug:state>/", audits.people, name="binding-audit-people"),
    path("audits/decisions/", audits.decisions, name="binding-decisions"),
    path("audits/releases/", audits.releases, name="binding-releases"),
    path("audits/<uuid:pk>/", audits.show, name="binding-audit"),
]
