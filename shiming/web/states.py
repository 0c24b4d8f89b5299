"""Tone and icon of every state, so that no state is shown by colour alone."""

TONES = ("ok", "wait", "stop", "idle", "info", "alarm")

# state value → (tone, icon). Models share a value only where it means the same.
STATES = {
    # identity
    "verified": ("ok", "shield-check"),
    "unverified": ("idle", "circle-dashed"),
    "failed": ("stop", "circle-x"),
    "given_up": ("stop", "circle-x"),
    # employment
    "invited": ("wait", "mail"),
    "awaiting_identity": ("wait", "hourglass"),
    "withdrawn": ("idle", "arrow-back-up"),
    "declined": ("stop", "circle-x"),
    "active": ("ok", "circle-check"),
    "expired": ("idle", "clock-exclamation"),
    "leave_requested": ("wait", "door-exit"),
    "dismissal_pending": ("alarm", "clock-pause"),
    "ended": ("idle", "circle-minus"),
    "asked": ("wait", "mail"),
    "leaving": ("wait", "door-exit"),
    "stopped": ("idle", "circle-minus"),
    # assignment
    "draft": ("idle", "pencil"),
    "pending": ("wait", "clock"),
    "accepted": ("ok", "circle-check"),
    "rejected": ("stop", "circle-x"),
    "removed": ("idle", "trash"),
    "taken": ("ok", "circle-check"),
    "discarded": ("idle", "trash"),
    # presence and attendance
    "on_site": ("ok", "helmet"),
    "off_site": ("idle", "door-exit"),
    "not_entered": ("idle", "circle-dashed"),
    "complete": ("ok", "circle-check"),
    "missing_in": ("alarm", "login"),
    "missing_out": ("alarm", "logout"),
    "auto_closed": ("wait", "clock-pause"),
    "review": ("alarm", "help-circle"),
    "not_punched": ("alarm", "circle-dashed"),
    "in": ("ok", "helmet"),
    "out": ("idle", "door-exit"),
    "requested": ("wait", "clock"),
    "approved": ("ok", "circle-check"),
    "refused": ("stop", "circle-x"),
    "cancelled": ("idle", "arrow-back-up"),
    # faces and checks by hand
    "waiting": ("wait", "eye"),
    "same": ("ok", "user-check"),
    "different": ("stop", "user-x"),
    "dropped": ("idle", "arrow-back-up"),
    # inquiries of the authority
    "inquiry_sent": ("wait", "send"),
    "inquiry_answered": ("info", "message-circle"),
    "inquiry_closed": ("ok", "circle-check"),
    # entries on the restriction list, and the opinion of a second company
    "restricted": ("stop", "ban"),
    "lapsed": ("wait", "hourglass"),
    "appealed": ("alarm", "message-circle"),
    "lifted": ("ok", "circle-check"),
    "opinion_asked": ("wait", "mail"),
    "opinion_agreed": ("ok", "circle-check"),
    "opinion_declined": ("idle", "circle-x"),
    # projects, contracts, grants
    "under_construction": ("ok", "crane"),
    "building": ("ok", "crane"),
    "suspended": ("alarm", "player-pause"),
    "completed": ("idle", "flag"),
    "filed": ("ok", "file-text"),
    "finished": ("idle", "flag"),
    "revoked": ("stop", "ban"),
    "expiring": ("wait", "clock-exclamation"),
    "closed": ("idle", "ban"),
    # admission checks
    "scheduled": ("wait", "calendar"),
    # health records
    "clear": ("ok", "shield-check"),
    "isolate": ("stop", "hand-stop"),
    "suspected": ("alarm", "alert-triangle"),
    "confirmed": ("stop", "shield-x"),
    # attachments and certificates
    "uploading": ("wait", "upload"),
    "kept": ("ok", "circle-check"),
    # inbox, jobs, messages
    "open": ("wait", "inbox"),
    "answered": ("idle", "check"),
    "queued": ("wait", "clock"),
    "running": ("info", "refresh"),
    "sent": ("ok", "send"),
    "done": ("ok", "check"),
}
UNKNOWN = ("info", "circle")


def look(state) -> tuple[str, str]:
    """(tone, icon) of a state; a state outside the table is neutral and raises no error."""
    return STATES.get(str(state), UNKNOWN)
