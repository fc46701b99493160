#!/usr/bin/python3
"""Reads the golden files of this folder with other people's code: Python's email package and codecs, and dkimpy.

Usage: python3 check_golden.py     prints what is wrong; exit status 1 when anything is.
"""
import base64, email, email.policy, glob, os, re, sys
from email.header import decode_header
import dkim

HERE = os.path.dirname(os.path.abspath(__file__))
FOOTERS = {
    "ascii": "_______\r\nFrom here on = the list's own words\r\n.\r\nhttps://lists.example/news\r\n",
    "ja": "_______\r\n配信停止はこちら: https://lists.example/news\r\n",
}
SUBJECTS = {
    "utf-8": (True, "ご案内 – déjà vu"), "iso-2022-jp": (False, "ご案内"), "shift_jis": (True, "ご案内"), "euc-jp": (True, "ご案内"),
    "gb18030": (True, "通知"), "koi8-r": (False, "Уведомление о следующем собрании нашего общества любителей словесности"),
}
bad = 0


def expect(what, ok, shown=""):
    global bad
    if not ok:
        bad += 1
        print("WRONG", what, shown)


def read(path):
    return open(path, "rb").read()


def subject_of(octets):
    raw = re.search(rb"^Subject:(.*?\r\n)(?![ \t])", octets, re.S | re.M | re.I).group(1).decode("ascii")
    parts = decode_header(raw.strip().replace("\r\n", ""))
    return "".join(p.decode(c or "ascii") if isinstance(p, bytes) else p for p, c in parts)


def texts_of(message):
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            yield part.get_payload(decode=True).decode(part.get_content_charset("us-ascii"))


def common(path, octets):
    message = email.message_from_bytes(octets, policy=email.policy.default)
    expect(path, not message.defects, message.defects)
    expect(path + " lines", all(len(line) <= 998 for line in octets.split(b"\r\n")))
    expect(path + " bare CR or LF", not re.search(rb"\r(?!\n)|(?<!\r)\n", octets))
    for name in ("From", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe"):
        expect(f"{path} {name}", len(message.get_all(name, [])) == 1)
    return message


for path in sorted(glob.glob(os.path.join(HERE, "Charsets", "*.out"))):
    name = os.path.basename(path)
    charset, encoding = re.fullmatch(r"(.*)-(7bit|8bit|quoted-printable|base64)\.(ascii|ja)\.out", name).group(1, 2)
    kind = name.split(".")[-2]
    octets = read(path)
    message = common(name, octets)
    is_reply, text = SUBJECTS[charset]
    prefix = "[News 00012] " if kind == "ascii" else "[お知らせ:12] "
    if kind == "ja" and charset in ("shift_jis", "euc-jp"):
        # The number of another prefix is not ours to strip: only Re: runs before it are.
        text = {"shift_jis": "[News 00011] ご案内", "euc-jp": "[News 00011] Re: ご案内"}[charset]
        is_reply = charset == "shift_jis"
    expect(name + " subject", subject_of(octets) == prefix + ("Re: " if is_reply else "") + text, subject_of(octets))
    original = list(texts_of(email.message_from_bytes(read(path.replace(f".{kind}.out", ".eml")), policy=email.policy.default)))[0]
    expect(name + " text", "".join(texts_of(message)).replace("\n", "\r\n").replace("\r\r", "\r").rstrip("\r\n")
           == (original + FOOTERS[kind]).replace("\n", "\r\n").replace("\r\r", "\r").rstrip("\r\n"), list(texts_of(message)))
    expect(name + " kept as one text", message.is_multipart() == (charset == "koi8-r" and kind == "ja"))

SURVIVING = {"07-untouched.auto", "07-untouched-japanese.never", "08-survives.auto", "13-undone.never", "17-wrap-survives.wrap"}
for path in sorted(glob.glob(os.path.join(HERE, "DecisionTable", "*.out"))):
    name = os.path.basename(path)[:-len(".out")]
    octets = read(path)
    common(name, octets)
    zone = dict(line.rstrip("\n").split(" TXT ", 1) for line in open(os.path.join(HERE, "DecisionTable", name.rsplit(".", 1)[0] + ".dns")))
    lookup = lambda n, timeout=5: zone.get((n.decode() if isinstance(n, bytes) else n).rstrip("."), "").encode() or None
    passes = b"DKIM-Signature:" in octets.split(b"\r\n\r\n", 1)[0] and dkim.verify(octets, dnsfunc=lookup)
    expect(name + " author's signature", bool(passes) == (name in SURVIVING), passes)
    if name == "12-wrap.wrap":
        inner = octets.split(b"Content-Transfer-Encoding: 8bit\r\n\r\n", 2)[2].split(b"\r\n--=_list", 1)[0]
        expect(name + " inner signature", dkim.verify(inner, dnsfunc=lookup))

print("golden files:", "all right" if bad == 0 else f"{bad} wrong")
sys.exit(bad > 0)
