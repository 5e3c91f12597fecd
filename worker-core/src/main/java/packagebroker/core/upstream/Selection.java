package packagebroker.core.upstream;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Ascii;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.text.Utf8;
import packagebroker.core.text.Words;

/**
 * Which repositories of a git host are wanted: some by their paths, and those of whole organisations.
 *
 * @param repositories their paths, such as {@code acme/tool}
 */
public record Selection(List<String> repositories, List<Organisation> organisations) {
    /** That of what is no git host. */
    public static final Selection NONE = new Selection(List.of(), List.of());

    /** The fields that say so in the API. */
    static final List<String> FIELDS = List.of("repositories", "organisations");

    private static final int MAX_REPOSITORIES = 500;
    private static final int MAX_ORGANISATIONS = 50;
    private static final int MAX_GLOBS = 50;
    private static final int MAX_LENGTH = 255;

    /**
     * An organisation, or a group of GitLab.
     *
     * @param include what the names of its repositories look like, {@code *} standing for anything; none: all
     * @param exclude what they must not look like
     */
    public record Organisation(String name, List<String> include, List<String> exclude) {
        /** Returns whether a repository of that name is wanted. */
        public boolean includes(String repository) {
            return (include.isEmpty() || isAny(include, repository)) && !isAny(exclude, repository);
        }

        private static boolean isAny(List<String> globs, String name) {
            for (String glob : globs) {
                if (isMatch(glob, name)) {
                    return true;
                }
            }
            return false;
        }

        Map<String, @Nullable Object> shown() {
            return Json.object("name", name, "include", include, "exclude", exclude);
        }
    }

    /** Returns whether a name is as a glob has it, without regard to the case; takes as many steps as both are long, multiplied. */
    static boolean isMatch(String glob, String name) {
        String wanted = Ascii.lowerCase(glob);
        String text = Ascii.lowerCase(name);
        int at = 0;
        int star = -1;
        int starred = 0;
        for (int i = 0; i < text.length(); ) {
            if (at < wanted.length() && wanted.charAt(at) == '*') {
                star = at++;
                starred = i;
            } else if (at < wanted.length() && wanted.charAt(at) == text.charAt(i)) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1; // The last star stands for one character more.
                i = ++starred;
            } else {
                return false;
            }
        }
        while (at < wanted.length() && wanted.charAt(at) == '*') {
            at++;
        }
        return at == wanted.length();
    }

    /**
     * Returns the selection with the fields that an API body gives.
     *
     * @throws JsonException if they select nothing, or what cannot be a repository
     */
    Selection with(JsonObject body) {
        List<String> paths = body.has("repositories") ? body.findTexts("repositories", MAX_LENGTH) : repositories;
        Selection selection = new Selection(
                paths == null ? List.of() : paths, body.has("organisations") ? organisations(body) : organisations);
        for (String repository : selection.repositories) {
            check(repository);
        }
        int all = selection.repositories.size() + selection.organisations.size();
        if (all == 0 || selection.repositories.size() > MAX_REPOSITORIES) {
            throw JsonException.unexpected("expected repositories, at most " + MAX_REPOSITORIES + ", or organisations");
        }
        return selection;
    }

    private static void check(String repository) {
        if (repository.indexOf('/') < 0 || !isPath(repository)) {
            throw JsonException.unexpected("expected paths such as acme/tool at $.repositories");
        }
    }

    /** Returns whether a text is a path without surprises: segments of letters, digits and {@code ._-~}, none of them dots alone. */
    public static boolean isPath(String text) {
        List<String> segments = Words.separated(text, '/');
        boolean sound = !segments.isEmpty() && !text.endsWith("/") && text.length() <= MAX_LENGTH;
        for (String segment : segments) {
            sound &= Ascii.isWordOf(segment, "._-~") && !segment.equals(".") && !segment.equals("..");
        }
        return sound;
    }

    private static List<Organisation> organisations(JsonObject body) {
        List<Organisation> organisations = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (JsonObject one : body.objects("organisations")) {
            String name = one.allowOnly("name", "include", "exclude").text("name", MAX_LENGTH);
            if (!isPath(name) || !names.add(name) || names.size() > MAX_ORGANISATIONS) {
                throw JsonException.unexpected(
                        "expected the names of at most " + MAX_ORGANISATIONS + " organisations at $.organisations");
            }
            organisations.add(new Organisation(name, globs(one, "include"), globs(one, "exclude")));
        }
        return organisations;
    }

    private static List<String> globs(JsonObject organisation, String field) {
        List<String> globs = organisation.findTexts(field, MAX_LENGTH);
        if (globs != null && globs.size() > MAX_GLOBS) {
            throw JsonException.unexpected("expected at most " + MAX_GLOBS + " patterns at $.organisations." + field);
        }
        return globs == null ? List.of() : globs;
    }

    /** Returns the selection that a column holds. */
    static Selection parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        JsonObject json = Json.read(Utf8.encode(text));
        List<String> repositories = json.findTexts("repositories", MAX_LENGTH);
        return new Selection(repositories == null ? List.of() : repositories, organisations(json));
    }

    /** Returns what the column holds, and the log. */
    Map<String, @Nullable Object> shown() {
        List<Object> shown = new ArrayList<>();
        for (Organisation organisation : organisations) {
            shown.add(organisation.shown());
        }
        return Json.object("repositories", repositories, "organisations", shown);
    }
}
