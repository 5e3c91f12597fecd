package packagebroker.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.Clock;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.text.Hex;

/** A store of files in a temporary directory that is as strict as R2; {@link #corrupt} does what R2 never should. */
public final class FileObjects implements ObjectStore, AutoCloseable {
    private static final int LONGEST_KEY = 1024;
    private static final int MOST_KEYS = 1000;

    private final Path directory;
    private final TreeMap<String, Path> files = new TreeMap<>();
    private final Map<String, FileUpload> uploads = new HashMap<>();
    private final JcaDigests digests = new JcaDigests();
    private final Counts counts;
    private final Clock clock;
    private final Map<String, Long> times = new HashMap<>();
    private final Faults faults = new Faults();
    private int names;

    /** Creates an empty store. */
    public FileObjects(Counts counts, Clock clock) {
        this.counts = counts;
        this.clock = clock;
        try {
            directory = Files.createTempDirectory("objects");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the switch for failures. */
    public Faults faults() {
        return faults;
    }

    /** Returns all keys in order. */
    public synchronized List<String> keys() {
        return new ArrayList<>(files.keySet());
    }

    /** Returns the keys of uploads that were begun and neither completed nor aborted. */
    public synchronized List<String> openUploads() {
        return uploads.values().stream()
                .filter(FileUpload::isOpen)
                .map(FileUpload::key)
                .sorted()
                .toList();
    }

    /** Gives up uploads that nobody completed or aborted, as R2 does after a week. */
    public synchronized void expireUploads() {
        uploads.clear();
    }

    /** Replaces an object's bytes behind the product's back. */
    public synchronized void corrupt(String key, byte[] bytes) {
        write(files.get(key), bytes);
    }

    @Override
    public @Nullable Stored get(String key, @Nullable Range range) {
        return call(Counts.READS, () -> {
            Path file = files.get(checked(key));
            return file == null ? null : open(key, file, range);
        });
    }

    private static Stored open(String key, Path file, @Nullable Range range) {
        try {
            long size = Files.size(file);
            if (range == null) {
                return new Stored(key, size, new StreamBody(Files.newInputStream(file), size, size));
            }
            if (range.offset() < 0 || range.offset() >= size || range.length() <= 0) {
                throw refused("get: The requested range is not satisfiable (10039)");
            }
            long length = Math.min(range.length(), size - range.offset());
            InputStream in = new PartStream(Files.newInputStream(file), range.offset(), length);
            return new Stored(key, size, new StreamBody(in, length, length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable Stored head(String key) {
        return call(Counts.READS, () -> {
            Path file = files.get(checked(key));
            return file == null ? null : new Stored(key, sizeOf(file), Body.empty());
        });
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(String key, Body piece, @Nullable String sha256) {
        byte[] bytes = Pieces.of(piece);
        call(Counts.WRITES, () -> {
            checked(key);
            if (sha256 != null && !sha256.equals(Hex.of(digests.sha256(bytes)))) {
                throw new ObjectStoreException(true, "put: The SHA-256 checksum you specified did not match (10037)");
            }
            if (files.containsKey(key)) {
                throw refused("expected a key that was never used but found " + key);
            }
            Path file = newFile();
            write(file, bytes);
            enter(key, file);
            return null;
        });
    }

    @Override
    public Upload upload(String key, @Nullable String uploadId) {
        checked(key);
        if (uploadId == null) {
            return call(Counts.WRITES, () -> {
                FileUpload begun = new FileUpload(this, key, "upload-" + names++);
                uploads.put(begun.id(), begun);
                return begun;
            });
        }
        synchronized (this) {
            FileUpload known = uploads.get(uploadId);
            if (known == null || !known.key().equals(key)) {
                throw refused("The specified multipart upload does not exist. (10024)");
            }
            return known;
        }
    }

    @Override
    public void delete(String key) {
        call(Counts.WRITES, () -> {
            files.remove(checked(key)); // The file stays until the end: bodies that are being read go on.
            return null;
        });
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int limit) {
        return call(Counts.WRITES, () -> {
            if (limit < 1 || limit > MOST_KEYS) {
                throw refused("list: MaxKeys params must be positive integer <= 1000. (10022)");
            }
            SortedMap<String, Path> rest = after == null ? files : files.tailMap(after, false);
            return rest.keySet().stream()
                    .filter(key -> key.startsWith(prefix))
                    .limit(limit)
                    .map(key -> new Listed(key, times.getOrDefault(key, 0L)))
                    .toList();
        });
    }

    synchronized <T> T call(int count, Work<T> work) {
        counts.add(count, 1);
        Faults.Turn turn = faults.next();
        if (turn == Faults.Turn.FAILS) {
            throw refused("We encountered an internal error. Please try again. (10001)");
        }
        T answer = work.run();
        if (turn == Faults.Turn.LOSES_ITS_ANSWER) {
            throw refused("We encountered an internal error. Please try again. (10001)");
        }
        return answer;
    }

    void publish(String key, List<byte[]> parts) {
        Path file = newFile();
        try (var out = Files.newOutputStream(file)) {
            for (byte[] part : parts) {
                out.write(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        enter(key, file);
    }

    private void enter(String key, Path file) {
        files.put(key, file);
        times.put(key, clock.millis());
    }

    private Path newFile() {
        return directory.resolve("o" + names++);
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String checked(String key) {
        boolean ascii = key.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (key.isEmpty() || key.length() > LONGEST_KEY || !ascii) {
            throw refused("The specified object name is not valid. (10020)");
        }
        return key;
    }

    static ObjectStoreException refused(String message) {
        return new ObjectStoreException(false, message);
    }

    @Override
    public synchronized void close() {
        try (var left = Files.list(directory)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    interface Work<T> {
        T run();
    }
}
