"""Asks scripts/verify-audit for its verdict on logs whose key we hold ourselves, so that they can be forked and cut as an operator could."""
import base64
import contextlib
import hashlib
import io
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from tamper import Forger, dump, judge  # noqa: E402

OURS, THEIRS = Forger(b"ours"), Forger(b"theirs")


def id_of(forger):
    return hashlib.sha256(judge.NAME.encode() + b"\n\x01" + forger.key).digest()[:4]


def key_of(forger):
    return "%s+%s+%s" % (judge.NAME, id_of(forger).hex(), base64.b64encode(b"\x01" + forger.key).decode())


def log(forger, count, after=None, actor="token:x"):
    """Returns the lines of some seals with an event each that follow a seal, and the last seal."""
    last, lines = after or judge.START, []
    for seq in range(last["audit_upto"] + 1, last["audit_upto"] + 1 + count):
        row = dict(type="event", seq=seq, at=1000 + seq, request="r%d" % seq, actor=actor, action="create.token", target="t",
                   outcome="allow", status=200, address="192.0.2.1", agent="a", detail="{}")
        row["hash"] = judge.row_hash(b"audit-v1", row, judge.EVENT).hex()
        head = hashlib.sha256(bytes.fromhex(last["head"]) + b"\x01" + seq.to_bytes(8, "big") + bytes.fromhex(row["hash"])).hexdigest()
        last = dict(number=last["number"] + 1, at=2000 + seq, audit_upto=seq, segment_upto=0, entries=last["entries"] + 1, head=head)
        last["note"] = forger.note(judge.seal_text(last), id_of(forger))
        lines += [row, dict(type="seal", **last)]
    return lines, last


def export(forger, lines, after, last, goes_on=None, until=None):
    lines = [dict(type="export", form=1, made_at=5000, key=key_of(forger), after=after)] + lines
    end = dict(type="end", last=last["number"], next=goes_on, to=until, sha256=hashlib.sha256(dump(lines)).hexdigest())
    end["note"] = forger.note(judge.end_text((after or judge.START)["number"], 5000, end), id_of(forger))
    return dump(lines + [end])


def verdict(folder, exports, *options, anchors=()):
    names = []
    for i, data in enumerate(exports):
        names.append(os.path.join(folder, "export-%d" % i))
        with open(names[-1], "wb") as file:
            file.write(data)
    for i, seals in enumerate(anchors):
        name = os.path.join(folder, "anchor-%d" % i)
        with open(name, "w", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(seal["note"] for seal in seals))
        options += ("--anchor", name)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        code = judge.main([*names, *options])
    return code, output.getvalue()


def main():
    key = ("--key", key_of(OURS))
    lines, third = log(OURS, 3)
    first = log(OURS, 1)[1]
    more, fifth = log(OURS, 2, third)
    forked, fork = log(OURS, 3, actor="token:forged")
    forked_more, fork_end = log(OURS, 2, fork)
    their_more, their_end = log(THEIRS, 2, third)
    whole = export(OURS, lines, None, third)
    part = export(OURS, lines, None, third, goes_on=3)
    rest = export(OURS, more, third, fifth)
    cases = [
        ("a whole log", 0, [whole], key, []),
        ("a log in two parts", 0, [part, rest], key, []),
        ("a log with a checkpoint of it", 0, [whole], key, [[third]]),
        ("a part that begins at a checkpoint", 0, [rest], key, [[third]]),
        ("a fork that begins at a checkpoint", 1, [export(OURS, forked_more, fork, fork_end)], key, [[third]]),
        ("a whole fork", 1, [export(OURS, forked + forked_more, None, fork_end)], key, [[third]]),
        ("a part with a checkpoint from before", 4, [rest], key, [[first]]),
        ("a fork with a checkpoint from before", 4, [export(OURS, forked_more, fork, fork_end)], key, [[first]]),
        ("a part with one from before and one of it", 0, [rest], key, [[first, fifth]]),
        ("a part with two files, one of them from before", 4, [rest], key, [[first], [fifth]]),
        ("a part that goes on, and a later checkpoint", 4, [part], key, [[fifth]]),
        ("what came until a time, and a later checkpoint", 4, [export(OURS, lines, None, third, until=9)], key, [[fifth]]),
        ("a log that was cut", 1, [whole], key, [[fifth]]),
        ("no key", 4, [whole], (), []),
        ("no key, and a log of their own", 4, [export(THEIRS, *log(THEIRS, 3)[:1], None, log(THEIRS, 3)[1])], (), []),
        ("the key of the export is believed", 0, [whole], ("--trust-export-key",), []),
        ("another key in the second part", 1, [part, export(THEIRS, their_more, third, their_end)], ("--trust-export-key",), []),
        ("another key in the second part, no key", 1, [part, export(THEIRS, their_more, third, their_end)], (), []),
        ("a log of theirs", 1, [export(THEIRS, *log(THEIRS, 3)[:1], None, log(THEIRS, 3)[1])], key, []),
        ("the same part twice", 1, [whole, whole], key, []),
        ("a seal before the first one with a field too many", 1, [export(OURS, more, dict(third, by="x"), fifth)], key, []),
    ]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, expected, exports, options, anchors in cases:
            code, output = verdict(folder, exports, *options, anchors=anchors)
            if code != expected:
                wrong += 1
                print("%s: expected %d but found %d\n%s" % (name, expected, code, output))
    print("verdicts: %d of %d as expected" % (len(cases) - wrong, len(cases)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
