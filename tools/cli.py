"""The command line: one table of subcommands, each a function that takes arguments."""

import importlib
import os
import sys

from .base import Problem, say, terminate_on_signals

COMMANDS = (
    ("run", "set up what is missing and serve the demo company", "tools.run:main"),
    ("stop", "stop the server of this checkout", "tools.run:stop"),
    ("test", "run the tests", "tools.testing:main"),
    ("bench", "measure against the peers", "tools.bench:main"),
    ("shell", "Python with Odoo's environment (env)", "tools.commands:shell"),
    ("odoo", "any Odoo command: ./spoc odoo i18n export ...", "tools.commands:odoo"),
    ("setup", "fetch and build everything, start nothing", "tools.commands:setup"),
    ("doctor", "tell what is missing or wrong and how to mend it", "tools.doctor:main"),
    ("reset", "delete the database and files of this checkout", "tools.reset:main"),
    ("i18n", "renew the translation files", "tools.translations:main"),
    ("wheels", "build the addons as wheels", "tools.wheels:main"),
)
INTERRUPTED = 130


def usage():
    """The help of the command itself."""
    lines = ["Usage: ./spoc COMMAND [OPTIONS]   (./spoc COMMAND --help tells more)", ""]
    lines += [f"  {name:8} {text}" for name, text, _target in COMMANDS]
    lines += ["", "First steps: ./spoc run; more in docs/running.md"]
    return "\n".join(lines)


def main(args):
    """Run a subcommand; return the exit code."""
    if not args or args[0] in ("-h", "--help", "help"):
        say(usage())
        return 0
    target = {name: where for name, _text, where in COMMANDS}.get(args[0])
    if not target:
        say(f"spoc: unknown command {args[0]}\n\n{usage()}", file=sys.stderr)
        return 2
    terminate_on_signals()
    try:
        module, function = target.split(":")
        return getattr(importlib.import_module(module), function)(args[1:]) or 0
    except Problem as problem:
        say(f"spoc: {problem.message}", file=sys.stderr)
        if problem.remedy:
            say(f"  -> {problem.remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nspoc: interrupted; the same command goes on where it stopped")
        sys.stdout.flush()
        os._exit(INTERRUPTED)  # at once: threads of a set-up need not finish
