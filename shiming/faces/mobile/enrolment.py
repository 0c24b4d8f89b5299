"""The phone: 立即注册 for managers ([004] 4-31), the own face in 个人端."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiming.core.actor import Role
from shiming.core.doors import mobile
from shiming.core.environment import environment
from shiming.faces import commands, consent, liveness, queries, rules
from shiming.faces.engine import engine
from shiming.faces.forms import ConsentForm, PeopleFilter
from shiming.faces.models import FaceSession
from shiming.people.models import Person
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.paging import page

# What each move asks for: the words, and the pictogram beside them.
MOVES = {
    liveness.Move.STRAIGHT: (gettext_lazy("看着镜头，不要动"), "face-id"),
    liveness.Move.LEFT: (gettext_lazy("慢慢向左转头"), "arrow-left"),
    liveness.Move.RIGHT: (gettext_lazy("慢慢向右转头"), "arrow-right"),
    liveness.Move.CLOSER: (gettext_lazy("慢慢靠近，让脸占满圆框"), "zoom-in"),
}


@mobile(Role.PERSON, methods=("GET",))
def people(request):
    """List whom this manager may enrol: first the manager, then people of the same company on the same project."""
    me = Person.objects.get(pk=request.actor.person_id)
    filters = PeopleFilter(request.GET)
    order = ("proved", "name", "pk")
    context = {
        "me": me,
        "manages": rules.may_enrol(request.actor, me),
        "proved": rules.has_proved(request.actor),
        "compares": queries.compares(me),
        "page": page(queries.to_enrol(request.actor, values_of(filters).name), request, order=order),
        "filters": filters,
        "has_engine": engine() is not None,
    }
    return render(request, "faces/people.html", context)


@mobile(Role.PERSON)
def agreement(request, pk):
    """Show the notice and ask the worker to agree or decline; both buttons have the same size."""
    person = _enrolled(request, pk)
    purposes = queries.portrait_purposes(person)
    sent = request.POST if request.POST.get("answer") == "agree" else None
    form = ConsentForm(sent, asks_portrait=bool(purposes))
    if request.POST.get("answer") == "decline":
        commands.decline(person, by=request.actor)
        return render(request, "faces/declined.html", {"person": person})
    if form.is_valid() and carry_out(form, lambda: _agreed(person, form, request.actor)):
        return redirect("face-session", pk=form.result.pk)
    items = consent.items(environment().face_days, purposes)
    context = {"person": person, "form": form, "items": items, "version": consent.VERSION}
    context["own"] = person.pk == request.actor.person_id
    return render(request, "faces/consent.html", context, status=status_of(form))


@mobile(Role.PERSON, methods=("POST",))
def session_new(request, pk):
    """POST /m/faces/<id>/sessions/: start a session, to prove the own face or to try again."""
    session = commands.start(_enrolled(request, pk), by=request.actor)
    return redirect("face-session", pk=session.pk)


@mobile(Role.PERSON)
def session(request, pk):
    """GET: the camera, or the result of a used session. POST: judge the frames, then redirect to the result."""
    row = _session(request, pk)
    if request.method == "POST":
        frames = [file.read(liveness.FRAME_BYTES + 1) for file in request.FILES.getlist("frame")[: liveness.FRAMES + 1]]
        commands.judge(row, frames, by=request.actor)
        return redirect("face-session", pk=row.pk)
    context = {"session": row, "person": row.person, "own": row.person_id == request.actor.person_id}
    if row.alive:
        context |= {"moves": [(move, *MOVES[move]) for move in row.moves], "frames": liveness.FRAMES_PER_MOVE}
        context |= {"most": liveness.FRAME_BYTES, "keeps": bool(row.consent and row.consent.portrait_for)}
        return render(request, "faces/camera.html", context)
    context["portrait"] = queries.portrait(row.person)
    return render(request, "faces/result.html", context)


@mobile(Role.PERSON, methods=("POST",))
def preview(request, pk):
    """POST /m/faces/sessions/<id>/preview/: advice on one frame as JSON; stores nothing. 422 without a frame."""
    row, file = _session(request, pk), request.FILES.get("frame")
    if file is None:
        return HttpResponse(status=422)
    advice = commands.preview(row, file.read(liveness.FRAME_BYTES + 1), by=request.actor)
    advices = [
        {"code": each.code, "sentence": str(each.sentence), "icon": each.icon, "hints": each.hints} for each in advice
    ]
    return JsonResponse({"advice": advices})


@mobile(Role.PERSON, methods=("GET",))
def my_face(request):
    """Show whether the own face is enrolled and by whom, with withdrawal."""
    me = Person.objects.get(pk=request.actor.person_id)
    context = {"person": me, "consent": queries.consent_in_force(me), "compares": queries.compares(me)}
    context["portrait"] = queries.portrait(me)
    context["manages"] = bool(rules.places_managed(request.actor))
    return render(request, "faces/mine.html", context)


@mobile(Role.PERSON, methods=("POST",))
def my_withdrawal(request):
    """POST /m/face/withdrawal/: withdraw the consent; the template is deleted at once."""
    commands.withdraw(Person.objects.get(pk=request.actor.person_id), by=request.actor)
    messages.success(request, _("已撤回，人脸模板已删除"))
    return redirect("my-face")


@mobile(Role.PERSON, methods=("POST",))
def my_portrait_removal(request):
    """POST /m/face/portrait/removal/: delete only the picture; the enrolment stays."""
    commands.drop_portrait(Person.objects.get(pk=request.actor.person_id), by=request.actor)
    messages.success(request, _("照片已删除，人脸登记照样有效"))
    return redirect("my-face")


def _agreed(person: Person, form: ConsentForm, actor) -> FaceSession:
    commands.agree(person, portrait=form.cleaned_data.get("portrait", False), by=actor)
    return commands.start(person, by=actor)


def _enrolled(request, pk) -> Person:
    """People beyond those this manager enrols do not exist here."""
    person = get_object_or_404(Person, pk=pk)
    if not rules.may_enrol(request.actor, person):
        raise Http404
    return person


def _session(request, pk) -> FaceSession:
    return get_object_or_404(FaceSession.objects.select_related("person", "consent"), pk=pk, by=request.actor.user_id)
