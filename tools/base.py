"""Ground of every tool: places, messages, locks, downloads, child processes.

Everything the tools write is below STATE, a folder that ignores itself. Whatever
is built there is built under another name and renamed when complete, so that any
step may be killed at any moment and simply run again.
"""

import contextlib
import fcntl
import glob
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("SPOC_HOME") or ROOT / ".spoc").expanduser().absolute()
CACHE = STATE / "cache"
LOGS = STATE / "log"

APT_HELPER = Path("/usr/lib/apt/apt-helper")
HEARTBEAT = 15  # seconds between signs of life of a long step


class Problem(Exception):
    """Something the user can mend: what is wrong and what to do about it."""

    def __init__(self, message, remedy=""):
        super().__init__(message)
        self.message, self.remedy = message, remedy


def say(text="", *, file=None):
    """Print one line at once, whichever thread speaks."""
    out = file or sys.stdout
    with contextlib.suppress(BrokenPipeError):
        out.write(f"{text}\n")
        out.flush()


def warn(text):
    """Print a warning to standard error."""
    say(f"WARNING: {text}", file=sys.stderr)


class Step:
    """A step under way; `detail` (a text or a function that gives one) may be set to
    tell how far it has come."""

    def __init__(self, title):
        self.title, self.detail, self.start = title, "", time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self.start


@contextlib.contextmanager
def step(title):
    """Announce a step, show that it lives, and say how long it took."""
    current, done = Step(title), threading.Event()

    def beat():
        while not done.wait(HEARTBEAT):
            detail = current.detail() if callable(current.detail) else current.detail
            detail = f" ({detail})" if detail else ""
            say(f"  ... {title}: {current.seconds:.0f} s{detail}")

    say(f"  {title} ...")
    threading.Thread(target=beat, daemon=True).start()
    try:
        yield current
    finally:
        done.set()
    say(f"  {title}: done in {current.seconds:.1f} s")


def state():
    """Create the state folder; refuse one that this account cannot write."""
    try:
        STATE.mkdir(parents=True, exist_ok=True)
        ignore = STATE / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        for folder in (CACHE, LOGS, STATE / "lock"):
            folder.mkdir(exist_ok=True)
    except PermissionError as error:
        raise Problem(
            f"{STATE} cannot be written by this account",
            "use the account that made it, give it to this one (chown -R), "
            "or set SPOC_HOME to another folder",
        ) from error
    return STATE


@contextlib.contextmanager
def lock(name, *, shared=False, wait=True):
    """Hold the lock `name`; without `wait`, yield False when another has it.

    The kernel drops the lock with the process, so a lock never goes stale. Yields
    the open file, in which the holder may note something for others to read.
    """
    path = state() / "lock" / name
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with open(path, "a+", encoding="utf-8") as file:
        patience = 20 if wait else 1
        for attempt in range(patience):
            try:
                fcntl.flock(file, mode | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt + 1 < patience:
                    time.sleep(0.05)
        else:
            if not wait:
                yield False
                return
            say(f"  waiting for another spoc command to finish ({name})")
            fcntl.flock(file, mode)
        yield file


def sha256(path):
    """The SHA-256 of a file, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parents_closed(path):
    """The first folder above `path` that other accounts may not enter, or None."""
    for folder in reversed(Path(path).absolute().parents):
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def key(*parts):
    """A short name for a combination of values: other values, other name."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:12]


def remove(path):
    """Delete a file or folder, whatever its state; missing is fine."""
    path = Path(path)
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    elif path.exists():
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def build(target):
    """Yield an empty folder that becomes `target` when the block succeeds.

    Remains of earlier, killed attempts at the same target are removed first; call
    it under a lock.
    """
    target = Path(target)
    for old in target.parent.glob(f"{glob.escape(target.name)}.new-*"):
        remove(old)
    fresh = target.parent / f"{target.name}.new-{os.getpid()}"
    fresh.mkdir(parents=True)
    yield fresh
    remove(target)
    fresh.rename(target)


def _by_apt(url, digest, dest):
    """apt's own downloader: it knows the machine's proxies and credentials."""
    run([APT_HELPER, "download-file", url, dest, f"SHA256:{digest}"], quiet=True)


def _by_urllib(url, digest, dest):
    """Python's downloader: it knows http_proxy and https_proxy."""
    with urllib.request.urlopen(url, timeout=30) as answer, open(dest, "wb") as file:
        shutil.copyfileobj(answer, file, 1 << 20)


def fetch(urls, digest, dest):
    """Download the first of `urls` whose SHA-256 is `digest` to `dest`.

    Each address is tried through apt's downloader where there is one, then through
    Python's. A complete file with the right sum is kept, remains of killed attempts
    are removed: call it under a lock.

    :raise Problem: when none works; it tells each attempt.
    """
    dest = Path(dest)
    if dest.exists() and sha256(dest) == digest:
        return dest
    dest.parent.mkdir(parents=True, exist_ok=True)
    for old in dest.parent.glob(f"{glob.escape(dest.name)}.part-*"):
        remove(old)
    part, attempts = dest.with_name(f"{dest.name}.part-{os.getpid()}"), []
    transports = [_by_apt] if APT_HELPER.exists() else []
    for url in urls:
        for transport in [*transports, _by_urllib]:
            try:
                transport(url, digest, part)
                found = sha256(part)
                if found == digest:
                    part.rename(dest)
                    return dest
                attempts.append(f"{url}: wrong content (sha256 {found})")
            except (OSError, ValueError, Problem) as error:
                attempts.append(f"{url}: {_gist(error)}")
            finally:
                remove(part)
    raise Problem(
        f"{dest.name} could not be downloaded\n    " + "\n    ".join(attempts),
        "check the network with ./spoc doctor",
    )


def _gist(error):
    """What apt means by its many lines; another's message as it is."""
    errors = [line for line in str(error).splitlines() if line.startswith("E:")]
    return errors[0] if errors else str(error)


def child(*args, user=None, caps=()):
    """The command line that runs `args` tied to this process (see child.py)."""
    command = [sys.executable, "-I", "-S", str(ROOT / "tools" / "child.py")]
    if user:
        command += ["--user", f"{user.pw_uid}:{user.pw_gid}"]
    command += [f"--cap={cap}" for cap in caps]
    return [*command, "--", *map(str, args)]


def run(args, *, log=None, quiet=False, user=None, caps=(), **options):
    """Run a command that dies with this process; return its output as text.

    :param log: file that receives the output instead (appended).
    :raise Problem: when it fails, with the last lines it said.
    """
    if "input" not in options:
        options.setdefault("stdin", subprocess.DEVNULL)
    command = child(*args, user=user, caps=caps)
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(open(log, "ab")) if log else subprocess.PIPE
        done = subprocess.run(
            command, stdout=out, stderr=subprocess.STDOUT, check=False, **options
        )
    text = tail(log) if log else done.stdout.decode(errors="replace")
    if done.returncode:
        last = "\n    ".join(text.strip().splitlines()[-12:])
        name = Path(str(args[0])).name
        where = f" (log: {log})" if log else ""
        raise Problem(
            last if quiet else f"{name} failed ({done.returncode}){where}\n    {last}"
        )
    return text


def tail(path, size=4000):
    """The end of a text file."""
    with open(path, "rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - size))
        return file.read().decode(errors="replace")


def parallel(*jobs):
    """Run functions at the same time; return their results, raise the first error.

    Threads are daemons: an interrupted set-up ends at once, not when each is done.
    """
    results, errors, threads = [None] * len(jobs), [], []

    def work(index, job):
        try:
            results[index] = job()
        except BaseException as error:  # noqa: BLE001 - re-raised below
            errors.append(error)

    for index, job in enumerate(jobs):
        threads.append(threading.Thread(target=work, args=(index, job), daemon=True))
        threads[-1].start()
    while any(thread.is_alive() for thread in threads) and not errors:
        for thread in threads:
            thread.join(0.05)
    if errors:
        raise errors[0]
    return results


def terminate_on_signals():
    """Make SIGTERM and SIGHUP end the command as tidily as Ctrl-C.

    SIGINT too: a shell has the commands it starts in the background ignore it.
    """

    def stop(number, frame):
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
