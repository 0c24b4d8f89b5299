"""The documents agree with the code."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_table_of_settings_matches_the_code():
    table = runpy.run_path(str(ROOT / "scripts" / "settings-table"))["table"]
    assert (ROOT / "docs" / "settings.md").read_text() == table(), "run scripts/settings-table"


def test_every_link_of_the_documents_works():
    missing = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert missing == []


def test_glossary_names_every_module():
    words = (ROOT / "docs" / "glossary.md").read_text()
    modules = [path.parent.name for path in ROOT.glob("shiming/*/models.py")]
    assert [name for name in modules if f"`{name}`" not in words] == []


def test_every_test_named_in_security_exists():
    page = (ROOT / "docs" / "security.md").read_text()
    files = [path for path in ROOT.glob("**/test_*.py") if ".venv" not in path.parts]
    written = "\n".join(path.read_text() for path in files)
    named = re.findall(r"`((?:[a-z_]+/)*test_[a-z_0-9]+(?:\.py)?)", page)
    missing = [
        name
        for name in named
        if not (any(path.match(name) for path in files) if name.endswith(".py") else f"def {name}" in written)
    ]
    assert len(named) > 40 and missing == []
