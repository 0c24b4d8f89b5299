"""Addresses of the administrator's pages."""

from django.urls import path

from shiming.administration.console import home, jobs, trail

urlpatterns = [
    path("admin-tools/", home.home, name="home-admin"),
    path("admin-tools/jobs/", jobs.index, name="job-list"),
    path("admin-tools/trail/", trail.listing, name="trail-list"),
]
