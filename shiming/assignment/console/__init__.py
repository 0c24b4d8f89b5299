"""人员分配 on the PC: the company's pages, the site's, and the page of one allocation."""

from shiming.assignment.console.company import allocation, listing, managers, new, people, places
from shiming.assignment.console.show import removals, resubmission, show
from shiming.assignment.console.site import answered, confirmations, rejections, waiting
from shiming.assignment.console.tiers import acceptance, acceptances, placed, processed, projects, tree

__all__ = [
    "acceptance",
    "acceptances",
    "allocation",
    "answered",
    "confirmations",
    "listing",
    "managers",
    "new",
    "people",
    "placed",
    "places",
    "processed",
    "projects",
    "rejections",
    "removals",
    "resubmission",
    "show",
    "tree",
    "waiting",
]
