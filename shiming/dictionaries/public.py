"""What pages behind every door ask of the dictionaries: the divisions under a code, or those that fit a text."""

from django.http import JsonResponse

from shiming.core.doors import public
from shiming.dictionaries import regions


@public(methods=("GET",))
def divisions(request):
    """GET /regions/?q=西湖 or ?in=330100; `more` says whether there is a level below."""
    asked = request.GET.get("q", "")[:30]
    under = request.GET.get("in", "")
    found = regions.search(asked) if asked else regions.children(under)
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "label": each.label,
            "level": each.level,
            "more": bool(regions.children(each.code)),
        }
        for each in found
    ]
    here = regions.of_code(under)
    answer = {"found": rows, "in": here.label if here else "", "level": here.level if here else 0}
    return JsonResponse(answer, headers={"Cache-Control": "max-age=86400"})
