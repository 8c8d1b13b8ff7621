"""Checks an export of the audit log: a second, independent implementation. Standard library only.

    python3 verify_export.py EXPORT KEY         0 sound, 1 tampered with, 2 usage, 3 incomplete

It shares no code with the service. It was written from RFC 6962, RFC 8032, c2sp.org/signed-note and the form in src/audit/export.rs.
"""
import base64, hashlib, json, re, sys

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()

class Tampered(Exception): pass
class Incomplete(Exception): pass

def demand(holds, why, kind=Tampered):
    if not holds: raise kind(why)

# Ed25519 (RFC 8032, section 6), verification only.
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
def add(a, b):
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(n, a):
    total = (0, 1, 1, 0)
    while n:
        if n & 1: total = add(total, a)
        a, n = add(a, a), n >> 1
    return total
def point(text):
    y = int.from_bytes(text, "little"); sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P: return None
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P; x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P: x = x * I % P
    if (x * x - xx) % P or (x == 0 and sign): return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P
def same(a, b): return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0
BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
def is_signed(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(times(s, BASE), add(r, times(h, a)))

def b64(text):
    raw = base64.b64decode(text, validate=True)
    demand(base64.b64encode(raw).decode() == text, "base64 that is not canonical")
    return raw

def checkpoint(note, verifier):
    """Size and root of a checkpoint that this key has signed."""
    name, key_id, encoded = verifier.split("+", 2); key = b64(encoded)
    demand(key[0] == 1 and sha(name.encode(), b"\n", key)[:4].hex() == key_id, "the key is not what it says")
    demand("\n\n" in note, "the checkpoint is no note")
    text, lines = note.rsplit("\n\n", 1); text += "\n"
    for line in lines.splitlines():
        dash, by, signature = line.split(" ")
        raw = b64(signature)
        if dash == "\u2014" and by == name and raw[:4].hex() == key_id:
            demand(is_signed(key[1:], text.encode(), raw[4:]), "the signature does not hold")
            origin, size, root = text.split("\n")[:3]
            demand(origin == name and re.fullmatch("0|[1-9][0-9]*", size), "the checkpoint is another log's")
            return int(size), b64(root)
    raise Tampered("the log has not signed the checkpoint")

def root_of(leaf, index, size, path):
    """The root to which an inclusion proof leads (RFC 9162, section 2.1.3.2)."""
    demand(index < size, "no such place in the log")
    node, last, fn = leaf, size - 1, index
    for sibling in path:
        demand(last > 0, "the proof is too long")
        if fn & 1 or fn == last:
            node = sha(b"\1", sibling, node)
            while not fn & 1 and fn: fn, last = fn >> 1, last >> 1
        else: node = sha(b"\1", node, sibling)
        fn, last = fn >> 1, last >> 1
    demand(last == 0, "the proof is too short")
    return node

def siblings(index, size):
    """How many hashes the proof of a place has (RFC 6962, section 2.1.1)."""
    count = 0
    while size > 1:
        half = 1 << (size - 1).bit_length() - 1
        index, size, count = (index, half, count + 1) if index < half else (index - half, size - half, count + 1)
    return count

def hex32(text):
    demand(re.fullmatch("[0-9a-f]{64}", text), "a hash is not written as it must be")
    return bytes.fromhex(text)

def raw_value(line, name):
    """The text of a member of the line's object, byte for byte."""
    at, decoder = line.index('"%s":' % name) + len(name) + 3, json.JSONDecoder()
    return line[at:decoder.raw_decode(line, at)[1]]

def check(text, verifier):
    demand(text.endswith("\n"), "the file ends too early", Incomplete)
    body, _, last = text[:-1].rpartition("\n"); lines = body.split("\n")
    try: end = json.loads(last)["end"]
    except (ValueError, KeyError, TypeError): raise Incomplete("the file ends too early")
    manifest = json.loads(lines[0]); count = manifest["entryCount"]
    demand(manifest["format"] == "rettbolig-audit-export/3", "the file is no export of this form")
    demand(end["lines"] == len(lines) == 1 + count + manifest["erasureCount"], "lines are missing", Incomplete)
    size, root = checkpoint(manifest["checkpoint"], verifier)
    told, chains, erasures, previous = [], {}, {}, -1
    places = [json.loads(line)["index"] for line in lines[1:count + 1]]
    demand(all(one < next for one, next in zip(places, places[1:])), "the entries are not in order")
    path, before = [], None
    for number, line in enumerate(lines[1:]):
        if number == count: before = None
        exported, raw = json.loads(line), raw_value(line, "entry"); index = exported["index"]
        leaf = sha(b"\0", raw.encode())
        at = "at index %d: " % index
        own = list(map(hex32, exported["hashes"])); demand(index < size, "no such place in the log")
        missing = siblings(index, size) - len(own)
        if before == index - 1: demand(missing <= len(path), at + "the proof is too short"); own += path[len(path) - missing:] if missing > 0 else []
        else: demand(missing <= 0, "the entry before that at index %d is missing" % index, Incomplete)
        path, before = own, index
        demand(root_of(leaf, index, size, path) == root, at + "not the sealed entry")
        entry = json.loads(raw)
        if number >= count:
            facts = entry["facts"]; demand(entry["action"] == "person.erased" and len(set(facts["approvers"])) == 2 == len(facts["approvers"]), at + "no erasure by two")
            erasures[entry["id"]] = facts["person"], index
            continue
        if manifest["applicationId"] is None: demand(previous < 0 or index == previous + 1, "entry %d is missing" % (previous + 1), Incomplete)
        else: demand(manifest["applicationId"] in [it["id"] for it in entry["subjects"]], at + "not of this case")
        previous = index; told.append((index, line, exported, entry))
        if "case" in entry: chains.setdefault(entry["case"]["id"], []).append((entry["case"], leaf.hex()))
    for case, links in chains.items():
        if manifest["applicationId"] not in (None, case): continue
        links.sort(key=lambda it: it[0]["seq"]); begin = links[0][0]["seq"] if manifest["applicationId"] is None else 1
        for number, (link, _) in enumerate(links):
            demand(link["seq"] == begin + number, "an entry of the case is missing", Incomplete)
            if number or link["seq"] == 1: demand(link["previous"] == (links[number - 1][1] if number else None), "the chain of the case is broken")
    for index, line, exported, entry in told:
        committed, segments, at = entry.get("segments", []), exported.get("segments", []), "at index %d: " % index
        demand(len(committed) == len(segments), at + "segments are missing", Incomplete)
        rest = line[line.index(raw_value(line, "entry")) + len(raw_value(line, "entry")):]
        for one, segment in zip(committed, segments):
            if segment == "withheld": continue
            if "erased" in segment:
                person, by = erasures.get(segment["erased"], (None, -1))
                demand(person == one["person"] and by > index, at + "no entry tells of the erasure")
            else:
                opened = raw_value(rest, "opened"); rest = rest[rest.index(opened) + len(opened):]
                data = raw_value(opened, "data")
                held = sha(b"boligaudit/seg/v1", hex32(segment["opened"]["salt"]), data.encode()).hex()
                demand(held == one["commitment"] and manifest["disclosed"], at + "not what was committed to")
                demand(one["person"] not in [person for person, _ in erasures.values()], at + "shown, and erased")
    demand(sha(body.encode(), b"\n").hex() == end["sha256"], "the file is not as it was written")
    return "%d entries, in a log of %d with root %s" % (count, size, base64.b64encode(root).decode())

if __name__ == "__main__":
    if len(sys.argv) != 3: sys.exit(2)
    try: print("SOUND:", check(open(sys.argv[1], encoding="utf-8", newline="").read(), sys.argv[2]))
    except Incomplete as why: print("INCOMPLETE:", why); sys.exit(3)
    except (Tampered, ValueError, KeyError, TypeError, AttributeError, IndexError) as why: print("TAMPERED WITH:", why); sys.exit(1)
