from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from shiming.core.doors import public
from shiming.web.sealing import seal

KEPT_OPEN = ("size", "sort")
NOT_FIELDS = ("csrfmiddlewaretoken", "next", *KEPT_OPEN)


def server_error(request):
    """The page of last resort: it asks nothing of the database and tells the number under which the log has it."""
    return render(None, "500.html", {"request_id": getattr(request, "id", "")}, status=500)


@public(methods=("POST",))
def seal_filter(request):
    """POST /_filters/ — 查询: seals what was typed and goes back to the list. It stores and looks up nothing."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    parts = [f"{name}={request.POST[name]}" for name in KEPT_OPEN if request.POST.get(name, "").strip("-_").isalnum()]
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_FIELDS}
    fields = {name: values for name, values in fields.items() if any(values)}
    if fields:
        parts.append(f"f={seal(fields, purpose='filter')}")
    return redirect(target.partition("?")[0] + ("?" + "&".join(parts) if parts else ""))
