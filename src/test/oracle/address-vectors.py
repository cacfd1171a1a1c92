#!/usr/bin/env python3
"""Records what Python's ipaddress makes of address texts: real addresses in many spellings, and mutations of them.

Run it from the top of the tree to write the vectors anew (the same ones: the seed is fixed), with Python 3.9.5 or later,
which refuses leading zeros:

    python3 src/test/oracle/address-vectors.py src/test/resources/address-vectors.txt.gz

A line is a text, a tab and a verdict: 4:HEX or 6:HEX is the value of an IPv4 or IPv6 address, with %SCOPE after it where the
text has a scope id, and - is a refusal. What is not printable ASCII, and the backslash, stand as \\uXXXX.
"""

import gzip
import ipaddress
import random
import sys

RANDOM = random.Random(6052)
ALPHABET = "0123456789abcdefABCDEF:::...%/-[] xg\t\n\0\\\u0661\uff11\u00a0"
SUFFIXES = ["%eth0", "%1", "%", "%25eth0", "/32", "/128", "/0", ":443", " ", "\n", "\0", ".", ":", "::", ".0", ":0", "0", "x", "]"]
PREFIXES = [" ", "0", "00", "0x", "[", "+", "-", ":", "::", "::ffff:", "::FFFF:", "::", "64:ff9b::", "1:", "\t", "\ufeff"]


def bases():
    v4 = ["0.0.0.0", "255.255.255.255", "127.0.0.1", "10.0.0.1", "203.0.113.7", "192.0.2.33", "1.2.3.4"]
    for _ in range(1600):
        v4.append(".".join(str(RANDOM.choice([0, 1, 7, 9, 10, 99, 100, 127, 199, 200, 249, 250, 255, RANDOM.randrange(256)])) for _ in range(4)))
    v6 = ["::", "::1", "2001:db8::7", "fe80::1", "ff02::1", "64:ff9b::192.0.2.33", "::ffff:203.0.113.7", "::203.0.113.7"]
    for _ in range(2000):
        groups = [RANDOM.choice([0, 0, 0, 1, 0xFFFF, 0x2001, 0xDB8, 0x10, 0x100, RANDOM.randrange(65536)]) for _ in range(8)]
        if RANDOM.random() < 0.15:
            groups[:6] = [0, 0, 0, 0, 0, RANDOM.choice([0xFFFF, 0xFFFF, 0, 0xFFFE])]
        v6.append(str(ipaddress.IPv6Address(int("".join("%04x" % g for g in groups), 16))))
    return v4, v6


def spellings4(text):
    octets = text.split(".")
    yield text
    yield ".".join("%03d" % int(o) for o in octets)
    i = RANDOM.randrange(4)
    yield ".".join(octets[:i] + ["0" + octets[i]] + octets[i + 1:])
    yield ".".join(octets[:i] + [hex(int(octets[i]))] + octets[i + 1:])
    yield ".".join(octets[:i] + [str(int(octets[i]) + 256)] + octets[i + 1:])
    yield ".".join(octets[:i] + [""] + octets[i + 1:])
    yield ".".join(octets[:3])
    yield ".".join(octets + ["1"])
    yield str(int(ipaddress.IPv4Address(text)))
    yield hex(int(ipaddress.IPv4Address(text)))
    yield "::ffff:" + text
    yield "::" + text
    yield "0:0:0:0:0:ffff:" + text
    yield "0000:0000:0000:0000:0000:FFFF:" + text


def spellings6(text):
    address = ipaddress.IPv6Address(text)
    full = address.exploded.split(":")
    yield text
    yield text.upper()
    yield ":".join(full)
    yield ":".join(full).upper()
    short = [g.lstrip("0") or "0" for g in full]
    yield ":".join(short)
    i = RANDOM.randrange(8)
    j = RANDOM.randrange(i, 8) + 1
    yield ":".join(short[:i]) + "::" + ":".join(short[j:])
    yield ":".join(short[:i]) + "::" + ":".join(short[i:])
    dotted = str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    yield ":".join(short[:6]) + ":" + dotted
    yield ":".join(short[:7]) + ":" + dotted
    yield ":".join(short[:5]) + ":" + dotted
    yield ":".join(short[:2]) + "::" + dotted
    yield dotted + "::" + ":".join(short[:2])
    yield ":".join(short[:i] + ["0" + full[i]] + short[i + 1:])
    yield ":".join(short[:i] + [""] + short[i + 1:])
    yield ":".join(short[:7])
    yield ":".join(short + ["1"])
    yield "[" + text + "]"
    yield text + RANDOM.choice(["%eth0", "%1", "%0", "%a b", "%25eth0", "%"])


def mutations(text):
    for _ in range(8):
        at = RANDOM.randrange(len(text) + 1)
        kind = RANDOM.randrange(4)
        c = RANDOM.choice(ALPHABET)
        if kind == 0:
            yield text[:at] + c + text[at:]
        elif kind == 1:
            yield text[:at] + text[at + 1:]
        elif kind == 2:
            yield text[:at] + c + text[at + 1:]
        else:
            other = RANDOM.randrange(len(text) + 1)
            yield text[:min(at, other)] + text[max(at, other):]
    yield text + RANDOM.choice(SUFFIXES)
    yield RANDOM.choice(PREFIXES) + text


def verdict(text):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "-"
    if address.version == 4:
        return "4:%08x" % int(address)
    scope = "" if address.scope_id is None else "%" + escaped(address.scope_id)
    return "6:%032x%s" % (int(address), scope)


def escaped(text):
    return "".join(c if " " <= c <= "~" and c != "\\" else "\\u%04x" % ord(c) for c in text)


def main():
    v4, v6 = bases()
    texts = {}
    for base, spell in [(b, spellings4) for b in v4] + [(b, spellings6) for b in v6]:
        own = list(spell(base))
        for text in own:
            texts.setdefault(text)
        for text in RANDOM.sample(own, 2) + [base]:
            for mutation in mutations(text):
                texts.setdefault(mutation)
    with open(sys.argv[1], "wb") as raw, gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as out:
        for text in texts:
            out.write((escaped(text) + "\t" + verdict(text) + "\n").encode("ascii"))


if __name__ == "__main__":
    main()
