"""Checks exports of the audit log (NDJSON) without the product: hashes, chain, signatures, numbering. Python's own library only."""
import argparse
import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys

from ed25519 import is_signed

NAME = "package.broker/audit"
EVENT = ("at", "request", "actor", "action", "target", "outcome", "status", "address", "agent", "detail")
READS = ("isolate", "first", "events", "from_at", "to_at", "body")
SEAL = ("number", "at", "audit_upto", "segment_upto", "entries", "head", "note")
NUMBERS = {"seq", "at", "status", "first", "events", "from_at", "to_at", "number", "audit_upto", "segment_upto", "entries"}
HASHES = {"head", "hash"}
KINDS = {"event": (b"audit-v1", EVENT, 1, "audit"), "reads": (b"segment-v1", READS, 2, "audit_segment")}
EXPORT, END = ("type", "form", "made_at", "key", "after"), ("type", "last", "next", "to", "sha256", "note")
START = dict.fromkeys(SEAL, 0) | {"head": "00" * 32, "note": ""}

def key_of(text):
    """Returns (id, key) of NAME+id+base64, or of the bare key in base64."""
    parts = text.strip().split("+", 2)
    data = base64.b64decode(parts[2] if len(parts) == 3 and parts[0] == NAME else text.strip(), validate=True)
    key = data[1:] if len(data) == 33 and data[0] == 1 else data
    if len(key) != 32:
        raise ValueError("expected a key of 32 bytes but found %d" % len(key))
    return hashlib.sha256(NAME.encode() + b"\n\x01" + key).digest()[:4], key

def note_problem(note, text, keys):
    """Returns what is wrong with a signed note that has to hold this text, or None."""
    match = re.fullmatch(r"(.*\n)\n\u2014 " + re.escape(NAME) + r" ([A-Za-z0-9+/]{91}=)\n", note, re.S)
    if not match:
        return "has no signature"
    if match[1] != text:
        return "is signed for something else"
    data = base64.b64decode(match[2])
    if base64.b64encode(data).decode() != match[2]:
        return "has a signature that is written in another way than we write it"
    if data[:4] not in keys:
        return "is signed by another key (%s)" % data[:4].hex()
    return None if is_signed(keys[data[:4]], text.encode(), data[4:]) else "has a signature that is not good"

def seal_text(seal):
    head = base64.b64encode(bytes.fromhex(seal["head"])).decode()
    return "%s\n%d\n%s\nseal %d\nat %d\naudit %d\nsegments %d\n" % (
        NAME, seal["entries"], head, seal["number"], seal["at"], seal["audit_upto"], seal["segment_upto"])

def end_text(after, made_at, line):
    shown = ["-" if line[name] is None else line[name] for name in ("next", "to")]
    return "%s\nexport of seals %d to %s\n%s\nat %d\nnext %s\nuntil %s\n" % (NAME, after, line["last"], line["sha256"], made_at, *shown)

def form_problem(line, names):
    for name in names:
        value, number = line.get(name), name in NUMBERS
        if type(value) is not (int if number else str) or (number and value < 0) or (name in HASHES and not re.fullmatch("[0-9a-f]{64}", value)):
            return "has no sound %s" % name
    return "has a field too many" if len(line) != len(names) + 1 else None

def row_hash(kind, row, names):
    values = [str(row[name]).encode() for name in names]
    return hashlib.sha256(kind + b"".join(len(value).to_bytes(4, "big") + value for value in values)).digest()

class Log:
    """What was read so far of one log, over one or more exports."""

    def __init__(self, keys=None):
        self.keys, self.named = keys or {}, not keys
        self.problems, self.unproven, self.seals, self.ranges, self.losses = [], [], {}, {}, []
        self.last, self.begin, self.next, self.to, self.made_at, self.after, self.events, self.reads = None, None, None, None, 0, 0, 0, 0

    def problem(self, where, what):
        self.problems.append("%s: %s" % (where, what))

    def read(self, name, data):
        """Reads an export; what it finds is in problems."""
        try:
            self.lines(name, data)
        except (ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
            self.problem(name, "it is no export: %s" % error)

    def lines(self, name, data):
        lines = data.split(b"\n")
        if lines.pop():
            self.problem(name, "it breaks off in the middle of a line")
        digest, state, rows = hashlib.sha256(), "export", []
        for number, raw in enumerate(lines, 1):
            where = "%s line %d" % (name, number)
            line = json.loads(raw, object_pairs_hook=unique)
            kind = line["type"]
            if state == "over" or (kind == "export") != (state == "export") or kind not in ("export", "event", "reads", "seal", "end"):
                self.problem(where, "a line of type %s has no place here" % kind)
                return
            if kind == "end":
                self.finish(where, raw, line, rows, digest.hexdigest())
                state = "over"
            elif kind == "export":
                if not self.start(where, line):
                    return
                state = "rows"
            elif kind == "seal":
                self.seal(where, line, rows)
                rows = []
            else:
                rows.append((where, line))
            digest.update(raw + b"\n")
        if state != "over":
            self.problem(name, "it breaks off: its last line is missing")

    def start(self, where, line):
        after = line.get("after")
        if set(line) != set(EXPORT) or line["form"] != 1 or type(line.get("made_at")) is not int or type(line.get("key")) is not str:
            self.problem(where, "expected an export of form 1")
            return False
        self.made_at = line["made_at"]
        if self.named and not self.keys:
            self.keys = dict([key_of(line["key"])])
        wrong = after is not None and ("has other fields" if set(after) != set(SEAL) else form_problem(dict(after, type=""), SEAL))
        if wrong:
            self.problem(where, "the seal before the first one %s" % wrong)
            return False
        self.after = (after or START)["number"]
        if self.last is None:
            self.last = self.begin = after or START
            if after:
                self.check_note(where, after)
                self.seals[after["number"]] = (after["entries"], after["head"])
        elif (after or START) != self.last:
            self.problem(where, "it does not go on where the one before it ended (seal %d)" % self.last["number"])
            return False
        return True

    def check_note(self, where, seal):
        wrong = note_problem(seal["note"], seal_text(seal), self.keys)
        if wrong:
            self.problem(where, "the checkpoint of seal %d %s" % (seal["number"], wrong))

    def seal(self, where, seal, rows):
        wrong = form_problem(seal, SEAL)
        if wrong:
            self.problem(where, "the seal %s" % wrong)
            return
        before, upto, head = self.last, {1: self.last["audit_upto"], 2: self.last["segment_upto"]}, bytes.fromhex(self.last["head"])
        if seal["number"] != before["number"] + 1:
            self.problem(where, "expected seal %d but found %d" % (before["number"] + 1, seal["number"]))
        if seal["at"] < before["at"]:
            self.problem(where, "seal %d is older than the one before it" % seal["number"])
        stream_before = 1
        for place, row in rows:
            kind, names, stream, table = KINDS[row["type"]]
            wrong = form_problem(row, ("seq",) + names + ("hash",))
            if wrong:
                self.problem(place, "the row of %s %s" % (table, wrong))
                continue
            digest = row_hash(kind, row, names)
            if digest.hex() != row["hash"]:
                self.problem(place, "row %d of %s is not what was written: its hash does not fit" % (row["seq"], table))
            if row["seq"] != upto[stream] + 1 or stream < stream_before:
                self.problem(place, "expected row %d of %s but found %d" % (upto[stream] + 1, table, row["seq"]))
            upto[stream], stream_before = row["seq"], stream
            head = hashlib.sha256(head + bytes([stream]) + row["seq"].to_bytes(8, "big") + bytes.fromhex(row["hash"])).digest()
            self.count(place, row)
        if (seal["audit_upto"], seal["segment_upto"]) != (upto[1], upto[2]) or seal["entries"] != before["entries"] + len(rows):
            self.problem(where, "seal %d names other rows than those before it" % seal["number"])
        if seal["head"] != head.hex():
            self.problem(where, "seal %d: the chain over its rows is broken" % seal["number"])
        self.last = {name: seal[name] for name in SEAL}
        self.check_note(where, seal)
        self.seals[seal["number"]] = (seal["entries"], seal["head"])

    def count(self, where, row):
        if row["type"] == "reads":
            self.reads += row["events"]
            if row["body"].count("\n") != row["events"] or row["events"] < 1:
                self.problem(where, "the segment does not hold the %d events that it says" % row["events"])
            self.ranges.setdefault(row["isolate"], []).append((row["first"], row["events"]))
            return
        self.events += 1
        if row["action"] == "lose.reads":
            detail = json.loads(row["detail"])
            self.losses.append((row["target"], detail["first"], detail["events"]))

    def finish(self, where, raw, line, rows, digest):
        if rows:
            self.problem(where, "%d rows before it are under no seal" % len(rows))
        # Nothing covers this line but what its note says: there is one way to write it.
        if tuple(line) != END or raw != json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode():
            self.problem(where, "the last line is not written as we write it")
            return
        if line["last"] != self.last["number"]:
            self.problem(where, "expected the export to end with seal %s but found seal %d" % (line["last"], self.last["number"]))
        if line["sha256"] != digest:
            self.problem(where, "the export is not what was handed out: its SHA-256 does not fit")
        wrong = note_problem(line["note"], end_text(self.after, self.made_at, line), self.keys)
        if wrong:
            self.problem(where, "the export %s" % wrong)
        self.next, self.to = line["next"], line["to"]

    def anchor(self, name, text):
        """Compares with checkpoints that somebody else has kept."""
        pattern = re.escape(NAME) + r"\n(\d+)\n(\S+)\nseal (\d+)\nat \d+\naudit \d+\nsegments \d+\n\n\u2014 [^\n]+\n"
        known = list(re.finditer(pattern, text))
        if not known:
            self.problem(name, "it holds no checkpoint")
        outside, last, ends = [], (self.last or START)["number"], self.next is None and self.to is None
        for match in known:
            note, number = match[0], int(match[3])
            wrong = note_problem(note, note[: note.rindex("\n\u2014 ")], self.keys)
            if wrong:
                self.problem(name, "the checkpoint of seal %d %s" % (number, wrong))
            elif number > last and ends:
                self.problem(name, "it knows seal %d, but the log ends with seal %d: it was cut" % (number, last))
            elif number not in self.seals:
                outside.append(number)
            elif self.seals[number] != (int(match[1]), base64.b64decode(match[2]).hex()):
                self.problem(name, "seal %d is another one here: the log was written anew" % number)
        if outside:
            print("%s: %d of its checkpoints are outside of what was exported (%s): nothing was compared with them" % (name, len(outside), ", ".join(map(str, outside[:10]))))
        if known and len(outside) == len(known):
            self.unproven.append("%s holds no checkpoint of what was exported" % name)

    def gaps(self):
        """Returns the numbers of reads that are missing: (isolate, first, count, whether the log owns up to it)."""
        found = []
        for isolate, ranges in sorted(self.ranges.items()):
            ranges.sort()
            expected = 1 if self.begin is START else ranges[0][0]
            for first, events in ranges:
                if first > expected:
                    count = first - expected
                    own = [(f, f + n) for who, f, n in self.losses if who == isolate]
                    open_ = [i for i in range(expected, min(first, expected + 100_000)) if not any(f <= i < t for f, t in own)]
                    found.append((isolate, expected, count, not open_))
                elif first < expected:
                    self.problem("isolate %s" % isolate, "its reads %d to %d are there twice" % (first, min(expected, first + events) - 1))
                expected = max(expected, first + events)
        return found

def unique(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a field twice")
    return dict(pairs)

def day(millis):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=millis)).isoformat(" ", "seconds") if millis < 1 << 47 else "?"

def report(log, gaps):
    """Prints what was found and returns how it ends."""
    for isolate, first, count, explained in gaps:
        print("%s reads are missing: isolate %s, %d from number %d" % ("lost" if explained else "UNEXPLAINED:", isolate, count, first))
    for problem in log.problems[:50]:
        print("WRONG %s" % problem)
    for what in log.unproven:
        print("NOT PROVEN: %s" % what)
    begin, last = log.begin or START, log.last or START
    print("seals %d to %d, sealed from %s to %s UTC" % (begin["number"] + 1, last["number"], day(begin["at"]) if begin["number"] else "the beginning", day(last["at"])))
    if log.to is not None:
        print("only what came until %s UTC was asked for" % day(log.to))
    if log.next is not None:
        print("the log goes on: export it after seal %s and give both" % log.next)
    verdict = "%d problems" % len(log.problems) if log.problems else "nothing is wrong, but not all is proven" if log.unproven else "all is well"
    print("%d changes, %d reads, %d seals: %s" % (log.events, log.reads, last["number"] - begin["number"], verdict))
    return 1 if log.problems else 2 if any(not explained for *_, explained in gaps) else 4 if log.unproven else 0

def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("export", nargs="+", help="NDJSON of GET /api/audit/export, the parts of one log in their order")
    parser.add_argument("--key", action="append", default=[], help="a public key, as GET /api/audit/key shows it")
    parser.add_argument("--trust-export-key", action="store_true", help="believe the key that the first export names: whoever made it can have named his own")
    parser.add_argument("--anchor", action="append", default=[], help="a file of checkpoints kept elsewhere")
    options = parser.parse_args(arguments)
    try:
        log = Log(dict(key_of(key) for key in options.key))
        for name in options.export:
            log.read(name, pathlib.Path(name).read_bytes())
        for name in options.anchor:
            log.anchor(name, pathlib.Path(name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        parser.exit(3, "verify-audit: %s\n" % error)
    if log.named and not options.trust_export_key:
        log.unproven.append("who signed: no --key was given, and the export can name any")
    return report(log, log.gaps())

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
