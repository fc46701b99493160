"""Distributes one post with mlmmj, straight to a sink; prints recipients delivered and CPU seconds of all that mlmmj started.

usage: mlmmj.py SINK_COMMAND... -- MEMBERS DESTINATIONS shared|verp
The sink prints its address first, answers "count" with a JSON line, and ends with its input (`listserver load sink`).
"""
import ctypes
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

split = sys.argv.index("--")
members, destinations, mode = int(sys.argv[split + 1]), int(sys.argv[split + 2]), sys.argv[split + 3]
sink = subprocess.Popen(sys.argv[1:split], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
host, port = sink.stdout.readline().strip().rsplit(":", 1)

# What mlmmj puts into the background becomes our child, so that its CPU time is counted (prctl PR_SET_CHILD_SUBREAPER).
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def count():
    sink.stdin.write("count\n")
    sink.stdin.flush()
    return json.loads(sink.stdout.readline())["Recipients"]


def children():
    """Our own, but for the sink."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            words = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(words[1]) == os.getpid() and int(entry.parent.name) != sink.pid:
            found.append(int(entry.parent.name))
    return found


def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


folder = pathlib.Path(tempfile.mkdtemp(prefix="mlmmj-"))
try:
    for name in ("incoming queue queue/discarded archive text subconf unsubconf bounce control moderation subscribers.d digesters.d "
                 "nomailsubs.d requeue").split():
        (folder / name).mkdir(parents=True)
    control = {"listaddress": "talk@load.example\n", "relayhost": host + "\n", "smtpport": port + "\n", "owner": "owner@load.example\n",
               "noarchive": "", "notocc": ""} | ({"verp": ""} if mode == "shared" else {})
    for name, text in control.items():
        (folder / "control" / name).write_text(text)
    # As mlmmj-sub stores them: a file for each first letter.
    (folder / "subscribers.d" / "m").write_text("".join(f"m{i}@d{i % destinations}.load.example\n" for i in range(members)))
    post = ("Return-Path: <m0@d0.load.example>\nFrom: Author <m0@d0.load.example>\nTo: talk@load.example\nSubject: Load\nMessage-ID: <1@load.example>\n"
            "Date: Tue, 24 Nov 2026 00:00:00 +0000\n\n" + ("x" * 71 + "\n") * 56)
    begun = spent()
    subprocess.run(["/usr/bin/mlmmj-receive", "-F", "-L", str(folder)], input=post, text=True, check=True)
    deadline = time.monotonic() + 600
    while count() < members and time.monotonic() < deadline:
        time.sleep(0.05)
    # The senders' time is counted once they have ended and been reaped.
    while children():
        os.waitpid(children()[0], 0)
    print(count(), spent() - begun)
finally:
    sink.stdin.close()
    sink.wait()
    shutil.rmtree(folder)
