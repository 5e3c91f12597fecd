"""Tampers with an export in many ways and counts what scripts/verify-audit finds: tamper.py EXPORT KEY COUNT SEED.

Whoever tampers may write everything but does not have the signing key: he computes all hashes and heads anew where that helps him,
signs with a key of his own, and forges the last line.
"""
import base64
import collections
import copy
import hashlib
import json
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "scripts", "lib"))
import ed25519 as curve  # noqa: E402
import verify_audit as judge  # noqa: E402

HANDED_OUT = "the export is not what was handed out"


def encoded(p):
    z = pow(p[2], curve.P - 2, curve.P)
    return (p[1] * z % curve.P | (p[0] * z % curve.P & 1) << 255).to_bytes(32, "little")


class Forger:
    """An Ed25519 key that the judge does not trust."""

    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.prefix = digest[32:]
        self.key = encoded(curve.times(self.scalar, curve.BASE))

    def note(self, text, key_id):
        data = text.encode()
        r = int.from_bytes(hashlib.sha512(self.prefix + data).digest(), "little") % curve.L
        point = encoded(curve.times(r, curve.BASE))
        h = int.from_bytes(hashlib.sha512(point + self.key + data).digest(), "little") % curve.L
        signature = point + ((r + h * self.scalar) % curve.L).to_bytes(32, "little")
        return "%s\n\u2014 %s %s\n" % (text, judge.NAME, base64.b64encode(key_id + signature).decode())


def dump(lines):
    if isinstance(lines, bytes):
        return lines
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines).encode()


def other(value, dice):
    """Returns another value of the same kind."""
    if isinstance(value, int):
        return value + dice.choice([1, -1, 1000, 7]) if value else value + 1
    if not value:
        return "x"
    at = dice.randrange(len(value))
    how = dice.randrange(4)
    if how == 0:
        return value[:at] + value[at + 1:]
    if how == 1:
        return value[:at] + dice.choice("0123456789abcdef\t =") + value[at:]
    changed = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1:]
    return changed if changed != value else value + "0"


def rows_of(lines):
    return [i for i, line in enumerate(lines) if line["type"] in ("event", "reads")]


def edit(lines, dice):
    line = lines[dice.choice(rows_of(lines))] if dice.random() < 0.7 else dice.choice(lines)
    name = dice.choice([name for name in line if isinstance(line[name], (int, str))])
    line[name] = other(line[name], dice)
    return lines


def delete(lines, dice):
    del lines[dice.choice(rows_of(lines)) if dice.random() < 0.8 else dice.randrange(len(lines))]
    return lines


def insert(lines, dice):
    line = copy.deepcopy(lines[dice.choice(rows_of(lines))])
    if dice.random() < 0.5:
        line["seq"] += 1
    lines.insert(dice.randrange(len(lines)), line)
    return lines


def swap(lines, dice):
    a, b = dice.sample(range(len(lines)), 2)
    while lines[a] == lines[b]:
        a, b = dice.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return lines


def truncate(lines, dice):
    """Cuts the tail off, and half of the time ends as if nothing were missing."""
    end = lines[-1]
    seals = [i for i, line in enumerate(lines) if line["type"] == "seal"]
    lines = lines[: dice.choice(seals[:-1]) + 1] if dice.random() < 0.6 else lines[: dice.randrange(1, len(lines) - 1)]
    return forged_end(lines, end, None) if dice.random() < 0.5 else lines


def forged_end(lines, end, forger):
    last = max([line["number"] for line in lines if line["type"] == "seal"], default=0)
    digest = hashlib.sha256(dump(lines)).hexdigest()
    after = (lines[0].get("after") or judge.START)["number"]
    forged = dict(end, last=last, sha256=digest)
    if forger:
        forged["note"] = forger.note(judge.end_text(after, lines[0]["made_at"], forged), REAL_ID)
    return lines + [forged]


def retouch(lines, dice):
    """Changes the last line, which no digest covers, where a reader would not look."""
    end = lines.pop()
    how = dice.randrange(7)
    if how == 0:
        end["next"] = dice.randrange(1, 100) if end["next"] is None else dice.choice([None, end["next"] + 1])
    elif how == 1:
        end["to"] = dice.randrange(1 << 41) if end["to"] is None else None
    elif how == 2:
        end[dice.choice(["verified_by", "seals", "note2"])] = dice.choice(["auditor", 1, None, True])
    elif how == 3:  # The last letter of the base64 has bits that stand for nothing.
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        at = letters.index(end["note"][-3])
        end["note"] = end["note"][:-3] + letters[at ^ dice.choice([1, 2, 3])] + "=\n"
    elif how == 4:
        return dump(lines) + dump([end]).replace(b",", dice.choice([b" ,", b", ", b",\t"]), 1)
    elif how == 5:
        names = list(end)
        while names == list(end):
            dice.shuffle(names)
        end = {name: end[name] for name in names}
    else:
        return dump(lines) + dump([end]).replace(b'"last":', dice.choice([b'"last":0,"last":', b'"last": ', b'"l\\u0061st":']))
    return lines + [end]


def rewrite(lines, dice):
    """Changes the past and writes everything anew that follows from it, signed with another key under the real one's name."""
    end, forger = lines.pop(), Forger(dice.randbytes(32))
    tampered = dice.choice([edit_row, delete_row])(lines, dice)
    state = tampered[0].get("after") or judge.START
    head, upto, entries = bytes.fromhex(state["head"]), {1: state["audit_upto"], 2: state["segment_upto"]}, state["entries"]
    for line in tampered[1:]:
        if line["type"] == "seal":
            line.update(head=head.hex(), entries=entries, audit_upto=upto[1], segment_upto=upto[2])
            if dice.random() < 0.9:
                line["note"] = forger.note(judge.seal_text(line), REAL_ID)
            continue
        kind, names, stream, _ = judge.KINDS[line["type"]]
        upto[stream] += 1
        line["seq"] = upto[stream]
        digest = judge.row_hash(kind, line, names)
        line["hash"] = digest.hex()
        head = hashlib.sha256(head + bytes([stream]) + line["seq"].to_bytes(8, "big") + digest).digest()
        entries += 1
    return forged_end(tampered, end, forger)


def delete_row(lines, dice):
    del lines[dice.choice(rows_of(lines))]
    return lines


def edit_row(lines, dice):
    line = lines[dice.choice(rows_of(lines))]
    names = [name for name in ("actor", "action", "target", "address", "detail", "agent", "at") if name in line] or ["isolate", "from_at"]
    name = dice.choice(names)
    line[name] = other(line[name], dice)
    return lines


def main(path, key, count, seed):
    global REAL_ID
    with open(path, "rb") as file:
        data = file.read()
    lines = [json.loads(line) for line in data.splitlines()]
    keys = dict([judge.key_of(key)])
    REAL_ID = next(iter(keys))
    clean = judge.Log(dict(keys))
    clean.read("export", data)
    if clean.problems or dump(lines) != data:
        sys.exit("tamper.py: the export itself is not clean: %s" % clean.problems[:3])
    dice, found, alone, missed = random.Random(seed), collections.Counter(), collections.Counter(), []
    ways = [edit, delete, insert, swap, truncate, rewrite, retouch]
    for number in range(count):
        way = ways[number % len(ways)]
        changed = dump(way(copy.deepcopy(lines), dice))
        while changed == data:
            changed = dump(way(copy.deepcopy(lines), dice))
        log = judge.Log(dict(keys))
        log.read("export", changed)
        found[way.__name__] += bool(log.problems)
        alone[way.__name__] += any(HANDED_OUT not in problem for problem in log.problems)
        if not log.problems:
            missed.append((number, way.__name__))
    for way in ways:
        print("%s: %d found, %d of them by more than the export's own digest" % (way.__name__, found[way.__name__], alone[way.__name__]))
    print("tamperings: %d of %d found (seed %d, %d rows, %d seals)" % (sum(found.values()), count, seed, clean.events + sum(map(len, clean.ranges.values())), len(clean.seals)))
    for number, way in missed[:10]:
        print("MISSED number %d: %s" % (number, way))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
