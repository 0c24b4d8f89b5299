"""Write values into the inputs of a printed page, whatever view and template made it."""

from html import escape
from html.parser import HTMLParser

UNTOUCHED = ("password", "file", "submit", "button", "image", "reset")
VERSIONS = ("version", "seen")  # an old version stays old: what others changed meanwhile is refused with R-43
Values = dict[str, list[str]]


def refilled(page: str, values: Values, sentence: str) -> str:
    """The page with the values in the form that has most of these names, and the sentence above it.

    Without such a form the page is returned as it is.
    """
    forms = _Forms()
    forms.feed(page)
    common = [len(names & values.keys()) for names in forms.names]
    if not any(common):
        return page
    filling = _Filling(common.index(max(common)), values, sentence)
    filling.feed(page)
    filling.close()
    return "".join(filling.out)


class _Forms(HTMLParser):
    """The names of the inputs of every form that is posted, in the order of the page."""

    def __init__(self):
        super().__init__()
        self.names: list[set[str]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.names.append(set())
            self.posted = (given.get("method") or "").lower() == "post"
        elif tag in ("input", "select", "textarea") and self.names and self.posted and given.get("type") != "hidden":
            self.names[-1].add(given.get("name") or "")


class _Filling(HTMLParser):
    """The page again, with the inputs of one form filled."""

    def __init__(self, number: int, values: Values, sentence: str):
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.number, self.values, self.sentence = number, values, sentence
        self.seen, self.inside, self.select, self.replaces = -1, False, "", False

    def handle_starttag(self, tag, attrs):
        given, raw = dict(attrs), self.get_starttag_text()
        if tag == "form":
            self.seen += 1
            self.inside = self.seen == self.number
            note = f'<p class="toast-line toast-line--warning" role="alert">{escape(self.sentence)}</p>'
            raw = note + raw if self.inside else raw
        elif self.inside:
            raw = self._filled(tag, given, raw)
        self.out.append(raw)

    def handle_startendtag(self, tag, attrs):
        given, raw = dict(attrs), self.get_starttag_text()
        self.out.append(self._filled(tag, given, raw) if self.inside else raw)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.replaces = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data):
        if not self.replaces:
            self.out.append(data)

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")

    def handle_comment(self, data):
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.out.append(f"<!{decl}>")

    def _filled(self, tag: str, given: dict, raw: str) -> str:
        name = given.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select in self.values:
            return _tag(tag, given, selected=given.get("value") in self.values[self.select])
        elif tag == "textarea" and name in self.values:
            self.replaces = True
            return raw + escape(self.values[name][0])
        elif tag == "input":
            return self._filled_input(name, given, raw)
        return raw

    def _filled_input(self, name: str, given: dict, raw: str) -> str:
        kind = (given.get("type") or "text").lower()
        if kind == "checkbox":
            return _tag("input", given, checked=(given.get("value") or "on") in self.values.get(name, ()))
        if name not in self.values or kind in UNTOUCHED or (kind == "hidden" and name not in VERSIONS):
            return raw
        if kind == "radio":
            return _tag("input", given, checked=given.get("value") in self.values[name])
        return _tag("input", given | {"value": self.values[name][0]})


def _tag(tag: str, given: dict, **switches: bool) -> str:
    """The start tag with these attributes; a switch such as `checked` has no value."""
    kept = {name: value for name, value in given.items() if name not in switches}
    parts = [name if value is None else f'{name}="{escape(value)}"' for name, value in kept.items()]
    return f"<{' '.join([tag, *parts, *(name for name, on in switches.items() if on)])}>"
