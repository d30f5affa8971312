"""What README and CONTRIBUTING tell people to type exists, and no text names a registry or somebody's machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.meta.repository import ROOT, files, name

DOCUMENTS: Final = ("README.md", "CONTRIBUTING.md")
_LOCKS: Final = frozenset({"requirements.lock", "requirements-dev.lock"})
# Written in parts, so that this file does not contain what it looks for.
_REGISTRIES: Final = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def documents() -> dict[str, str]:
    paths = [ROOT / document for document in DOCUMENTS]
    return {path.name: path.read_text(encoding="utf-8") for path in paths if path.exists()}


def commands(text: str) -> str:
    """What stands in code: fenced or between backticks."""
    return "\n".join([*re.findall(r"```.*?```", text, re.DOTALL), *re.findall(r"`[^`\n]+`", text)])


def texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in files():
        try:
            found[name(path)] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
    return found


def test_every_make_target_that_is_mentioned_exists() -> None:
    for document, text in documents().items():
        mentioned = set(re.findall(r"\bmake ([a-z-]+)", commands(text)))
        assert mentioned, f"{document} names no command"
        assert mentioned - targets() == set(), document
        assert document != "README.md" or {"sandbox", "test"} <= mentioned


def test_every_module_that_is_mentioned_can_be_run() -> None:
    for text in documents().values():
        for module in re.findall(r"python -m ((?:bot|sandbox|benchmarks|catalogues)[a-z_.]*)", commands(text)):
            path = ROOT.joinpath(*module.split("."))
            assert (path / "__main__.py").exists() or path.with_suffix(".py").exists(), module


def test_every_file_that_is_linked_exists() -> None:
    for document, text in documents().items():
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if not re.match(r"[a-z]+:", link):
                assert (ROOT / link).exists(), f"{document} links {link}"


def test_the_makefile_lists_its_targets() -> None:
    assert {"setup", "sandbox", "run", "test", "check", "fmt"} <= targets()


def test_no_text_names_a_registry() -> None:
    naming = [document for document, text in texts().items() if any(registry in text for registry in _REGISTRIES)]
    assert naming == []


def test_no_text_names_a_folder_of_this_machine() -> None:
    # Whoever wrote such a path down has it on their own machine, and there this test fails.
    folders = [f"{folder}/" for folder in (Path.home(), ROOT, ROOT.parent) if folder.name]
    patterns = [re.compile(rf"(?<![\w.~-]){re.escape(folder)}") for folder in folders if folder.count("/") > 1]
    assert patterns
    naming = [document for document, text in texts().items() if any(pattern.search(text) for pattern in patterns)]
    assert naming == []


def test_there_are_texts_to_look_at() -> None:
    found = texts()
    assert "Makefile" in found
    assert name(Path(__file__)) in found
    assert found.keys() >= _LOCKS
