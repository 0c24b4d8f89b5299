"""URLs of the people module."""

from django.urls import path

from shiming.people.console import identity, people
from shiming.people.mobile import me, registration

urlpatterns = [
    path("people/", people.listing, name="people"),
    path("people/<uuid:pk>/", people.show, name="person"),
    path("people/<uuid:pk>/photo/<slug:kind>/", people.photo, name="person-photo"),
    path("people/<uuid:pk>/work-history/", people.history, name="person-work-history"),
    path("people/<uuid:pk>/reveal/", people.reveal, name="person-reveal"),
    path("people/<uuid:pk>/edit/", people.edit, name="person-edit"),
    path("people/<uuid:pk>/phone/", people.phone, name="person-phone"),
    path("people/identity/", identity.listing, name="person-identity"),
    path("people/identity/run/", identity.run, name="person-identity-run"),
    path("people/identity/<uuid:pk>/", identity.case, name="person-identity-case"),
    path("people/identity/<uuid:pk>/photos/", identity.photos, name="person-identity-photos"),
    path("people/identity/<uuid:pk>/verification/", identity.verification, name="person-identity-verification"),
    path("people/identity/<uuid:pk>/failure/", identity.failure, name="person-identity-failure"),
    path("m/register/", registration.start, name="person-register"),
    path("m/register/notice/", registration.agree, name="person-register-notice"),
    path("m/register/photo/<slug:side>/", registration.photo, name="person-register-photo"),
    path("m/register/photo/<slug:side>/image/", registration.image, name="person-register-image"),
    path("m/register/identity/", registration.identity, name="person-register-identity"),
    path("m/register/card/", registration.card, name="person-register-card"),
    path("m/register/status/", registration.status, name="person-register-status"),
    path("m/me/", me.me, name="me"),
    path("m/me/story/", me.story, name="me-story"),
    path("m/me/looks/", me.looks, name="me-looks"),
    path("m/me/data/", me.data, name="me-data"),
    path("m/me/phone/", me.phone, name="me-phone"),
    path("m/me/phone/again/", me.phone_again, name="me-phone-again"),
    path("m/me/portrait/", me.portrait, name="me-portrait"),
    path("m/me/photo/<slug:kind>/", me.photo, name="me-photo"),
    path("m/me/history/", me.history, name="me-history"),
    path("m/me/export/", me.export, name="me-export"),
]
