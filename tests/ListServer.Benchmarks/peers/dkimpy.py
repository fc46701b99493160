"""Verifies the ARC chain of a message again and again with dkimpy; prints verifications and CPU seconds.

usage: dkimpy.py MESSAGE TXT.json SECONDS
"""
import json
import sys
import time

import dkim

message = open(sys.argv[1], "rb").read()
txt = {name: text.encode() for name, text in json.load(open(sys.argv[2])).items()}
seconds = float(sys.argv[3])


def answer(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    return txt.get(name.rstrip("."))


def run(seconds):
    count, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for _ in range(20):
            verdict, _sets, reason = dkim.arc_verify(message, dnsfunc=answer)
            assert verdict == dkim.CV_Pass, reason
            count += 1
    return count, time.process_time() - start


run(seconds / 4)
print(*run(seconds))
