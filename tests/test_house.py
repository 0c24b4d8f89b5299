"""Rules checked over all modules at once, so that no review has to remember them."""

import ast
import os
import re
from dataclasses import fields
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver

from shiming.core.actor import Role
from shiming.core.privacy import SecretField
from shiming.core.refusals import REFUSALS
from shiming.people.models import EMPLOYED_STATES
from shiming.projects.policies import Policy

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "shiming"
# A module may import those before it, never those after it (docs/architecture.md).
ORDER = (
    *("runtime", "core", "web", "dictionaries", "imports", "outbox", "idcard", "people", "companies", "projects"),
    *(
        "employment",
        "attachments",
        "bulletins",
        "assignment",
        "admission",
        "safety",
        "credentials",
        "restrictions",
        "presence",
        "desk",
        "binding",
        "health",
        "attendance",
        "faces",
        "ledgers",
    ),
    *("inbox", "oversight", "devices", "evidence"),
    *("accounts", "administration", "api", "demo", "config", "cli"),
)
# Every module may refer to the account; the commands of accounts stay in their own module.
SHARED = {"shiming.accounts.models"}
TYPED = re.compile("姓名|身份证|证件号|手机|^人员$|^联系电话$")
OTHERS = re.compile("后四位")
OFFICE_PHONES = {f"shiming.companies.forms.{form}.phone" for form in ("CompanyForm", "OwnCompanyForm")}
OURS = [model for model in apps.get_models() if model.__module__.startswith("shiming.")]
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
SERVED = [path for path in SOURCES if "tests" not in path.relative_to(PACKAGE).parts]


def routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


@pytest.mark.parametrize(("route", "entry"), [pytest.param(*item, id=item[0] or "/") for item in routes()])
def test_every_route_names_its_door_and_roles(route, entry):
    view = entry.callback
    surface = getattr(view, "surface", None)
    assert surface in {"console", "mobile", "account", "public", "api"}, f"{route} names no door"
    if surface in ("console", "mobile"):
        assert view.roles and set(view.roles) <= set(Role)
    assert entry.name, f"{route} has no name"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_declared_plain_or_private(model):
    fields = {field.name for field in model._meta.fields if not isinstance(field, SecretField)} - {"pk"}
    plain, private = set(model.PLAIN), set(model.PRIVATE)
    assert (fields - plain - private, plain & private, (plain | private) - fields) == (set(), set(), set())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_numbers_of_persons_are_stored_as_secrets(model):
    telling = re.compile(r"(id_number|phone|bank_card)$")
    plain = [
        field.name for field in model._meta.fields if telling.search(field.name) and not isinstance(field, SecretField)
    ]
    # the office phone of a company is no personal data
    assert plain == (["phone"] if model._meta.label == "companies.Company" else [])


def imports_of(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("module", ORDER)
def test_module_imports_only_earlier_modules(module):
    below = set(ORDER[ORDER.index(module) + 1 :])
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in SOURCES
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") == module
        and "tests" not in path.relative_to(PACKAGE).parts
        for name in imports_of(path)
        if name.startswith("shiming.") and name.split(".")[1] in below and name not in SHARED
    ]
    assert wrong == []


def test_order_names_every_module():
    found = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} | {"cli"}
    assert found == set(ORDER)


def test_files_have_no_import_cycle():
    names = {".".join(("shiming", *path.relative_to(PACKAGE).with_suffix("").parts)): path for path in SERVED}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    imports = {name: _imported(path, names) - {name} for name, path in names.items()}
    while free := {name for name, others in imports.items() if not others & imports.keys()}:
        imports = {name: others for name, others in imports.items() if name not in free}
    assert sorted(imports) == []


def _imported(path: Path, names: dict) -> set[str]:
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    found = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
    return {name if name in names else name.rpartition(".")[0] for name in found} & names.keys()


def test_core_is_small_without_excel_and_pages():
    sources = [path for path in SERVED if path.relative_to(PACKAGE).parts[0] == "core"]
    assert sum(len(path.read_text().splitlines()) for path in sources) <= 2_600
    drawn = [path.name for path in sources for name in imports_of(path) if name in ("openpyxl", "python_calamine")]
    assert drawn + [path.name for path in (PACKAGE / "core").rglob("*.html")] == []


FLOW_CODES = re.compile(r"site_direct|two_tier|audit_bind|invite_scan|SITE_DIRECT|TWO_TIER|AUDIT_BIND|INVITE_SCAN")
NAMES_FLOWS = ("projects/policies.py", "demo/")


def test_flow_codes_stand_in_policy_table_and_demo():
    wrong = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in (*SOURCES, *PACKAGE.rglob("*.html"), *PACKAGE.rglob("static/**/*.js"))
        if not str(path.relative_to(PACKAGE)).startswith(NAMES_FLOWS) and "tests" not in path.relative_to(PACKAGE).parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if FLOW_CODES.search(line)
    ]
    assert wrong == []


@pytest.mark.parametrize("field", [field.name for field in fields(Policy)])
def test_policy_field_is_read_by_the_product(field):
    readers = [
        path
        for path in SOURCES
        if "tests" not in path.relative_to(PACKAGE).parts and path != PACKAGE / "projects" / "policies.py"
        if re.search(rf"\.{field}\b", path.read_text())
    ]
    assert readers, f"nothing reads {field}"


def test_only_commands_write():
    """Only commands and their helpers save and delete, never pages, queries or rules."""
    writes = re.compile(r"\.(save|delete|bulk_create|bulk_update|update_or_create|get_or_create)\(|objects\.create\(")
    names = {"console.py", "mobile.py", "queries.py", "rules.py", "forms.py", "urls.py", "api.py"}
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if path.name in names or {"console", "mobile", "queries"} & set(path.parts)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if writes.search(line) and "form.save" not in line
    ]
    assert wrong == []


def test_only_commands_read_plain_secrets():
    """`.plain` belongs to commands that reveal, encrypt, send or compare."""
    allowed = {
        "commands",
        "privacy",
        "models",
        "authority",
        "approval",
        "authenticators",
        "providers",
        "exchange",
        "demo",
        "invented",
    }
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if not allowed & {*path.parts, path.stem} and "tests" not in path.relative_to(PACKAGE).parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.plain\b", line) and not line.lstrip().startswith(("#", '"""'))
    ]
    assert wrong == []


def test_every_refusal_has_contact_and_next_step():
    spoken = {code: [str(part) for part in entry] for code, entry in REFUSALS.items()}
    assert [code for code, parts in spoken.items() if not all(parts)] == []
    assert {f"R-{number:02d}" for number in range(1, 49)} <= set(spoken)


CODE_IN_SENTENCE = re.compile(r"(?s)[^\x00-\x7f].*\b[A-Z]-\d\d\b|\b[A-Z]-\d\d\b.*[^\x00-\x7f]", re.ASCII)
CODE_PATTERN = re.compile(r"[A-Z]\]?-(\\d|\[0-9)")
# The API's descriptions name codes for the developers of its clients.
PRINTS_CODES = {"core/refusals.py", "api/service.py", "api/bodies.py", "api/schemas.py"}


def texts_of(path: Path):
    """Every string of a file with its line, without docstrings."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in ast.walk(tree) if isinstance(node, documented) and node.body]
    docstrings = {id(statement.value) for statement in first if isinstance(statement, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_codes_of_refusals_stand_in_no_text():
    """A refusal is a value that core/refusals.py prints, so no code stands in a sentence or in a search pattern."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in SOURCES
        if "tests" not in path.parts and str(path.relative_to(PACKAGE)) not in PRINTS_CODES
        for line, text in texts_of(path)
        if CODE_IN_SENTENCE.search(text) or CODE_PATTERN.search(text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("手机号应为 11 位（R-13）", True),
        ("（R-13）", True),
        ("R-05：未离职", True),
        (r"（(R-\d\d)）", True),
        ("[A-Z]-[0-9]{2}", True),
        ("R-05", False),
        ("手机号应为 11 位", False),
        ("entered A-1 2020-01-01", False),
    ],
)
def test_check_of_codes_finds_what_it_should(text, wrong):
    assert bool(CODE_IN_SENTENCE.search(text) or CODE_PATTERN.search(text)) is wrong


def test_sentences_of_refusals_are_written_once():
    sentences = [str(entry.sentence) for entry in REFUSALS.values() if "{" not in str(entry.sentence)]
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in SOURCES
        if "tests" not in path.parts and path != PACKAGE / "core" / "refusals.py"
        for line, text in texts_of(path)
        if text in sentences
    ]
    assert wrong == []


def test_unknown_template_variable_fails():
    with pytest.raises(Exception, match="nobody_set_this"):
        engines["django"].from_string("{{ nobody_set_this }}").render({})


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_script_and_no_style(path):
    text = path.read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=\"|\sstyle=\"|\|safe\b", text) == []


WIDEST = {".py": 120, ".html": 120, ".js": 120, ".sh": 120, ".typ": 120, "": 120, ".css": 100}
NOT_WRITTEN_HERE = {".git", ".venv", "build", "migrations", "vendor"}


def ours_to_read() -> list[Path]:
    """The source files for readers; of the files without a suffix, the scripts."""
    found = []
    for place, folders, names in os.walk(ROOT):
        folders[:] = set(folders) - NOT_WRITTEN_HERE
        found += [path for name in names if (path := Path(place, name)).suffix in WIDEST]
    return sorted(path for path in found if path.suffix or path.parent == ROOT / "scripts")


def test_no_line_is_too_long():
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in ours_to_read()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if len(line) > WIDEST[path.suffix]
    ]
    assert wrong == []


# Texts never become code or markup, and some formats are never read (security.md 45, 46, 47, 49).
NEVER_CALLED = {"raw", "RawSQL", "extra", "mark_safe", "eval", "exec"}
NEVER_IMPORTED = {"pickle", "marshal", "shelve", "yaml", "xml", "lxml", "requests", "urllib3"}
MAKES_ROLES = PACKAGE / "runtime" / "bootstrap.py"  # runs before any request, with constant names


@pytest.mark.parametrize("path", SERVED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_text_becomes_sql_code_or_markup(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = {id(call): getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
    wrong = [f"{call.lineno}: {named[id(call)]}()" for call in calls if named[id(call)] in NEVER_CALLED]
    wrong += [
        f"{call.lineno}: a statement put together"
        for call in calls
        if named[id(call)] == "execute" and path != MAKES_ROLES
        if call.args and isinstance(call.args[0], (ast.BinOp, ast.Call, ast.JoinedStr))
    ]
    wrong += [f"imports {name}" for name in imports_of(path) if name.split(".")[0] in NEVER_IMPORTED]
    assert wrong == []


def test_only_core_limits_counts_and_locks_per_user():
    """One definition for "at most N in a window": no module locks or refuses by its own code."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "tests" not in path.relative_to(PACKAGE).parts and "core" not in path.parts
        if re.search(r"pg_advisory_xact_lock|\b(class|raise) TooMany\b", path.read_text())
    ]
    assert wrong == []


NAMES_EMPLOYED_STATES = {"people/models.py", "presence/eligibility.py"}


def test_employed_states_are_listed_once():
    listed = re.compile(r"\W+(?:\w+\.)?".join(EMPLOYED_STATES).replace(r"\W", r"[\"'\s,]"), re.IGNORECASE)
    found = {str(path.relative_to(PACKAGE)) for path in SERVED if listed.search(path.read_text())}

    assert found <= NAMES_EMPLOYED_STATES
    # The statement of the gate is text and names the same states.
    assert f"e.status IN {EMPLOYED_STATES}" in (PACKAGE / "presence" / "eligibility.py").read_text()


def test_only_age_on_computes_an_age():
    by_hand = re.compile(r"\.year\s*-\s*[\w.]+\.year\b|\.days\s*//\s*365")
    found = {str(path.relative_to(PACKAGE)) for path in SERVED if by_hand.search(path.read_text())}
    assert found == {"idcard/number.py"}


def test_phone_pattern_stands_once():
    by_hand = re.compile(r"1(?:\\d|\[0-9\])\{10\}|1\[3-9\]|len\(\w+\) [!=]= 11\b")
    found = {str(path.relative_to(PACKAGE)) for path in SERVED if by_hand.search(path.read_text())}
    assert found == {"web/cleaning.py"}


def test_hand_written_sql_is_read_by_name():
    """A plain cursor is for statements without rows, or with one value. `runtime` has no Django and reads none."""
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in SERVED
        if path != PACKAGE / "core" / "prepared_statements.py" and "runtime" not in path.parts
        for name in re.findall(r"fetchall\(|fetchmany\(|fetchone\(\)(?!\[0\])", path.read_text())
    ]
    assert wrong == []


def test_typed_numbers_names_and_phones_use_one_field():
    """Cleaning belongs to the value (domain.md §7.1): no form has a field of its own for such text."""
    own = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _forms(forms.BaseForm)
        for name, field in form.base_fields.items()
        if type(field) is forms.CharField and not isinstance(field.widget, forms.Textarea)
        if TYPED.search(str(field.label)) and not OTHERS.search(str(field.label))
    }
    assert own - OFFICE_PHONES == set()


def test_filters_forgive_invisible_characters():
    own = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _forms(forms.BaseForm)
        if form.__name__.endswith(("Filter", "Filters"))
        for name, field in form.base_fields.items()
        if type(field) is forms.CharField
    ]
    assert own == []


def _forms(kind):
    get_resolver().url_patterns  # imports every form  # noqa: B018
    for form in kind.__subclasses__():
        if form.__module__.startswith("shiming.") and hasattr(form, "base_fields"):
            yield form
        yield from _forms(form)
