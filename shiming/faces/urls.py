from django.urls import path

from shiming.faces import console
from shiming.faces.mobile import enrolment, site

urlpatterns = [
    path("faces/checks/", console.checks, name="face-checks"),
    path("faces/checks/<uuid:pk>/", console.check, name="face-check"),
    path("faces/people/<uuid:pk>/check/", console.check_new, name="face-check-new"),
    path("faces/people/<uuid:pk>/withdrawal/", console.withdrawal, name="face-withdrawal"),
    path("faces/comparisons/", console.comparisons, name="face-comparisons"),
    path("faces/comparisons/<uuid:pk>/", console.comparison, name="face-comparison"),
    path("faces/comparisons/<uuid:pk>/<slug:kind>/", console.comparison_picture, name="face-comparison-picture"),
    path("faces/alerts/", console.alerts, name="face-alerts"),
    path("faces/alerts/<uuid:pk>/", console.alert, name="face-alert"),
    path("site/faces/", site.attendance, name="face-attendance"),
    path("site/faces/claims/", site.claims, name="face-claims"),
    path("site/faces/verification/", site.verification, name="face-verification"),
    path("site/faces/search/", site.recognition, name="face-search"),
    path("site/faces/punch/", site.punch, name="face-punch"),
    path("m/faces/", enrolment.people, name="face-people"),
    path("m/faces/<uuid:pk>/consent/", enrolment.agreement, name="face-consent"),
    path("m/faces/<uuid:pk>/sessions/", enrolment.session_new, name="face-session-new"),
    path("m/faces/sessions/<uuid:pk>/", enrolment.session, name="face-session"),
    path("m/faces/sessions/<uuid:pk>/preview/", enrolment.preview, name="face-preview"),
    path("m/face/", enrolment.my_face, name="my-face"),
    path("m/face/portrait/removal/", enrolment.my_portrait_removal, name="my-face-portrait-removal"),
    path("m/face/withdrawal/", enrolment.my_withdrawal, name="my-face-withdrawal"),
]
