# SPDX-License-Identifier: Apache-2.0
"""Becomes a program of an image: python3 -B enter.py ROOT UID:GID FOLDER COMMAND…

Runs the command in the files at ROOT, as that user and in that folder. As process 1 of a process
namespace, it first mounts /proc there, and switches on the loopback interface if that is off.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys

# <linux/sockios.h>, <linux/if.h>
GET_FLAGS = 0x8913
SET_FLAGS = 0x8914
IS_UP = 1


def mount_proc(folder):
    os.makedirs(folder, exist_ok=True)
    library = ctypes.CDLL(None, use_errno=True)
    if library.mount(b"proc", folder.encode(), b"proc", 0, None) != 0:
        sys.exit(f"cannot mount {folder}: {os.strerror(ctypes.get_errno())}")


def switch_on_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(any_socket, GET_FLAGS, request), 16)
        if not flags & IS_UP:
            fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", flags | IS_UP))


root, user, folder, *command = sys.argv[1:]
uid, gid = map(int, user.split(":"))
if os.getpid() == 1:
    mount_proc(os.path.join(root, "proc"))
    switch_on_loopback()
os.chroot(root)
os.chdir(folder)
os.setgroups([])
os.setgid(gid)
os.setuid(uid)
# Not os.execvp, which would import a module from within the root.
folders = [""] if "/" in command[0] else os.environ["PATH"].split(":")
programs = [os.path.join(folder, command[0]) for folder in folders]
found = next((path for path in programs if os.access(path, os.X_OK)), command[0])
os.execv(found, command)
