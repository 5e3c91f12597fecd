package packagebroker.core.dist;

import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Percent;

/**
 * The path of an archive, a permanent public address: {@code /dist/{vendor}/{name}/{version}/r{key}.{type}}.
 *
 * @param version the normalised version, or its md5 if it holds a slash (as Composer's mirror URLs have it, P51)
 * @param key the reference if it is lower-case hex, else its md5; {@code n} and 16 digits where there is none; for other bytes
 *     that were accepted for it, {@code v} and 16 digits of their SHA-1 follow
 *     A client that fills in {@link packagebroker.core.mirror.Mirror#DIST_TEMPLATE} leaves it empty where there is none
 * @param type zip, tar, …
 */
public record DistPath(PackageName name, String version, String key, String type) {
    private static final int MAX_LENGTH = 255;

    /** Returns the path of four raw segments, or null if they cannot be one. */
    static @Nullable DistPath find(String vendor, String name, String version, String file) {
        String plainVendor = Percent.decode(vendor);
        String plainName = Percent.decode(name);
        String plainVersion = Percent.decode(version);
        if (plainVendor == null || plainName == null || plainVersion == null) {
            return null;
        }
        PackageName packageName = PackageName.find(plainVendor + "/" + plainName);
        int dot = file.indexOf('.');
        if (packageName == null || dot < 1 || file.charAt(0) != 'r' || plainVersion.length() > MAX_LENGTH) {
            return null;
        }
        String key = file.substring(1, dot);
        String type = file.substring(dot + 1);
        boolean sound = isKey(key) && isType(type) && plainVersion.indexOf('/') < 0 && key.length() <= MAX_LENGTH;
        return sound ? new DistPath(packageName, plainVersion, key, type) : null;
    }

    private static boolean isKey(String key) {
        int variant = key.indexOf('v');
        String first = variant < 0 ? key : key.substring(0, variant);
        String digits = first.startsWith("n") ? first.substring(1) : first;
        boolean sound = Hex.isHex(digits) && (variant < 0 || Hex.isHex(key.substring(variant + 1)));
        return sound || key.isEmpty();
    }

    private static boolean isType(String type) {
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !type.isEmpty() && type.length() <= 10;
    }

    /** Returns whether it names no archive of its own, but the only one that its version has without a reference. */
    boolean isOpen() {
        return key.isEmpty();
    }

    /** Returns the path of the archive that a key names. */
    DistPath withKey(String other) {
        return new DistPath(name, version, other, type);
    }

    /** Returns the part behind the package: {@code 1.0.0.0/rabc.zip}. */
    String rest() {
        return version + "/r" + key + "." + type;
    }

    @Override
    public String toString() {
        return name + "/" + rest();
    }
}
