"""The components of all pages: {% load shiming %}."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from shiming.core.actor import Door
from shiming.core.doors import may_open
from shiming.web import calendar, fields, lists, next_steps, states

register = template.Library()
PARTS = "web/components/"
SHORT_FORM = 6  # fields that are seen at once
FEW = 2


@register.simple_tag
def icon(name, label=""):
    """An icon; without a label it is decoration and hidden from screen readers."""
    if not label:
        return _decoration(name)
    sprite = static("vendor/icons.svg")
    return format_html('<svg class="ico" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name)


@register.inclusion_tag(PARTS + "state.html")
def state(value, label=""):
    """A state as a pill: tone, shape and word."""
    tone, shape = states.look(value)
    return {"tone": tone, "icon": shape, "label": label or getattr(value, "label", value)}


@register.inclusion_tag(PARTS + "crumbs.html", takes_context=True)
def crumbs(context, *parts):
    """{% crumbs "聘用管理" "employment-list" person.name %}: label and address in pairs, the last label alone.

    A label whose page the reader may not open has no link.
    """
    labels, targets = parts[::2], parts[1::2]
    actor = context.get("actor")
    return {
        "trail": [(label, _open_to(actor, _address(target))) for label, target in zip(labels, targets, strict=False)],
        "here": labels[-1],
    }


@register.inclusion_tag(PARTS + "field.html", takes_context=True)
def field(context, bound, help="", label=""):
    """A form field with label, *, help and error, joined for screen readers."""
    return fields.describe(bound, help, label) | {"codes": _shows_codes(context)}


@register.inclusion_tag(PARTS + "fields.html", takes_context=True)
def form_fields(context, form):
    """All fields of a form in order, including the hidden ones."""
    return {"form": form, "actor": context.get("actor")}


@register.inclusion_tag(PARTS + "form_errors.html", takes_context=True)
def form_errors(context, form):
    """The errors of the form as a whole, the pages that resolve them, and a link to each field with errors.

    One error of a short form stands at its field only.
    """
    steps = [next_steps.step_for(context.get("actor"), item.code) for item in getattr(form, "refusals", [])]
    wrong = [(bound, fields.notes(bound)) for bound in form if bound.errors]
    return {
        "general": fields.notes_of_form(form),
        "wrong": wrong if len(wrong) > 1 or len(form.visible_fields()) > SHORT_FORM else [],
        "steps": [step for step in steps if any(step)],
        "codes": _shows_codes(context),
    }


@register.inclusion_tag(PARTS + "capture.html", takes_context=True)
def capture(context, bound, hint="", facing="environment", frame="card", picture=""):
    """A photo by camera or file, with preview; frame is card (证件), face or page; `picture` shows what to take."""
    return fields.describe(bound, hint) | {
        "facing": facing,
        "shape": frame,
        "picture": picture,
        "codes": _shows_codes(context),
    }


@register.inclusion_tag(PARTS + "filter_bar.html", takes_context=True)
def filter_bar(context, form):
    """查询 and 重置 above a list. The text is sealed into the address, so that no name or number is logged.

    On a phone more than FEW fields are folded behind one line, so that the list stays in view. That line is no parent
    of the form: closed, it would hide the form on the PC too.
    """
    request = context["request"]
    form.auto_id = "filter_%s"  # a dialog above the list may have a field of the same name
    return {
        "form": form,
        "path": request.path,
        "size": request.GET.get("size", ""),
        "sort": request.GET.get("sort", ""),
        "folds": len(form.visible_fields()) > FEW,
        "active": sum(1 for bound in form if not bound.is_hidden and request.GET.get(bound.html_name)),
    }


@register.inclusion_tag(PARTS + "table.html", takes_context=True)
def table(context, table):
    """A list: sticky head on the PC, cards on the phone, check boxes, row actions, pager, export buttons."""
    return take_along(context, table) | {"page": table.page, "body": list(table.body)}


@register.inclusion_tag(PARTS + "take_along.html", takes_context=True)
def take_along(context, table):
    """The export buttons alone, for a list with a layout of its own."""
    return {"table": table, "address": lists.address_of(context.get("request"), table)}


@register.inclusion_tag(PARTS + "pager.html")
def pager(page):
    """The line 显示 a 到 b，共 N 记录 with sizes, previous and next."""
    return {"page": page}


@register.inclusion_tag(PARTS + "empty.html")
def empty(sentence, hint="", label="", url="", icon="inbox", how="link"):
    """The text of an empty list: the reason and the next step."""
    return {"sentence": sentence, "hint": hint, "label": label, "url": url, "icon": icon, "how": how}


@register.inclusion_tag(PARTS + "kpi.html")
def kpi(label, value, unit="", hint="", icon="", href="", tone=""):
    """One figure with a link to its details."""
    return {"label": label, "value": value, "unit": unit, "hint": hint, "icon": icon, "href": href, "tone": tone}


@register.inclusion_tag(PARTS + "timeline.html")
def timeline(entries):
    """Events, newest first. An entry has at, sentence and may have by, tone, icon, note."""
    return {"entries": [_timeline_entry(entry) for entry in entries]}


@register.inclusion_tag(PARTS + "chain.html")
def chain(nodes):
    """The participation chain as a tree. A node has label, kind, children and may have href, note, count."""
    return {"nodes": [_chain_node(node) for node in nodes]}


@register.inclusion_tag(PARTS + "refusals.html", takes_context=True)
def refusals(context, items, buttons=None):
    """All refusals with code, responsible role and next step. buttons: {code: (label, url)}; else the registered page
    of the code (web/next_steps.py)."""
    buttons, actor = buttons or {}, context.get("actor")
    shown = [(item, *(buttons.get(item.code) or next_steps.step_for(actor, item.code))) for item in items]
    return {"items": shown, "codes": _shows_codes(context)}


@register.inclusion_tag(PARTS + "verdict.html", takes_context=True)
def verdict(context, tone, title, name="", note="", portrait="", items=(), say="", at=None):
    """The result at the gate: ok, warn or stop, by colour, shape, sound and portrait; `at` is printed large."""
    shape = {"ok": "check", "warn": "alert-triangle", "stop": "hand-stop"}[tone]
    spoken = say or "，".join(part for part in (name, title) if part)
    return {
        "tone": tone,
        "shape": shape,
        "title": title,
        "name": name,
        "note": note,
        "portrait": portrait,
        "items": items,
        "say": spoken,
        "at": at,
        "actor": context.get("actor"),
    }


@register.inclusion_tag(PARTS + "qr_panel.html")
def qr_panel(image, title, refresh="", seconds=0, note="", say=""):
    """A QR code; with `seconds` it counts down and reloads `refresh`."""
    return {"image": image, "title": title, "refresh": refresh, "seconds": seconds, "note": note, "say": say}


@register.inclusion_tag(PARTS + "scanner.html")
def scanner(url, title="扫描二维码", field="code", once=False):
    """A camera that posts each new code to `url`; a hardware scanner types into the same field."""
    return {"url": url, "title": title, "field": field, "once": once}


@register.inclusion_tag(PARTS + "progress.html")
def progress(value, maximum, label, note=""):
    """Progress as number, bar and words."""
    return {"value": value, "maximum": maximum, "label": label, "note": note}


@register.inclusion_tag(PARTS + "month.html")
def month(year, month, days, previous="", following=""):
    """A month of days: `days` maps a date to (tone, short word, address)."""
    return {
        "weeks": calendar.weeks(year, month, days),
        "year": year,
        "month": month,
        "previous": previous,
        "following": following,
    }


@register.filter
def get(mapping, key):
    """mapping[key], or ""."""
    return mapping.get(key, "")


@cache
def _decoration(name):
    return format_html(
        '<svg class="ico" aria-hidden="true"><use href="{}#{}"/></svg>', static("vendor/icons.svg"), name
    )


def _address(target):
    """A path unchanged, a URL name through reverse."""
    try:
        return target if str(target).startswith("/") else reverse(target)
    except NoReverseMatch:
        return ""


def _open_to(actor, address):
    """The address, or "" when the actor may not open its page."""
    return address if actor is None or may_open(actor, address) else ""


def _shows_codes(context) -> bool:
    """Staff see the code of a refusal; a worker sees the sentence and the next step."""
    actor = context.get("actor")
    return actor is None or actor.door != Door.PERSON


def _timeline_entry(entry):
    return {name: _read(entry, name) for name in ("at", "sentence", "by", "tone", "icon", "note")}


def _chain_node(node):
    row = {name: _read(node, name) for name in ("label", "kind", "href", "note", "count")}
    return row | {"children": [_chain_node(child) for child in _read(node, "children") or ()]}


def _read(thing, name):
    value = thing.get(name, "") if isinstance(thing, dict) else getattr(thing, name, "")
    return "" if value is None else value
