"""No text can become a link, a style or an action: found in the syntax tree, so that no spelling hides a call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCREENS = sorted((Path(__file__).parents[2] / "octomil_tui" / "ui").rglob("*.py"))

PARSERS = frozenset(
    [
        "Static",
        "Label",
        "Markdown",
        "MarkdownViewer",
        "RichLog",
        "Log",
        "OptionList",
        "SelectionList",
        "DataTable",
        "Tree",
        "DirectoryTree",
        "Button",
        "Checkbox",
        "RadioButton",
        "RadioSet",
        "Select",
        "Switch",
        "TabbedContent",
        "Tabs",
        "Tab",
        "Collapsible",
        "Digits",
        "Pretty",
        "Link",
        "Tooltip",
        "Header",
        "Footer",
        "from_markup",
        "render_markup",
        "visualize",
    ]
)
"""What reads markup out of the text that it is given, or shows text that nothing made safe."""

TITLES = frozenset({"border_title", "border_subtitle", "tooltip", "title", "sub_title"})
"""Attributes whose text is parsed."""


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def parses_markup(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called(node) in PARSERS


def notifies_with_markup(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or called(node) != "notify":
        return False
    given = {word.arg: word.value for word in node.keywords}
    markup = given.get("markup")
    return not (isinstance(markup, ast.Constant) and markup.value is False)


def turns_markup_on(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg == "markup" and ast.unparse(node.value) != "False"


def updates_with_text(node: ast.AST) -> bool:
    """Say whether a widget is given text by `update`; a dictionary is given no text."""
    return (
        isinstance(node, ast.Call)
        and called(node) == "update"
        and any(
            isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
            for one in node.args
        )
    )


def sets_a_title(node: ast.AST) -> bool:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return any(isinstance(one, ast.Attribute) and one.attr in TITLES for one in targets)


def prints_with_style(node: ast.AST) -> bool:
    """Say whether Rich prints: its `print` and its console read markup."""
    if isinstance(node, ast.ImportFrom) and node.module in ("rich", "rich.console"):
        return any(name.name in ("print", "Console") for name in node.names)
    return False


def links(node: ast.AST) -> bool:
    """Say whether a style with a link or an action is made; `@click` in text does nothing, in a style it runs."""
    return (isinstance(node, ast.keyword) and node.arg in ("link", "meta")) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and "@click" in node.value
    )


RULES = (
    parses_markup,
    notifies_with_markup,
    turns_markup_on,
    updates_with_text,
    sets_a_title,
    prints_with_style,
    links,
)


def broken(rule: Callable[[ast.AST], bool], path: Path, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if rule(node):
            yield f"{path.name}:{getattr(node, 'lineno', 0)}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_screen_parses_text_as_markup(rule: Callable[[ast.AST], bool]) -> None:
    assert SCREENS
    assert [found for path in SCREENS for found in broken(rule, path, path.read_text())] == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (parses_markup, "widgets.Static(name)"),
        (parses_markup, "Content.from_markup(name)"),
        (notifies_with_markup, "self.app.notify(name)"),
        (notifies_with_markup, "self.notify(name, markup=True)"),
        (notifies_with_markup, "self.notify(name, markup=is_on)"),
        (turns_markup_on, "Thing(name, markup=True)"),
        (updates_with_text, "pane.update(f'{name}')"),
        (sets_a_title, "self.border_title = name"),
        (prints_with_style, "from rich import print"),
        (links, "Style(meta={'@click': 'x'})"),
    ],
)
def test_the_rules_find_what_they_are_for(rule: Callable[[ast.AST], bool], text: str) -> None:
    assert list(broken(rule, Path("made_up.py"), text))
