from django.urls import path

from shiming.faces import console, mobile

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
    path("m/faces/", mobile.people, name="face-people"),
    path("m/faces/<uuid:pk>/consent/", mobile.agreement, name="face-consent"),
    path("m/faces/<uuid:pk>/sessions/", mobile.session_new, name="face-session-new"),
    path("m/faces/sessions/<uuid:pk>/", mobile.session, name="face-session"),
    path("m/faces/sessions/<uuid:pk>/preview/", mobile.preview, name="face-preview"),
    path("m/face/", mobile.my_face, name="my-face"),
    path("m/face/withdrawal/", mobile.my_withdrawal, name="my-face-withdrawal"),
]
