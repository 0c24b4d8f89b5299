"""Addresses of entry, exit and site code."""

from django.urls import path

from shiming.presence import console, mobile

urlpatterns = [
    path("stays/", console.listing, name="stay-list"),
    path("stays/entry/", console.entry, name="stay-entry"),
    path("stays/entries/", console.entries, name="stay-entries"),
    path("stays/leaving/", console.leaving, name="stay-leaving"),
    path("stays/exits/", console.exits, name="stay-exits"),
    path("stays/managers/", console.managers, name="stay-managers"),
    path("stays/managers/entries/", console.manager_entries, name="stay-manager-entries"),
    path("stays/managers/exits/", console.manager_exits, name="stay-manager-exits"),
    path("stays/<uuid:pk>/", console.show, name="stay-show"),
    path("assignments/<uuid:pk>/why/", console.why, name="assignment-why"),
    path("assignments/<uuid:pk>/reminders/", console.reminders, name="assignment-reminders"),
    path("site/", console.home, name="home-site"),
    path("site/code/", console.site_code, name="site-code"),
    path("site/code/poster/", console.poster, name="site-code-poster"),
    path("site/code/renewal/", console.renewal, name="site-code-renewal"),
    path("site/scan/", mobile.scan, name="site-scan"),
    path("site/scan/entry/", mobile.scan_entry, name="site-scan-entry"),
    path("site/scan/undo/", mobile.undo, name="site-scan-undo"),
    path("site/scan/people/", mobile.find, name="site-scan-find"),
    path("site/scan/people/<uuid:pk>/entry/", mobile.found, name="site-scan-found"),
    path("m/code/", mobile.code, name="my-code"),
    path("m/code/ahead/", mobile.ahead, name="my-code-ahead"),
    path("m/card/", mobile.card, name="my-card"),
    path("m/card/<uuid:pk>/", mobile.card_paper, name="my-card-paper"),
    path("m/why/", mobile.why, name="my-why"),
    path("m/why/<uuid:pk>/", mobile.why_project, name="my-why-project"),
    path("m/why/<uuid:pk>/reminder/", mobile.why_reminder, name="my-why-reminder"),
]
