"""What the pages of both long forms [004] share: the form over its draft, values saved while typed, photos."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from shiming.core.errors import DomainError
from shiming.employment import commands
from shiming.employment.long_form import LAYOUTS, Kind, LongForm, PhotosForm, Typed, typed_by, with_colleagues
from shiming.employment.models import Employment, ManagerDraft
from shiming.people import pictures, work_history
from shiming.people.commands.drafts import SIDES
from shiming.people.items import items_of
from shiming.people.models import Person

SEEN = "X-Draft-Mark"  # the state of the draft that the window shows
NOT_TYPED = ("csrfmiddlewaretoken",)


def form_of(request, form: type[LongForm], kept: ManagerDraft | None, employment: Employment | None = None) -> LongForm:
    """The form as sent, or as kept in the draft, or as registered."""
    bound = request.method == "POST"
    typed, masked = typed_by(kept, request.actor)
    if bound:
        typed = with_colleagues(_sent(request), kept, request.actor)
    items = items_of(employment.person) if employment else {}
    return form(typed=typed, bound=bound, employment=employment, items=items, masked=masked)


def show(request, template: str, form: LongForm, context: dict) -> HttpResponse:
    """`context` names draft, facts, base, title, company and the address that discards the draft; `keeps` is False for
    a page that saves nothing while it is typed."""
    employment, kept, layout = form.employment, context["draft"], LAYOUTS[form.kind]
    person = employment.person if employment else None
    closed = bool(employment) and not employment.employed
    defaults = {
        "employment": employment,
        "closed": closed,
        "keeps": not closed,
        "history": work_history.table_of(person, request.actor) if person else None,
        "layout": layout,
        "papers": "",
        "photos": _photos(layout.sides, kept, person),
        "restored": bool(kept and kept.typed),
        "verb": "保存" if employment else layout.registers,
    }
    status = 422 if form.errors_list else 200
    return render(request, template, defaults | context | {"form": form}, status=status)


def keep_values(request, kept: ManagerDraft) -> JsonResponse:
    typed = with_colleagues(_sent(request), kept, request.actor)
    kept = commands.keep_typed(kept, typed, by=request.actor, seen=request.headers.get(SEEN))
    return _saved(mark=kept.mark)


def keep_photo(request, kept: ManagerDraft, side: str, kind: Kind) -> JsonResponse:
    """Inspected and kept at once."""
    if side not in LAYOUTS[kind].sides:
        raise Http404
    if "photo" not in request.FILES:
        return JsonResponse({"refused": "请选择照片"}, status=422)
    try:
        kept = commands.keep_typed_photo(kept, side, request.FILES["photo"].read(), by=request.actor)
    except DomainError as refused:
        return JsonResponse({"refused": "；".join(item.advice for item in refused.refusals)}, status=422)
    return _saved(notes=kept.values.get("problems", {}).get(side, []))


def _photos(sides: dict[str, str], kept: ManagerDraft | None, person: Person | None) -> list[dict]:
    """Each photo with whether it is there; of the card no picture is shown again, it bears the whole number."""
    form, shown = PhotosForm(sides), pictures.portrait_data(person) if person else ""
    if kept and kept.portrait:
        shown = pictures.data_of(kept.portrait)
    return [
        {
            "side": side,
            "bound": form[side],
            "fresh": bool(kept and getattr(kept, side)),
            "there": bool(person and getattr(person, SIDES[side])),
            "picture": shown if side == "portrait" else "",
        }
        for side in sides
    ]


def _saved(**more) -> JsonResponse:
    return JsonResponse({"saved": f"{timezone.localtime():%H:%M}"} | more)


def _sent(request) -> Typed:
    return {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
