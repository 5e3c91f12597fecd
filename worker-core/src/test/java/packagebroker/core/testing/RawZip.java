package packagebroker.core.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Zip archives, byte by byte, so that a test can say what no good tool would write. */
public final class RawZip {
    private final List<Entry> entries = new ArrayList<>();
    private byte[] front = new byte[0];
    private byte[] gap = new byte[0];
    private byte[] comment = new byte[0];

    /** An entry, whose fields a test may change. */
    public static final class Entry {
        public byte[] name;
        public byte[] localName;
        public byte[] plain;
        public byte[] packed;
        public int method = 8;
        public int flags;
        public int localFlags = -1;
        public long size;
        public long packedSize;
        public long crc;
        public int mode;
        public byte[] extra = new byte[0];
        public boolean deferred;
        public boolean sizeInFront;
        public byte[] behind = new byte[0];
        public boolean headless;
        public long offset = -1;

        private Entry(String name, byte[] plain) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.localName = this.name;
            this.plain = plain;
            this.packed = deflated(plain);
            this.size = plain.length;
            this.packedSize = packed.length;
            CRC32 sum = new CRC32();
            sum.update(plain);
            this.crc = sum.getValue();
        }
    }

    /** Changes an entry. */
    public interface Change {
        void to(Entry entry);
    }

    /** Returns a good archive of a package. */
    public static RawZip of(String composerJson) {
        return new RawZip()
                .file("composer.json", composerJson)
                .file("src/Tool.php", "<?php namespace Acme; final class Tool {}\n");
    }

    /** Returns what deflates to the bytes, without a header. */
    public static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(plain);
        deflater.finish();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] buffer = new byte[65_536];
        while (!deflater.finished()) {
            packed.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return packed.toByteArray();
    }

    /** Adds a file. */
    public RawZip file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8), entry -> {});
    }

    /** Adds a file that is changed before it is written. */
    public RawZip file(String name, byte[] content, Change change) {
        Entry entry = new Entry(name, content);
        change.to(entry);
        entries.add(entry);
        return this;
    }

    /** Adds a file that is not deflated. */
    public RawZip stored(String name, byte[] content) {
        return file(name, content, entry -> {
            entry.method = 0;
            entry.packed = content;
            entry.packedSize = content.length;
        });
    }

    /** Puts bytes in front of the first entry; the directory knows of them. */
    public RawZip after(String text) {
        front = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Puts bytes between the last entry and the directory. */
    public RawZip gap(String text) {
        gap = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Says something at the end. */
    public RawZip comment(String text) {
        comment = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Returns the archive. */
    public byte[] bytes() {
        Out out = new Out();
        out.write(front);
        for (Entry entry : entries) {
            if (entry.offset < 0) {
                entry.offset = out.size();
            }
            if (!entry.headless) {
                local(out, entry);
            }
        }
        out.write(gap);
        int start = out.size();
        for (Entry entry : entries) {
            central(out, entry);
        }
        int length = out.size() - start;
        out.four(0x06054B50).two(0).two(0).two(entries.size()).two(entries.size());
        out.four(length).four(start).two(comment.length).write(comment);
        return out.toByteArray();
    }

    private static void local(Out out, Entry entry) {
        int flags = entry.localFlags >= 0 ? entry.localFlags : entry.flags;
        boolean blank = entry.deferred;
        out.four(0x04034B50)
                .two(20)
                .two(flags | (blank ? 8 : 0))
                .two(entry.method)
                .four(0);
        out.four(blank ? 0 : entry.crc)
                .four(blank ? 0 : entry.packedSize)
                .four(blank && !entry.sizeInFront ? 0 : entry.size);
        out.two(entry.localName.length).two(entry.extra.length);
        out.write(entry.localName);
        out.write(entry.extra);
        out.write(entry.packed);
        if (blank) {
            out.four(0x08074B50).four(entry.crc).four(entry.packedSize).four(entry.size);
        }
        out.write(entry.behind);
    }

    private static void central(Out out, Entry entry) {
        out.four(0x02014B50).two(0x031E).two(20).two(entry.flags | (entry.deferred ? 8 : 0));
        out.two(entry.method).four(0).four(entry.crc).four(entry.packedSize).four(entry.size);
        out.two(entry.name.length).two(entry.extra.length).two(0).two(0).two(0);
        out.two(0).two(entry.mode).four(entry.offset);
        out.write(entry.name);
        out.write(entry.extra);
    }

    private static final class Out extends ByteArrayOutputStream {
        Out two(int value) {
            write(value & 0xFF);
            write(value >> 8 & 0xFF);
            return this;
        }

        Out four(long value) {
            return two((int) (value & 0xFFFF)).two((int) (value >> 16 & 0xFFFF));
        }

        @Override
        public void write(byte[] bytes) {
            write(bytes, 0, bytes.length);
        }
    }
}
