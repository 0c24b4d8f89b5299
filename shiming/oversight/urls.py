"""Addresses of the authority's pages, and of what a site answers."""

from django.urls import path

from shiming.oversight.console import home, inquiries, inspections, query, troubles

urlpatterns = [
    path("oversight/", home.home, name="home-oversight"),
    path("oversight/overview/", home.overview, name="oversight-overview"),
    path("oversight/sites/", query.sites, name="oversight-sites"),
    path("oversight/sites/<uuid:pk>/", query.site, name="oversight-site"),
    path("oversight/sites/<uuid:pk>/announced/", query.announced, name="oversight-announced"),
    path("oversight/places/<uuid:pk>/", query.place, name="oversight-place"),
    path("oversight/people/<uuid:pk>/", query.person, name="oversight-person"),
    path("oversight/troubles/", troubles.trouble_list, name="oversight-troubles"),
    path("oversight/troubles/<uuid:pk>/", troubles.trouble, name="oversight-trouble"),
    path("oversight/troubles/<uuid:pk>/<slug:kind>/inquiry/", troubles.send, name="oversight-send"),
    path("oversight/thresholds/", troubles.thresholds, name="oversight-thresholds"),
    path("oversight/inquiries/", inquiries.listing, name="oversight-inquiries"),
    path("oversight/inquiries/<uuid:pk>/", inquiries.show, name="oversight-inquiry"),
    path("oversight/inquiries/<uuid:pk>/return/", inquiries.return_, name="oversight-inquiry-return"),
    path("oversight/inquiries/<uuid:pk>/closing/", inquiries.closing, name="oversight-inquiry-closing"),
    path("oversight/papers/<uuid:pk>/", inquiries.paper, name="inquiry-paper"),
    path("oversight/sites/<uuid:pk>/inspection/", inspections.start, name="oversight-inspection-start"),
    path("oversight/inspections/", inspections.listing, name="oversight-inspections"),
    path("oversight/inspections/<uuid:pk>/", inspections.show, name="oversight-inspection"),
    path("oversight/inspections/<uuid:pk>/report/", inspections.report, name="oversight-inspection-report"),
    path("site/inquiries/", inquiries.site_listing, name="site-inquiries"),
    path("site/inquiries/<uuid:pk>/", inquiries.answer, name="site-inquiry"),
]
