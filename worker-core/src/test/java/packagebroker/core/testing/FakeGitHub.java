package packagebroker.core.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;

/** GitHub's API in process, as far as it is documented and we use it; an archive is at another host. */
public final class FakeGitHub {
    /** Where the API is. */
    public static final String API = "https://api.github.com";

    /** Where archives are. */
    public static final String STORAGE = "https://codeload.github.com";

    private final Map<String, Repository> repositories = new TreeMap<>();
    private final Map<String, String> renamed = new LinkedHashMap<>();
    private int ids = 1_000;
    private int commits;
    private int archives;

    /** Puts it into a network. */
    public FakeGitHub(FakeUpstream network) {
        network.servesUnder(API + "/", this::answer);
        network.servesUnder(STORAGE + "/", request -> {
            boolean secret = request.findHeader("authorization") != null;
            String bytes = "PK\u0003\u0004" + request.path() + " " + ++archives; // Never the same bytes twice.
            return secret ? status(400) : new Response(200, Headers.of(), body(bytes));
        });
    }

    /** A repository, which may be changed at will. */
    public final class Repository {
        private final int id = ++ids;
        private final Map<String, String> tags = new LinkedHashMap<>();
        private final Map<String, String> branches = new LinkedHashMap<>();
        private final Map<String, String> files = new LinkedHashMap<>();
        private String defaultBranch = "main";
        private boolean archived;
        private int pushes;

        /** Makes a commit with a composer.json, or with none, and returns its id. */
        public String commit(@Nullable String manifest) {
            String commit = String.format("%040x", 0xC0FFEE00L + ++commits);
            if (manifest != null) {
                files.put(commit, manifest);
            }
            return commit;
        }

        /** Tags a new commit. */
        public Repository tag(String name, @Nullable String manifest) {
            tags.put(name, commit(manifest));
            pushes++;
            return this;
        }

        /** Moves a branch to a new commit. */
        public Repository branch(String name, @Nullable String manifest) {
            branches.put(name, commit(manifest));
            pushes++;
            return this;
        }

        /** Deletes a tag or a branch. */
        public void delete(String name) {
            tags.remove(name);
            branches.remove(name);
            pushes++;
        }

        /** Makes a branch the default one. */
        public Repository defaultsTo(String name) {
            defaultBranch = name;
            return this;
        }

        /** Archives it. */
        public void archive() {
            archived = true;
        }

        /** Returns the commit of a tag or branch. */
        public String commitOf(String name) {
            return tags.getOrDefault(name, branches.getOrDefault(name, ""));
        }
    }

    /** Creates a repository. */
    public Repository create(String path) {
        Repository repository = new Repository();
        repositories.put(path, repository);
        return repository;
    }

    /** Renames one; its old path leads to the new one. */
    public void rename(String from, String to) {
        repositories.put(to, repositories.remove(from));
        renamed.put(from, to);
    }

    /** Deletes one. */
    public void remove(String path) {
        repositories.remove(path);
    }

    private static Body body(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Response status(int status) {
        return new Response(status, Headers.of(), Body.empty());
    }

    private static Response json(Object value, String... headers) {
        return new Response(200, Headers.of(headers), body(Json.write(value)));
    }

    private Response answer(Request request) {
        if (!"2022-11-28".equals(request.findHeader("x-github-api-version"))
                && !request.path().contains("/zipball/")) {
            return status(400);
        }
        String[] parts = request.path().substring(1).split("/", -1);
        if (parts[0].equals("orgs") && parts.length == 3) {
            return organisation(request, parts[1]);
        }
        if (parts[0].equals("rate_limit")) {
            return json(Json.object());
        }
        if (parts[0].equals("repositories")) {
            return byId(Integer.parseInt(parts[1]));
        }
        String path = parts[1] + "/" + parts[2];
        Repository repository = repositories.get(path);
        if (repository == null) {
            Repository target = repositories.get(renamed.getOrDefault(path, ""));
            return target == null
                    ? status(404)
                    : new Response(301, Headers.of("location", API + "/repositories/" + target.id), Body.empty());
        }
        return repository(request, path, repository, parts);
    }

    private Response byId(int id) {
        for (Map.Entry<String, Repository> entry : repositories.entrySet()) {
            if (entry.getValue().id == id) {
                return json(describe(entry.getKey(), entry.getValue()));
            }
        }
        return status(404);
    }

    private Response repository(Request request, String path, Repository repository, String[] parts) {
        String what = parts.length == 3 ? "" : parts[3];
        switch (what) {
            case "" -> {
                String etag = "\"" + path + repository.pushes + repository.archived + repository.defaultBranch + "\"";
                return etag.equals(request.findHeader("if-none-match"))
                        ? status(304)
                        : json(describe(path, repository), "etag", etag);
            }
            case "tags" -> {
                return refs(request, repository.tags);
            }
            case "branches" -> {
                return refs(request, repository.branches);
            }
            case "contents" -> {
                String ref = request.findQuery("ref");
                String file = repository.files.get(repository.branches.getOrDefault(ref, "" + ref));
                return file == null || !parts[4].equals("composer.json")
                        ? status(404)
                        : new Response(200, Headers.of(), body(file));
            }
            case "git" -> {
                return json(Json.object(
                        "sha", parts[5], "committer", Json.object("name", "x", "date", "2026-01-02T03:04:05Z")));
            }
            case "zipball" -> {
                return new Response(
                        302, Headers.of("location", STORAGE + "/" + path + "/legacy.zip/" + parts[4]), Body.empty());
            }
            default -> throw new AssertionError("expected no request to " + request.url());
        }
    }

    private static Object describe(String path, Repository repository) {
        return Json.object(
                "id",
                repository.id,
                "full_name",
                path,
                "clone_url",
                "https://github.com/" + path + ".git",
                "default_branch",
                repository.defaultBranch,
                "archived",
                repository.archived,
                "pushed_at",
                "2026-01-01T00:00:" + repository.pushes + "Z");
    }

    private Response organisation(Request request, String name) {
        List<Object> all = new ArrayList<>();
        for (Map.Entry<String, Repository> entry : repositories.entrySet()) {
            if (entry.getKey().startsWith(name + "/")) {
                all.add(describe(entry.getKey(), entry.getValue()));
            }
        }
        return page(request, all);
    }

    private static Response refs(Request request, Map<String, String> refs) {
        List<Object> all = new ArrayList<>();
        for (Map.Entry<String, String> ref : refs.entrySet()) {
            all.add(Json.object("name", ref.getKey(), "commit", Json.object("sha", ref.getValue(), "url", API)));
        }
        return page(request, all);
    }

    private static Response page(Request request, List<Object> all) {
        String page = request.findQuery("page");
        int size = Integer.parseInt("" + request.findQuery("per_page"));
        int number = page == null ? 1 : Integer.parseInt(page);
        int from = Math.min(all.size(), (number - 1) * size);
        int to = Math.min(all.size(), from + size);
        String base = request.url().substring(0, request.url().indexOf('?'));
        String next = "<" + base + "?per_page=" + size + "&page=" + (number + 1) + ">; rel=\"next\"";
        return to < all.size() ? json(all.subList(from, to), "link", next) : json(all.subList(from, to));
    }
}
