"""An author's mail server and a receiver, by Debian's python3-dkim, dnspython and smtplib: none of it is ListServer's code.

One JSON request a line on standard input, one JSON answer a line on standard output. Octets are base64.
The argument is the port of the name server on 127.0.0.1.
"""
import base64
import email
import email.policy
import json
import re
import smtplib
import sys

import dkim
import dns.resolver

names = dns.resolver.Resolver(configure=False)
names.nameservers = ["127.0.0.1"]
names.port = int(sys.argv[1])
known = {}


def text(name, timeout=5):
    """The TXT record at a name, or None; asked once."""
    if name not in known:
        try:
            answer = names.resolve(name.decode(), "TXT", lifetime=20)
            known[name] = b"".join(answer[0].strings)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            known[name] = None
    return known[name]


def sign(request):
    message = octets(request["message"])
    header, body = request["canonicalization"].encode().split(b"/")
    signature = dkim.DKIM(message).sign(
        request["selector"].encode(), request["domain"].encode(), request["key"].encode(), canonicalize=(header, body))
    return {"message": base(signature + message)}


def seal(request):
    """Seals as a server on the way does: its own results first, then an ARC set over them."""
    message = octets(request["message"])
    server = request["domain"].encode()
    chain = dkim.arc_verify(message, dnsfunc=text)[0].decode()
    author = dkim.DKIM(message)
    result = "pass" if author.verify(dnsfunc=text) else "fail"
    domain = author.domain.decode()
    results = f"Authentication-Results: {request['domain']}; dkim={result} header.d={domain};\r\n dmarc={result} header.from={domain}; arc={chain}\r\n"
    message = results.encode() + message
    added = dkim.arc_sign(message, request["selector"].encode(), server, request["key"].encode(), server)
    return {"message": base(b"".join(added) + message)}


def post(request):
    """Brings messages to the list server over one connection, octets as they are."""
    refused = []
    with smtplib.SMTP("127.0.0.1", request["port"], local_hostname="mail.author.example", timeout=120) as client:
        for item in request["posts"]:
            try:
                client.sendmail(item["mailFrom"], item["recipients"], octets(item["message"]), mail_options=["BODY=8BITMIME"])
            except smtplib.SMTPException as error:
                refused.append(f"{item['mailFrom']}: {error}")
    return {"refused": refused}


def judge(request):
    return {"judgements": [judgement(octets(item["message"])) for item in request["copies"]]}


def judgement(message):
    count = sum(name.lower() == b"dkim-signature" for name, _ in dkim.DKIM(message).headers)
    chain, sets, reason = dkim.arc_verify(message, dnsfunc=text)
    read = email.message_from_bytes(message, policy=email.policy.default)
    return {
        "dkim": [signature(message, index) for index in range(count)],
        "arc": {
            "result": chain.decode() if chain else "fail",
            "instances": max((entry["instance"] for entry in sets), default=0),
            "sealedAs": sets[0]["cv"].decode() if sets else None,
            "reason": reason,
        },
        "subject": str(read["Subject"]),
        "texts": [part.get_content() for part in read.walk() if part.get_content_maintype() == "text" and not part.get_filename()],
    }


def signature(message, index):
    verifier = dkim.DKIM(message)
    reason = ""
    try:
        result = verifier.verify(index, dnsfunc=text)
    except dkim.DKIMException as error:
        result, reason = False, str(error)
    covers = verifier.signature_fields.get(b"h", b"").decode().lower()
    return {
        "domain": verifier.domain.decode(),
        "result": "pass" if result else "fail",
        "reason": reason,
        "covers": re.split(r"\s*:\s*", covers.strip()),
    }


def octets(value):
    return base64.b64decode(value)


def base(value):
    return base64.b64encode(value).decode()


operations = {"sign": sign, "seal": seal, "post": post, "judge": judge}
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(operations[asked["op"]](asked)), flush=True)
