"""Pages of 台账: 花名册, 进退场台账 and 考勤表, printed on A4 with masked numbers; an export leaves a trail entry."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shiming.core.doors import console
from shiming.imports.workbooks import disposition
from shiming.ledgers import papers
from shiming.ledgers.forms import AttendanceForm, EntriesForm, RosterForm
from shiming.ledgers.rules import PRINTERS
from shiming.web import press
from shiming.web.export import note_export
from shiming.web.forms import status_of
from shiming.web.reauthentication import fresh_login


@dataclass(frozen=True)
class Ledger:
    """One kind of ledger: its form, the function that builds its paper, its label and purpose."""

    form: type
    paper: object
    label: str
    says: str
    icon: str


LEDGERS = {
    "roster": Ledger(RosterForm, papers.roster, "花名册", "谁在这里：姓名、工种、班组、单位，留本人签字。", "users"),
    "entries": Ledger(EntriesForm, papers.entries, "进退场台账", "一段时间里每一次进场与退场，天数与评价。", "login"),
    "attendance": Ledger(
        AttendanceForm, papers.attendance, "考勤表", "一人一行，一天一格，天数与工时，留签字。", "calendar"
    ),
}


@console(*PRINTERS, methods=("GET",))
def index(request):
    return _page(request)


@console(*PRINTERS, methods=("POST",))
@fresh_login
def ledger(request, kind):
    """Typeset the ledger as PDF."""
    if kind not in LEDGERS:
        raise Http404
    form = LEDGERS[kind].form(request.POST, actor=request.actor, prefix=kind)
    if not form.is_valid():
        return _page(request, **{kind: form})
    paper = LEDGERS[kind].paper(request.actor, **form.cleaned_data)
    try:
        content = press.print_pdf(papers.LEDGER, paper)
    except press.NotPrinted:
        form.add_error(None, "这份台账没有排出来，请缩短时间或按项目分开打印后再试")
        return _page(request, **{kind: form})
    note_export(paper["title"], len(paper["rows"]), by=request.actor)
    answer = HttpResponse(content, content_type="application/pdf")
    name = disposition(f"{paper['title']}_{paper['subject']}_{paper['period']}.pdf".replace(" ", ""))
    answer.headers["Content-Disposition"] = name.replace("attachment", "inline", 1)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(request, **bound):
    shown = [
        (kind, each, bound.get(kind) or each.form(actor=request.actor, prefix=kind)) for kind, each in LEDGERS.items()
    ]
    status = max(status_of(form) for _, _, form in shown)
    return render(request, "ledgers/index.html", {"ledgers": shown}, status=status)
