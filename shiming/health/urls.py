"""URLs of the epidemic gate on the site side."""

from django.urls import path

from shiming.health.console import families, feed, files, people, preregistrations, proposals, site
from shiming.health.mobile import declaration, proposal

urlpatterns = [
    path("m/health/declaration/", declaration.declaration, name="my-declaration"),
    path("health/site/", site.info, name="health-site"),
    path("health/site/files/", site.upload, name="health-site-files"),
    path("health/files/<uuid:pk>/opening/", files.opening, name="health-file-opening"),
    path("health/files/<uuid:pk>/", files.file, name="health-file"),
    path("health/files/<uuid:pk>/removal/", files.removal, name="health-file-removal"),
    path("health/pre-registrations/", preregistrations.listing, name="preregistration-list"),
    path("health/pre-registrations/new/", preregistrations.new, name="preregistration-new"),
    path("health/pre-registrations/contract/", preregistrations.contract, name="preregistration-contract"),
    path("health/pre-registrations/<uuid:pk>/", preregistrations.show, name="preregistration-show"),
    path("health/pre-registrations/<uuid:pk>/edit/", preregistrations.edit, name="preregistration-edit"),
    path("health/pre-registrations/<uuid:pk>/family/", families.listing, name="family-list"),
    path("health/pre-registrations/<uuid:pk>/family/new/", families.new, name="family-new"),
    path("health/family/<uuid:pk>/", families.show, name="family-show"),
    path("health/feed/", feed.listing, name="health-feed"),
    path("health/feed/start/", feed.start, name="health-feed-start"),
    path("health/feed/stopping/", feed.stopping, name="health-feed-stopping"),
    path("health/feed/deliveries/<uuid:pk>/file/", feed.file, name="health-feed-file"),
    path("health/feed/deliveries/<uuid:pk>/again/", feed.again, name="health-feed-again"),
    path("health/proposals/", proposals.listing, name="proposal-list"),
    path("health/proposals/<uuid:pk>/", proposals.show, name="proposal"),
    path("health/proposals/<uuid:pk>/discarding/", proposals.discarding, name="proposal-discarding"),
    path("health/code/", proposals.code, name="proposal-code"),
    path("health/code/sheet/", proposals.sheet, name="proposal-code-sheet"),
    path("health/code/pdf/", proposals.pdf, name="proposal-code-pdf"),
    path("health/code/renewal/", proposals.renewal, name="proposal-code-renewal"),
    path("health/code/stopping/", proposals.stopping, name="proposal-code-stopping"),
    path("p/<str:code>/", proposal.form, name="proposal-form"),
    path("p/sent/<str:token>/", proposal.sent, name="proposal-sent"),
    path("health/on-site/", people.on_site, name="health-on-site"),
    path("health/people/<uuid:pk>/daily/", people.daily, name="daily-list"),
    path("health/people/<uuid:pk>/daily/new/", people.daily_new, name="daily-new"),
    path("health/people/<uuid:pk>/disposition/", people.disposition, name="disposition"),
]
