"""URLs of the employment module."""

from django.urls import path

from shiming.employment import mobile
from shiming.employment.console import direct, hiring, leaving, managers, profiles, transfers

urlpatterns = [
    path("employments/", hiring.index, name="employment-list"),
    path("employments/new/", hiring.new, name="employment-new"),
    path("employments/withdrawals/", hiring.withdrawals, name="employment-withdrawals"),
    path("employments/leaves/", leaving.leaves, name="leave-list"),
    path("employments/objections/", leaving.objections, name="objection-list"),
    path("employments/overdue/", leaving.overdue, name="leave-overdue"),
    path("employments/profiles/", profiles.index, name="employment-profiles"),
    path("employments/profiles/new/", profiles.new, name="employment-profile-new"),
    path("employments/registrations/", direct.registrations, name="employment-registrations"),
    path("employments/registrations/new/", direct.registration_new, name="employment-registration-new"),
    path("employments/registrations/person/", direct.registration_person, name="employment-registration-person"),
    path("employments/unread/", direct.unread, name="employment-unread"),
    path("employments/<uuid:pk>/release/", direct.release, name="employment-release"),
    path("employments/<uuid:pk>/", hiring.show, name="employment-show"),
    path("employments/<uuid:pk>/withdrawal/", hiring.withdrawal, name="employment-withdrawal"),
    path("employments/<uuid:pk>/profile/", profiles.profile, name="employment-profile"),
    path("employments/<uuid:pk>/leave/answer/", leaving.leave_answer, name="employment-leave-answer"),
    path("employments/<uuid:pk>/dismissal/", leaving.dismissal, name="employment-dismissal"),
    path(
        "employments/<uuid:pk>/dismissal/cancellation/",
        leaving.dismissal_cancellation,
        name="employment-dismissal-cancellation",
    ),
    path("managers/", managers.index, name="manager-list"),
    path("managers/new/", managers.new, name="manager-new"),
    path("managers/drafts/<uuid:pk>/", managers.draft, name="manager-draft"),
    path("managers/drafts/<uuid:pk>/values/", managers.draft_values, name="manager-draft-values"),
    path("managers/drafts/<uuid:pk>/photos/<slug:side>/", managers.draft_photo, name="manager-draft-photo"),
    path("managers/drafts/<uuid:pk>/deletion/", managers.draft_deletion, name="manager-draft-deletion"),
    path("managers/<uuid:pk>/", managers.edit, name="manager-edit"),
    path("managers/<uuid:pk>/values/", managers.edit_values, name="manager-values"),
    path("managers/<uuid:pk>/photos/<slug:side>/", managers.edit_photo, name="manager-photo"),
    path("managers/<uuid:pk>/moving-out/", managers.moving_out, name="manager-moving-out"),
    path("transfers/", transfers.index, name="transfer-list"),
    path("transfers/new/", transfers.new, name="transfer-new"),
    path("transfers/<uuid:pk>/stop/", transfers.stop, name="transfer-stop"),
    path("m/employments/", mobile.index, name="my-employments"),
    path("m/employments/<uuid:pk>/answer/", mobile.answer, name="my-employment-answer"),
    path("m/employments/<uuid:pk>/dismissal/answer/", mobile.dismissal_answer, name="my-dismissal-answer"),
    path("m/employments/<uuid:pk>/registration/answer/", mobile.registration_answer, name="my-registration-answer"),
    path("m/employments/<uuid:pk>/leave/", mobile.leave, name="my-leave"),
    path("m/employments/<uuid:pk>/leave/cancellation/", mobile.leave_cancellation, name="my-leave-cancellation"),
    path("m/transfers/<uuid:pk>/answer/", mobile.transfer_answer, name="my-transfer-answer"),
]
