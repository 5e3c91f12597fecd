package packagebroker.core.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object whose fields are asked for by type; what is asked for wrongly is an error that names its path. */
public final class JsonObject {
    private final String path;
    private final Map<?, ?> fields;

    JsonObject(String path, Map<?, ?> fields) {
        this.path = path;
        this.fields = fields;
    }

    /** Refuses fields other than the named ones, so that a misspelt or sneaked-in one is never ignored. */
    public JsonObject allowOnly(String... names) {
        List<String> known = List.of(names);
        for (Object key : fields.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw JsonException.unexpected("expected only the fields " + String.join(", ", names) + " at " + path
                        + " but found another one");
            }
        }
        return this;
    }

    /** Returns whether a field is there, be it null. */
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /** Returns whether a field is absent or null. */
    public boolean isNull(String name) {
        return fields.get(name) == null;
    }

    /** Returns a text without control characters, bidirectional overrides and lone surrogates, at most {@code max} long. */
    public String text(String name, int max) {
        String text = findText(name, max);
        if (text == null || text.isEmpty()) {
            throw JsonException.unexpected("expected a text at " + path + "." + name);
        }
        return text;
    }

    /** Returns a text as {@link #text} does, or null where the field is absent or null. */
    public @Nullable String findText(String name, int max) {
        Object value = fields.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            throw JsonException.unexpected("expected a text at " + path + "." + name);
        }
        if (text.length() > max || !isClean(text)) {
            throw JsonException.unexpected("expected at most " + max + " plain characters at " + path + "." + name);
        }
        return text;
    }

    /** Returns a text of our own making as it stands, line breaks and all. */
    public String rawText(String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw JsonException.unexpected("expected a text at " + path + "." + name);
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean override = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
            boolean lone = Character.isSurrogate(c)
                    && !(Character.isHighSurrogate(c)
                            ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                            : i > 0 && Character.isHighSurrogate(text.charAt(i - 1)));
            if (c < ' ' || (c >= 0x7F && c < 0xA0) || override || lone) {
                return false;
            }
        }
        return true;
    }

    /** Returns an integer from {@code min} to {@code max}, or {@code otherwise} where the field is absent. */
    public long number(String name, long min, long max, long otherwise) {
        if (!fields.containsKey(name)) {
            return otherwise;
        }
        if (fields.get(name) instanceof Long number && number >= min && number <= max) {
            return number;
        }
        throw JsonException.unexpected(
                "expected a whole number from " + min + " to " + max + " at " + path + "." + name);
    }

    /** Returns a boolean, or {@code otherwise} where the field is absent. */
    public boolean flag(String name, boolean otherwise) {
        if (!fields.containsKey(name)) {
            return otherwise;
        }
        if (fields.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw JsonException.unexpected("expected true or false at " + path + "." + name);
    }

    /** Returns a list of texts, each at most {@code max} long and clean as in {@link #text}; null where absent. */
    public @Nullable List<String> findTexts(String name, int max) {
        if (!fields.containsKey(name)) {
            return null;
        }
        if (!(fields.get(name) instanceof List<?> list)) {
            throw JsonException.unexpected("expected a list of texts at " + path + "." + name);
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof String text) || text.length() > max || !isClean(text)) {
                throw JsonException.unexpected("expected a list of texts at " + path + "." + name);
            }
            texts.add(text);
        }
        return texts;
    }

    /** Returns the text, or the texts of the list, in a field; none where it is absent. */
    public List<String> oneOrMoreTexts(String name, int max) {
        List<String> texts = fields.get(name) instanceof List<?> ? findTexts(name, max) : null;
        String one = texts == null ? findText(name, max) : null;
        return texts != null ? texts : one == null ? List.of() : List.of(one);
    }

    /** Returns a list of objects. */
    public List<JsonObject> objects(String name) {
        if (!(fields.get(name) instanceof List<?> list)) {
            throw JsonException.unexpected("expected a list of objects at " + path + "." + name);
        }
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Map<?, ?> map)) {
                throw JsonException.unexpected("expected a list of objects at " + path + "." + name);
            }
            objects.add(new JsonObject(path + "." + name + "[" + objects.size() + "]", map));
        }
        return objects;
    }

    /** Returns an object, or null where the field is absent or null. */
    public @Nullable JsonObject findObject(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> map) {
            return new JsonObject(path + "." + name, map);
        }
        throw JsonException.unexpected("expected an object at " + path + "." + name);
    }

    /** Returns the names of the fields. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Object key : fields.keySet()) {
            names.add(String.valueOf(key));
        }
        return names;
    }
}
