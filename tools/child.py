"""Run a command that ends when its parent does, as another account if asked.

Usage: child.py [--user UID:GID] [--cap NUMBER]... -- COMMAND...

A killed launcher (kill -9) must not leave a pip or an Odoo working on. Doing this
in a process of its own is safe beside threads, which a preexec function is not.
Capabilities given stay with the command although it is not root any more.
"""

import ctypes
import os
import signal
import struct
import sys

PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 28, 47
NO_SETUID_FIXUP = 1 << 2  # else access(2) denies what the capability allows
AMBIENT_RAISE = 2
CAPABILITY_VERSION = 0x20080522


def libc_call(name, *args):
    """Call a libc function; OSError when it fails."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*args):
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def become(user, caps):
    """Give up root for `user` ("uid:gid"), keeping the capabilities `caps`."""
    uid, gid = map(int, user.split(":"))
    if caps:
        libc_call("prctl", PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if caps:
        mask = sum(1 << cap for cap in caps)
        header = struct.pack("=Ii", CAPABILITY_VERSION, 0)
        libc_call("capset", header, struct.pack("=6I", mask, mask, mask, 0, 0, 0))
    for cap in caps:
        libc_call("prctl", PR_CAP_AMBIENT, AMBIENT_RAISE, cap, 0, 0)


def main(args):
    """Replace this process by the command."""
    parent, user, caps = os.getppid(), None, []
    while args[0] != "--":
        option = args.pop(0)
        if option == "--user":
            user = args.pop(0)
        elif option.startswith("--cap="):
            caps.append(int(option[6:]))
    command = args[1:]
    if user:
        become(user, caps)
    if sys.platform == "linux":
        libc_call("prctl", PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            return 143
    try:
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
