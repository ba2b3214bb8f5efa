"""The rules of the house find what they are for."""

import textwrap

import pytest

from tools import lint


def reasons(source):
    return [text for _, text in lint._reasons(textwrap.dedent(source))]


@pytest.mark.parametrize(
    "line",
    [
        "record.sudo().name = 'x'",
        "self.env.cr.execute('SELECT 1')",
        "x = SQL('SELECT 1')",
    ],
)
def test_a_bare_call_needs_a_reason(line):
    word = "sudo" if "sudo" in line else "SQL"
    assert reasons(f"def act(self):\n    {line}\n")
    assert reasons(f"def act(self):\n    # why\n    {line}\n")
    assert not reasons(f"def act(self):\n    # {word}: why\n    {line}\n")
    assert not reasons(f"def act(self):\n    {line}  # {word}: why\n")


def test_a_reason_stands_right_at_the_call():
    text = "def f(self):\n    # sudo: {}\n{}    z = self.sudo()\n"
    assert not reasons(text.format("the token\n    # is\n    # the right", ""))
    assert not reasons(text.format("the token is the right", "    x = 1\n"))
    assert reasons(text.format("the token is the right", "    x = 1\n    y = 2\n"))
    assert reasons("# sudo: of another function\n\nx = 1\ny = record.sudo()\n")
    assert reasons("def f(self):\n    'Needs sudo.'\n    return self.sudo()\n")


def test_inside_a_statement_of_several_lines():
    assert not reasons("x = (\n    y\n    # sudo: why\n    .sudo()\n)\n")


def test_rights_that_are_given_up_need_no_reason():
    assert not reasons("x = y.sudo(False)\n")
    assert reasons("x = y.sudo(z)\n")


def test_a_comment_inside_a_block_does_not_cover_its_head():
    assert reasons("if record.sudo():\n    # something else\n    pass\n")


def test_a_docstring_that_speaks_of_it():
    assert not reasons("def f():\n    'Raw SQL: it sums up.'\n    execute(1)\n")


def test_open_route():
    assert reasons("@route('/x', csrf=False)\ndef page(self):\n    pass\n")


def docstrings(source):
    return [text for _, text in lint._docstrings(textwrap.dedent(source))]


def lint_with_documented(source, name):
    return list(lint._docstrings(source, {name}))


def test_models_and_hooks_say_what_they_are():
    assert docstrings("class A(Model):\n    _name = 'a'\n")
    long = "        x = 1\n" * 9
    assert docstrings(f"class A(Model):\n    def _spoc_x(self):\n{long}")
    assert not docstrings(f"class A(Model):\n    def _x(self):\n{long}")
    assert not docstrings("class A(Model):\n    def _spoc_x(self):\n        return 1\n")
    head = "class A(Model):\n    def action_close(self):\n"
    assert docstrings(f"{head}        return 1\n")
    assert not docstrings(f"{head}        return super().action_close()\n")
    assert not lint_with_documented(f"{head}        return 1\n", "action_close")


@pytest.fixture
def checkout(tmp_path):
    addon = tmp_path / "addons" / "spoc_catalog"
    (addon / "tests").mkdir(parents=True)
    (addon / "__manifest__.py").write_text('{"version": "19.0.1.0.0"}\n')
    (addon / "tests" / "__init__.py").write_text("from . import test_seen\n")
    (addon / "tests" / "test_seen.py").write_text("")
    return tmp_path


def test_a_test_nobody_imports(checkout):
    assert not list(lint.imports_of_tests(checkout))
    (checkout / "addons/spoc_catalog/tests/test_lost.py").write_text("")
    assert list(lint.imports_of_tests(checkout)) == [
        "addons/spoc_catalog/tests/test_lost.py: never imported"
    ]


def test_javascript_tests_nobody_runs(checkout):
    addon = checkout / "addons" / "spoc_catalog"
    (addon / "static/tests").mkdir(parents=True)
    (addon / "static/tests/form.test.js").write_text("")
    assert len(list(lint.javascript_tests(checkout))) == 1
    (addon / "tests/test_seen.py").write_text("signal = '[HOOT] succeeded'\n")
    assert not list(lint.javascript_tests(checkout))


def test_a_floor_that_knows_one_above(checkout):
    path = checkout / "addons/spoc_catalog/model.py"
    path.write_text("from odoo.addons.spoc_kb import x\n")
    assert len(list(lint.floors(checkout))) == 1


def test_manifest(checkout):
    found = "\n".join(lint.manifests(checkout))
    assert "license" in found and "author" in found and "version" not in found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", "<odoo><a></odoo>\n"),
        ("a.csv", "id,name\nx,y,z\n"),
        ("a.js", "const x = 1; \n"),
        ("a.md", "no newline"),
    ],
)
def test_markup(checkout, name, text):
    (checkout / name).write_text(text)
    assert len(list(lint.markup(checkout))) == 1


def test_another_host(checkout):
    path = checkout / "addons/spoc_catalog/view.xml"
    path.write_text('<img src="https://cdn.somewhere.net/x.png"/>\n')
    assert list(lint.foreign(checkout))
    path.write_text('<a href="https://intranet.nordvik.example/x"/>\n')
    assert not list(lint.foreign(checkout))
