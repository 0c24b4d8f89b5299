"""URLs of the projects module."""

from django.urls import path

from shiming.projects.console import contracts, operators, projects, stations, teams

urlpatterns = [
    path("projects/", projects.listing, name="project-list"),
    path("projects/new/", projects.new, name="project-new"),
    path("projects/<uuid:pk>/", projects.show, name="project-show"),
    path("projects/<uuid:pk>/edit/", projects.edit, name="project-edit"),
    path("projects/<uuid:pk>/status/", projects.status, name="project-status"),
    path("projects/<uuid:pk>/policy/", projects.policy, name="project-policy"),
    path("projects/<uuid:pk>/places/new/", projects.new_place, name="place-new"),
    path("places/<uuid:pk>/leaving/", projects.leaving, name="place-leaving"),
    path("contracts/", contracts.listing, name="contract-list"),
    path("contracts/new/", contracts.new, name="contract-new"),
    path("contracts/<uuid:pk>/", contracts.show, name="contract-show"),
    path("contracts/<uuid:pk>/edit/", contracts.edit, name="contract-edit"),
    path("contracts/<uuid:pk>/closing/", contracts.closing, name="contract-closing"),
    path("site/contract/", contracts.basics, name="contract-basics"),
    path("site/operators/", operators.board, name="operators"),
    path("site/operators/new/", operators.new, name="operator-new"),
    path("site/operators/<uuid:pk>/extension/", operators.extension, name="operator-extension"),
    path("site/operators/<uuid:pk>/longest/", operators.longest, name="operator-longest"),
    path("site/operators/<uuid:pk>/revocation/", operators.revocation, name="operator-revocation"),
    path("teams/", teams.listing, name="team-list"),
    path("teams/new/", teams.new, name="team-new"),
    path("teams/leaders/", teams.leaders, name="team-leaders"),
    path("teams/<uuid:pk>/edit/", teams.edit, name="team-edit"),
    path("teams/<uuid:pk>/closing/", teams.closing, name="team-closing"),
    path("stations/", stations.listing, name="station-list"),
    path("stations/new/", stations.new, name="station-new"),
    path("stations/<uuid:pk>/edit/", stations.edit, name="station-edit"),
    path("stations/<uuid:pk>/regulators/new/", stations.new_post, name="regulator-new"),
    path("regulators/<uuid:pk>/removal/", stations.removal, name="regulator-removal"),
]
