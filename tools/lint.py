"""Checks of the source text: style, syntax and the hard rules of the house."""

import ast
import csv
import io
import json
import re
import subprocess
import tokenize
from pathlib import Path
from xml.etree import ElementTree

from tools.report import failed, passed

# An addon knows itself and the floors below it
FLOORS = ("spoc_catalog", "spoc_kb", "spoc_helpdesk", "spoc_esm")
AUTHOR = "spoc contributors"
TEXT = {".py", ".xml", ".js", ".scss", ".css", ".csv", ".md", ".toml", ".po", ".pot"}
SKIPPED_FOLDERS = {".git", ".spoc", "__pycache__", "node_modules", "lib"}

# Text that belongs to someone's machine or workshop, not to the product
FOREIGN = (
    (r"/(?:opt/dev|work/(?:main|shared))\b", "path of one machine"),
    (r"\b(?:pypi\.(?:org|io)|pythonhosted\.(?:org)|npmjs\.(?:org|com))", "registry"),
    (r"\b(?:deb|security|snapshot|ftp)\.debian\.(?:org)", "registry"),
    (r"(?i)\b(?:chatgpt|claude|anthropic|openai)\b", "word from another workshop"),
    (r"\b(?:FIXME|XXX)\b", "unfinished work"),
)
LEFTOVERS = (
    (r"\bconsole\.log\(", "console.log"),
    (r"\bdebugger\b", "debugger"),
    (r"\b(?:test|describe)\.(?:only|debug)\(", "a test that hides the others"),
)
OUTSIDE = re.compile(
    r"""(?:src|href|action)=["']https?://(?![\w.-]*\.example\b)|url\(["']?https?://"""
)
# Readme fragments take the place of README.rst; a large model is split over files
UNWANTED = "missing-readme,consider-merging-classes-inherited"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Methods of the ORM, which documents them
ORM = {"copy_data", "create", "init", "read", "search", "unlink", "write"}
# A method of ours below so many lines needs no words beside its name
EXPLAINS_ITSELF = 9
SQL_CALLS = {"execute", "execute_query", "execute_query_dict", "executemany"}


def main_checks(root):
    """The checks that need nothing but the text: [Case]."""
    cases = []
    for rule in RULES:
        name = rule.__name__
        try:
            complaints = sorted(rule(root))
        except SyntaxError as error:
            complaints = [f"{error.filename}:{error.lineno}: {error.msg}"]
        text = "\n".join(complaints)
        cases.append(failed("lint", name, text) if text else passed("lint", name))
    return cases


def tool_checks(root, python):
    """The checks by tools of the development environment: [Case]."""
    folders = [
        str(folder.relative_to(root))
        for folder in (root / "addons", root / "tools", root / "tests")
        if folder.exists()
    ]
    addons = [str(path.relative_to(root)) for path in addon_folders(root)]
    jobs = {
        "ruff check": [python, "-m", "ruff", "check", "--no-cache", "."],
        "ruff format": [python, "-m", "ruff", "format", "--no-cache", "--diff", "."],
        "pylint-odoo": [python, "-m", "pylint", f"--disable={UNWANTED}", *addons],
        "javascript": [python, "-c", JAVASCRIPT, *folders],
    }
    if not addons:
        del jobs["pylint-odoo"]
    running = {
        name: subprocess.Popen(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, command in jobs.items()
    }
    cases = []
    for name, process in running.items():
        output, _ = process.communicate()
        if process.returncode:
            cases.append(failed("lint", name, output))
        else:
            cases.append(passed("lint", name))
    return cases


# Python's grammar comes with Python; JavaScript's comes from a parser package
JAVASCRIPT = r"""
import pathlib, sys
import tree_sitter, tree_sitter_javascript

language = tree_sitter.Language(tree_sitter_javascript.language())
parser = tree_sitter.Parser(language)
wrong = []
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).rglob("*.js")):
        nodes = [parser.parse(path.read_bytes()).root_node]
        while nodes:
            node = nodes.pop()
            if node.is_error or node.is_missing:
                wrong.append(f"{path}:{node.start_point[0] + 1}: syntax error")
                break
            nodes += [child for child in node.children if child.has_error]
print("\n".join(wrong))
sys.exit(bool(wrong))
"""


def addon_folders(root):
    return sorted(path.parent for path in root.glob("addons/*/__manifest__.py"))


def texts(folder, suffixes=TEXT):
    """Every text file under `folder` with its content."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix in suffixes and not SKIPPED_FOLDERS.intersection(parts):
            yield path, path.read_text("utf-8")


def house_rules(root):
    """sudo(), raw SQL and routes without CSRF say why; models and hooks say what."""
    sources = {
        path: source
        for addon in addon_folders(root)
        for path, source in texts(addon, {".py"})
        if "tests" not in path.parts and path.name != "__manifest__.py"
    }
    documented = {name for source in sources.values() for name in _documented(source)}
    for path, source in sources.items():
        where = path.relative_to(root)
        for line, complaint in _reasons(source):
            yield f"{where}:{line}: {complaint}"
        if {"models", "wizards"}.intersection(path.parts):
            for line, complaint in _docstrings(source, documented):
                yield f"{where}:{line}: {complaint}"


def _reasons(source):
    """Calls that need a reason and have none.

    A reason is a comment that names the thing (sudo, SQL, csrf): within the statement,
    or ending in the two lines above it. For SQL it may stand further up in the same
    function, or in the docstring of the function, class or module around it.
    """
    comments = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    tree = ast.parse(source)
    for statement, parents in _statements(tree, (tree,)):
        for node in _expressions(statement):
            if isinstance(node, ast.Call):
                need = _needs_reason(node)
                if need and not _is_explained(need, statement, parents, comments):
                    yield node.lineno, f"{need} without a comment that says why"
                    break


def _is_explained(need, statement, parents, comments):
    word = {"sudo()": "sudo", "raw SQL": "SQL", "csrf=False": "csrf"}[need]
    head = _head(statement)
    first = head.start
    while first in comments:
        first -= 1
    if word == "SQL":
        if any(word in (ast.get_docstring(node) or "") for node in parents):
            return True
        functions = [node.lineno for node in parents if isinstance(node, FUNCTIONS)]
        first = min([first, *functions])
    return any(word in comments.get(line, "") for line in range(first, head.stop))


def _needs_reason(call):
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "sudo" and not any(getattr(x, "value", 1) is False for x in call.args):
        return "sudo()"
    if name in SQL_CALLS or name == "SQL":
        return "raw SQL"
    if name == "route" and any(
        word.arg == "csrf" and getattr(word.value, "value", True) is False
        for word in call.keywords
    ):
        return "csrf=False"
    return ""


def _statements(tree, parents):
    """Statements with the module, classes and functions they stand in."""
    for node in ast.iter_child_nodes(tree):
        inner = (
            (*parents, node)
            if isinstance(node, (*FUNCTIONS, ast.ClassDef))
            else parents
        )
        if isinstance(node, ast.stmt):
            yield node, parents
        yield from _statements(node, inner)


def _head(statement):
    """The lines of a statement without the block it opens, and the two above."""
    nodes = [node for node in _expressions(statement) if hasattr(node, "lineno")]
    first = min(node.lineno for node in nodes)
    ends = [x.end_lineno for x in nodes if x is not statement or _flat(x)]
    last = max([statement.lineno, *ends])
    return range(first - 2, last + 1)


def _flat(statement):
    return not isinstance(getattr(statement, "body", None), list)


def _expressions(statement):
    """The nodes of a statement without those of the blocks it opens."""
    nodes = [statement]
    while nodes:
        node = nodes.pop()
        yield node
        nodes += [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt | ast.excepthandler)
        ]


def _documented(source):
    """Names of functions that have a docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTIONS) and ast.get_docstring(node):
            yield node.name


def _docstrings(source, documented=()):
    """Models and methods for others without a docstring.

    :param documented: names that have one somewhere: an extension need not repeat it
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        named = any(
            isinstance(line, ast.Assign)
            and getattr(line.targets[0], "id", "") == "_name"
            for line in node.body
        )
        if named and not ast.get_docstring(node):
            yield node.lineno, f"model {node.name} without a docstring"
        for method in node.body:
            if (
                isinstance(method, ast.FunctionDef)
                and method.name not in documented
                and _is_for_others(method)
            ):
                yield method.lineno, f"{node.name}.{method.name} without a docstring"


def _is_for_others(method):
    """A method others call or extend and that does not explain itself."""
    if ast.get_docstring(method) or method.name in ORM:
        return False
    if method.name.startswith("_"):
        length = method.end_lineno - method.lineno
        if not method.name.startswith("_spoc_") or length < EXPLAINS_ITSELF:
            return False
    calls = [node.func for node in ast.walk(method) if isinstance(node, ast.Call)]
    return not any(getattr(call, "id", "") == "super" for call in calls)


def manifests(root):
    """Keys of the manifest; every data file is loaded, every loaded file is there."""
    for addon in addon_folders(root):
        manifest = ast.literal_eval((addon / "__manifest__.py").read_text("utf-8"))
        where = f"{addon.relative_to(root)}/__manifest__.py"
        if not re.fullmatch(r"19\.0(\.\d+){3}", manifest.get("version", "")):
            yield f"{where}: version is not 19.0.x.y.z"
        if manifest.get("license") != "LGPL-3":
            yield f"{where}: license is not LGPL-3"
        if manifest.get("author") != AUTHOR:
            yield f"{where}: author is not {AUTHOR!r}"
        listed = [*manifest.get("data", []), *manifest.get("demo", [])]
        for name in listed:
            if not (addon / name).is_file():
                yield f"{where}: {name} does not exist"
        for folder in ("data", "demo", "report", "security", "views", "wizards"):
            for path in sorted((addon / folder).rglob("*")):
                name = path.relative_to(addon).as_posix()
                if path.suffix in (".xml", ".csv") and name not in listed:
                    yield f"{where}: {name} is never loaded"
        if addon.name in FLOORS and not (addon / "pyproject.toml").is_file():
            yield f"{addon.relative_to(root)}: no pyproject.toml"


def markup(root):
    """XML, JSON and CSV can be read; lines end as they should."""
    for path, source in texts(root, TEXT | {".json", ".svg", ".yaml", ".yml"}):
        where = path.relative_to(root)
        problem = _unreadable(path.suffix, source)
        if problem:
            yield f"{where}: {problem}"
        if "\r" in source:
            yield f"{where}: carriage returns"
        if source and not source.endswith("\n"):
            yield f"{where}: no newline at the end"
        if path.suffix in (".po", ".pot", ".py"):
            continue
        for number, line in enumerate(source.splitlines(), 1):
            if line != line.rstrip():
                yield f"{where}:{number}: blanks at the end of the line"


def _unreadable(suffix, source):
    try:
        if suffix in (".xml", ".svg"):
            ElementTree.fromstring(source)
        elif suffix == ".json":
            json.loads(source)
        elif suffix == ".csv":
            rows = list(csv.reader(io.StringIO(source), strict=True))
            if any(row and len(row) != len(rows[0]) for row in rows):
                return "rows of different length"
    except (ElementTree.ParseError, ValueError, csv.Error) as problem:
        return str(problem)
    return ""


def imports_of_tests(root):
    """A module nobody imports is a test that never runs or a model nobody has."""
    for addon in addon_folders(root):
        for folder in ("tests", "models", "wizards", "controllers", "report"):
            package = addon / folder
            pattern = "test_*.py" if folder == "tests" else "*.py"
            modules = {path.stem for path in package.glob(pattern)} - {"__init__"}
            if not modules:
                continue
            inits = [package / "__init__.py"]
            if folder != "tests":
                # a helper is imported by its neighbours or by a floor above
                inits = (root / "addons").rglob("*.py")
            imported = set()
            for path in filter(Path.exists, inits):
                for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if isinstance(node, ast.ImportFrom | ast.Import):
                        imported |= {name.name for name in node.names}
                        module = getattr(node, "module", None) or ""
                        imported.add(module.rpartition(".")[2])
            for name in sorted(modules - imported):
                yield f"{package.relative_to(root)}/{name}.py: never imported"


def javascript_tests(root):
    """Unit tests in JavaScript run only if a test of the addon starts them."""
    for addon in addon_folders(root):
        if not any(addon.glob("static/tests/**/*.test.js")):
            continue
        tests = (path.read_text("utf-8") for path in addon.glob("tests/*.py"))
        if not any("[HOOT]" in text for text in tests):
            yield f"{addon.relative_to(root)}: no test runs its *.test.js"


def floors(root):
    """A floor knows only the floors below it."""
    for level, name in enumerate(FLOORS):
        folder = root / "addons" / name
        above = "|".join(FLOORS[level + 1 :])
        if not folder.exists() or not above:
            continue
        for path, source in texts(folder, {".py", ".xml", ".js", ".csv", ".scss"}):
            for number, line in enumerate(source.splitlines(), 1):
                if re.search(rf"\b(?:{above})\b", line):
                    yield f"{path.relative_to(root)}:{number}: knows a floor above"


def foreign(root):
    """Nothing of anyone's machine, no other host, nothing left over."""
    for path, source in texts(root, TEXT | {".sh", ".svg", ".html", ".lock", ".in"}):
        where = path.relative_to(root)
        if where.as_posix() == "tools/lint.py":
            continue
        rules = FOREIGN + (LEFTOVERS if path.suffix == ".js" else ())
        product = where.parts[0] == "addons"
        for number, line in enumerate(source.splitlines(), 1):
            for pattern, what in rules:
                if re.search(pattern, line):
                    yield f"{where}:{number}: {what}"
            if product and path.suffix in (".xml", ".scss", ".css", ".js"):
                if OUTSIDE.search(line):
                    yield f"{where}:{number}: request to another host"
            if product and path.suffix == ".py" and re.match(r"\s*print\(", line):
                yield f"{where}:{number}: print()"


RULES = (
    house_rules,
    manifests,
    markup,
    imports_of_tests,
    javascript_tests,
    floors,
    foreign,
)
