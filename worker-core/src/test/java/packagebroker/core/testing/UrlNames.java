package packagebroker.core.testing;

import java.text.Normalizer;
import java.util.Locale;
import packagebroker.core.testing.WhatwgUrls.NotAUrl;

/**
 * Names beyond ASCII, by the rules of UTS 46 for URLs; java.net.IDN follows older ones (IDNA 2003 makes {@code ß}
 * {@code ss}).
 */
final class UrlNames {
    private static final String IGNORED = "\u00AD\u200B\u2060\uFEFF";

    private UrlNames() {}

    static String toAscii(String name) {
        if (name.chars().allMatch(c -> c < 128)) {
            return name.toLowerCase(Locale.ROOT);
        }
        String[] labels = mapped(name).split("\\.", -1);
        for (int i = 0; i < labels.length; i++) {
            refuseUnless(!labels[i].startsWith("xn--")); // Half encoded: it would have to be decoded to be judged.
            labels[i] = label(labels[i]);
        }
        return String.join(".", labels);
    }

    private static String mapped(String name) {
        StringBuilder mapped = new StringBuilder();
        name.codePoints().forEach(point -> {
            if (point == 0x130) {
                mapped.append("i\u0307");
            } else if (IGNORED.indexOf(point) < 0 && (point < 0xFE00 || point > 0xFE0F)) {
                mapped.appendCodePoint(Character.toLowerCase(point));
            }
        });
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return normal.replace('\u3002', '.').replace('\u03C2', 'σ');
    }

    private static String label(String label) {
        if (label.chars().allMatch(c -> c < 128)) {
            return label;
        }
        boolean rightToLeft = false;
        boolean leftToRight = false;
        for (int point : label.codePoints().toArray()) {
            byte direction = Character.getDirectionality(point);
            rightToLeft |= direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                    || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
            leftToRight |= direction == Character.DIRECTIONALITY_LEFT_TO_RIGHT;
            refuseUnless(isAllowed(point));
        }
        refuseUnless(!(rightToLeft && leftToRight) && !isMark(label.codePointAt(0)));
        return "xn--" + Punycode.encode(label);
    }

    private static boolean isAllowed(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> point != 0xFFFD;
        };
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    private static void refuseUnless(boolean fine) {
        if (!fine) {
            throw new NotAUrl();
        }
    }
}
