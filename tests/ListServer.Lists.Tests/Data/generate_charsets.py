#!/usr/bin/python3
"""Writes Charsets/CHARSET-ENCODING.eml with the codecs of Python: a reply of which subject and text are in that charset.

Usage: python3 generate_charsets.py          (beside the folder Charsets)
"""
import base64, os, quopri

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Charsets")
TEXTS = {
    "utf-8": ("Re: ご案内 – déjà vu", "皆さん\r\n次回は 11 月です。\r\nÀ bientôt – 再见 ✓\r\n"),
    "iso-2022-jp": ("ご案内", "皆さん\r\n次回は 11 月です。\r\n"),
    "shift_jis": ("RE: Re: [News 00011] ご案内", "皆さん\r\n表示ソ能\r\n"),
    "euc-jp": ("[News 00011] Re: ご案内", "皆さん\r\n次回は 11 月です。\r\n"),
    "gb18030": ("Re: 通知", "大家好\r\n㐂𠀀 再见\r\n"),
    "koi8-r": ("Уведомление о следующем собрании нашего общества любителей словесности", "Здравствуйте!\r\nДо свидания.\r\n"),
}


def encode_body(octets, encoding):
    if encoding == "base64":
        return base64.encodebytes(octets).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(octets.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return octets


def encode_subject(text, charset):
    # One encoded word for each 8 characters: whole characters, and ISO-2022-JP back in ASCII at each end.
    words = [base64.b64encode(text[i:i + 8].encode(charset)).decode() for i in range(0, len(text), 8)]
    return "\r\n ".join(f"=?{charset.upper()}?B?{word}?=" for word in words)


for charset, (subject, text) in TEXTS.items():
    for encoding in ("7bit", "8bit", "quoted-printable", "base64"):
        if encoding == "7bit" and charset != "iso-2022-jp":
            continue
        head = "\r\n".join([
            "From: Alice <alice@author.example>", "To: news@lists.example", f"Subject: {encode_subject(subject, charset)}",
            "Date: Tue, 24 Nov 2026 00:00:00 +0000", "Message-ID: <1@author.example>", "MIME-Version: 1.0",
            f"Content-Type: text/plain; charset={charset}", f"Content-Transfer-Encoding: {encoding}", "", ""])
        with open(os.path.join(HERE, f"{charset}-{encoding}.eml"), "wb") as f:
            f.write(head.encode() + encode_body(text.encode(charset), encoding))
