#!/usr/bin/python3
"""Writes DecisionTable/NN-*.eml and .dns: posts as they reach the list, signed by dkimpy (Debian python3-dkim).

Usage: python3 generate_decision_table.py            (beside the folder DecisionTable)
The signatures are deterministic: the same key, the same t=, the same octets.
"""
import base64, os, subprocess, time
import dkim

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "DecisionTable")
KEY = open(os.path.join(HERE, "author-test-key.pem"), "rb").read()
PUBLIC = base64.b64encode(subprocess.run(
    ["openssl", "rsa", "-pubout", "-outform", "DER"], input=KEY, capture_output=True, check=True).stdout).decode()
SIGNED_AT = 1795478400  # 2026-11-24T00:00:00Z
time.time = lambda: SIGNED_AT

USUAL = [b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type", b"content-transfer-encoding"]


def head(sender="Alice <alice@author.example>", subject="Hello", extra=()):
    lines = [f"From: {sender}", "To: news@lists.example", f"Subject: {subject}",
             "Date: Tue, 24 Nov 2026 00:00:00 +0000", "Message-ID: <1@author.example>", "MIME-Version: 1.0", *extra]
    return "".join(line + "\r\n" for line in lines).encode("latin-1")


PLAIN = (head(extra=["Content-Type: text/plain; charset=us-ascii"]), b"Dear list,\r\n\r\nhello.\r\n-- \r\nAlice\r\n")
JAPANESE = (head("=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <alice@author.example>", "=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=",
                 ["Content-Type: text/plain; charset=iso-2022-jp", "Content-Transfer-Encoding: 7bit"]),
            "皆さん\r\nこんにちは。\r\n".encode("iso-2022-jp"))
EIGHT_BIT = (head("=?utf-8?q?Ren=C3=A9?= <alice@author.example>", "=?utf-8?q?Caf=C3=A9?=",
                  ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]),
             "Un café ?\r\n".encode())
HTML = (head(extra=["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"]),
        b"<p>Hello =E2=9C=93</p>\r\n")
MIXED = (head(extra=['Content-Type: multipart/mixed; boundary="cut"']),
         b"preamble\r\n--cut\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--cut\r\n"
         b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAwQF\r\n--cut--\r\nepilogue\r\n")


def sign(message, names=USUAL, canonicalize=(b"relaxed", b"relaxed"), domain=b"author.example"):
    whole = message[0] + b"\r\n" + message[1]
    return dkim.sign(whole, b"s1", domain, KEY, canonicalize=canonicalize, include_headers=names) + whole


def unsigned(message):
    return message[0] + b"\r\n" + message[1]


def write(name, message, policy, domain="author.example"):
    records = [f"s1._domainkey.{domain} TXT v=DKIM1; k=rsa; p={PUBLIC}"]
    if policy:
        records.append(f"_dmarc.{domain} TXT v=DMARC1; p={policy}")
    open(os.path.join(HERE, name + ".eml"), "wb").write(message)
    open(os.path.join(HERE, name + ".dns"), "w").write("".join(r + "\n" for r in records))


write("01-two-from", b"From: Mallory <m@evil.example>\r\n" + unsigned(PLAIN), "reject")
write("01-two-mailboxes", unsigned((head("alice@author.example, bob@author.example"), b"x\r\n")), "reject")
write("02-dns-error", sign(PLAIN), "reject")
write("03-forged-reject", unsigned(PLAIN), "reject")
write("04-forged-quarantine", unsigned(PLAIN), "quarantine")
write("05-forged-lax", unsigned(PLAIN), "none")
write("06-forged-lax-allowed", unsigned(EIGHT_BIT), None)
write("07-untouched", sign(PLAIN, canonicalize=(b"simple", b"simple")), "reject")
write("07-untouched-japanese", sign(JAPANESE), "quarantine")
write("08-survives", sign(MIXED, [b"from", b"to", b"date"]), "reject")
write("09-lax-broken", sign(MIXED), "none")
write("09-lax-spf-only", unsigned(HTML), "none")
write("10-strict-spf-only", unsigned(PLAIN), "reject")
write("10-strict-by-sealer", sign(PLAIN).replace(b"Dear list", b"[Changed on the way] Dear list"), "reject")
write("11-strict-broken", sign(JAPANESE), "reject")
write("11-strict-broken-html", sign(HTML), "quarantine")
write("12-wrap", sign(EIGHT_BIT), "reject")
write("13-undone", sign(PLAIN), "reject")
write("13-undone-in-vain", sign(PLAIN, USUAL + [b"list-id"]), "reject")
write("14-never-spf-only", unsigned(PLAIN), "reject")
write("15-always", sign(PLAIN), "none")
write("16-wrap-lax", sign(PLAIN), None)
write("17-wrap-survives", sign(PLAIN), "reject")
write("18-approved-strict", unsigned(JAPANESE), "reject")
write("19-approved-lax", unsigned(PLAIN), "none")
