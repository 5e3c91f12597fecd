package packagebroker.core.zip;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Ascii;
import packagebroker.core.text.Bytes;
import packagebroker.core.text.Utf8;

/** What an archive says at its end of its entries. */
public final class ZipDirectory {
    private static final long SIGNATURE = 0x02014B50L;
    private static final int HEADER = 46;
    private static final long MAX_UNPACKED = 2L << 30;
    private static final int MAX_RATIO = 200;

    /** What other tools put beside an entry that gives it another name, or larger sizes, for those who look. */
    private static final int UNICODE_PATH = 0x7075;

    private static final int ZIP64 = 1;

    private final List<ZipEntry> entries = new ArrayList<>();
    private final long size;

    private ZipDirectory(long size) {
        this.size = size;
    }

    /**
     * Reads a directory.
     *
     * @param directory its bytes
     * @param size of the whole archive, in bytes
     * @throws ZipRefused if it is damaged, or says something that readers differ about
     */
    public static ZipDirectory read(byte[] directory, ZipTail tail, long size) {
        ZipDirectory read = new ZipDirectory(size);
        int at = 0;
        for (int i = 0; i < tail.entries(); i++) {
            at = read.add(directory, at);
        }
        if (at != directory.length || tail.length() != directory.length) {
            throw damaged();
        }
        return read;
    }

    /** Returns the entries in the order of the directory. */
    public List<ZipEntry> entries() {
        return entries;
    }

    private int add(byte[] bytes, int at) {
        if (at + HEADER > bytes.length || LittleEndian.four(bytes, at) != SIGNATURE) {
            throw damaged();
        }
        int name = at + HEADER;
        int extra = name + LittleEndian.two(bytes, at + 28);
        int comment = extra + LittleEndian.two(bytes, at + 30);
        int end = comment + LittleEndian.two(bytes, at + 32);
        if (end > bytes.length) {
            throw damaged();
        }
        byte[] written = Bytes.part(bytes, name, extra);
        if (!Utf8.isWellFormed(written)) {
            throw ZipRefused.wrong("expected names in UTF-8");
        }
        ZipEntry entry = new ZipEntry(
                Utf8.decode(written),
                written.length,
                LittleEndian.two(bytes, at + 8),
                LittleEndian.two(bytes, at + 10),
                LittleEndian.four(bytes, at + 16),
                LittleEndian.four(bytes, at + 20),
                LittleEndian.four(bytes, at + 24),
                LittleEndian.four(bytes, at + 42));
        requirePlain(entry, LittleEndian.two(bytes, at + 40), LittleEndian.two(bytes, at + 34));
        if (!isPlainExtra(bytes, extra, comment)) {
            throw entry.wrong("to have one name, and no zip64");
        }
        entries.add(entry);
        return end;
    }

    private static ZipRefused damaged() {
        return ZipRefused.wrong("expected a directory with as many entries and bytes as the archive's end says");
    }

    private static void requirePlain(ZipEntry entry, int mode, int disk) {
        if (!EntryName.isSafe(entry.name())) {
            throw ZipRefused.wrong("expected names that lead below the package's folder on every system: no .., no"
                    + " backslash, no colon, no slash in front");
        }
        int type = mode & 0xF000;
        if (type != 0 && type != (entry.isFolder() ? 0x4000 : 0x8000)) {
            throw entry.wrong("to be a file or a folder, and no link");
        }
        if ((entry.flags() & ZipEntry.FLAGS & ~0x808) != 0) {
            throw entry.wrong("not to be encrypted");
        }
        boolean stored = entry.method() == 0;
        if (disk != 0 || (!stored && entry.method() != 8)) {
            throw entry.wrong("to be stored or deflated");
        }
        if ((stored && entry.packed() != entry.size()) || (entry.isFolder() && entry.size() != 0)) {
            throw entry.wrong("to have the size it has in the archive");
        }
    }

    /** Returns whether the fields beside an entry leave its name and its sizes as they are. */
    static boolean isPlainExtra(byte[] bytes, int from, int end) {
        int at = from;
        while (at + 4 <= end) {
            int id = LittleEndian.two(bytes, at);
            if (id == UNICODE_PATH || id == ZIP64) {
                return false;
            }
            at += 4 + LittleEndian.two(bytes, at + 2);
        }
        return at <= end; // Some tools leave up to three bytes over.
    }

    /**
     * Refuses what cannot be unpacked into one tree of files, or is more than anybody wants to unpack.
     *
     * @throws ZipRefused if it is so
     */
    public void requireTree() {
        long unpacked = 0;
        Set<String> names = new HashSet<>();
        Set<String> files = new HashSet<>();
        for (ZipEntry entry : entries) {
            unpacked += entry.size();
            String lower = Ascii.lower(entry.name());
            String path = entry.isFolder() ? lower.substring(0, lower.length() - 1) : lower;
            if (!names.add(path)) {
                throw entry.wrong("once, on a system that does not tell capitals, too");
            }
            if (!entry.isFolder()) {
                files.add(path);
            }
        }
        for (String path : names) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                if (files.contains(path.substring(0, slash))) {
                    throw ZipRefused.wrong("expected no file with the name of a folder");
                }
            }
        }
        if (unpacked > MAX_UNPACKED || unpacked > size * MAX_RATIO) {
            throw ZipRefused.tooMuch("expected at most 2 GiB when unpacked, and at most " + MAX_RATIO
                    + " times the size of the archive");
        }
    }

    /** Returns the entry of a name, or null. */
    public @Nullable ZipEntry find(String name) {
        for (ZipEntry entry : entries) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    /**
     * Returns the folder that Composer takes for the package's: the only one at the top, with a slash at its end; or empty, if there is
     * anything else at the top.
     */
    public String top() {
        String top = "";
        for (ZipEntry entry : entries) {
            int slash = entry.name().indexOf('/');
            String first = entry.name().substring(0, slash + 1);
            if (slash < 0 || (!top.isEmpty() && !first.equals(top))) {
                return "";
            }
            top = first;
        }
        return top;
    }
}
