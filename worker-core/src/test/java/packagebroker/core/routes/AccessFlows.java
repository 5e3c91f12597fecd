package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.FlowScene.customer;
import static packagebroker.core.routes.FlowScene.id;
import static packagebroker.core.routes.FlowScene.made;
import static packagebroker.core.routes.FlowScene.people;
import static packagebroker.core.routes.FlowScene.send;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import packagebroker.core.audit.Action;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.TestApp;

/** Who may do what, and how an instance is copied. */
final class AccessFlows {
    private static final String TOKENS = "/api/tokens";
    private static final String REPORT =
            "{\"snapshot\":\"s\",\"digest\":\"d\",\"rows\":3,\"equal\":true,\"rpo_seconds\":7}";

    private AccessFlows() {}

    static List<Flow> all() {
        List<Flow> all = new ArrayList<>(tokens());
        all.addAll(sessions());
        all.addAll(people());
        all.addAll(copies());
        return all;
    }

    private static List<Flow> tokens() {
        return List.of(
                Flow.of(
                        "POST /api/tokens",
                        201,
                        Action.CREATE_TOKEN,
                        app -> () -> send(
                                app, "POST", TOKENS, "{\"name\":\"t\",\"kind\":\"read\",\"patterns\":[\"acme/*\"]}")),
                Flow.of(
                                "POST /api/tokens",
                                201,
                                Action.CREATE_TOKEN,
                                app -> () -> CustomerScene.make(
                                                app.admin(), "order 1", CustomerScene.limit("acme/*", "^1"))
                                        .status())
                        .when("of a customer"),
                Flow.of("PATCH /api/tokens/{id}", 200, Action.CHANGE_TOKEN, app -> {
                    customer(app);
                    String path = TOKENS + "/" + id(app, "token WHERE customer <> ''");
                    return () -> send(app, "PATCH", path, "{\"until\":1830211200000,\"expires_in_days\":9}");
                }),
                Flow.of("POST /api/tokens/revoke", 200, Action.REVOKE_TOKENS, app -> {
                    family(app);
                    return () -> send(app, "POST", TOKENS + "/revoke", "{\"name\":\"parent\",\"reason\":\"left\"}");
                }),
                Flow.of("POST /api/tokens/{id}/rotate", 201, Action.ROTATE_TOKEN, app -> {
                    String id = family(app);
                    return () -> send(app, "POST", TOKENS + "/" + id + "/rotate", "{}");
                }),
                Flow.of("DELETE /api/tokens/{id}", 204, Action.REVOKE_TOKEN, app -> {
                    String id = family(app);
                    return () -> send(app, "DELETE", TOKENS + "/" + id, "{}");
                }),
                Flow.of("DELETE /api/customers/{id}", 204, Action.REVOKE_CUSTOMER, app -> {
                    customer(app);
                    return () -> send(app, "DELETE", "/api/customers/order%201", "{}");
                }),
                Flow.of(
                        "POST /api/oidc-rules",
                        201,
                        Action.CREATE_RULE,
                        app -> () -> send(app, "POST", "/api/oidc-rules", JobScene.RULE)),
                Flow.of("DELETE /api/oidc-rules/{id}", 204, Action.DELETE_RULE, app -> {
                    String id = JobScene.rule(app.admin(), JobScene.RULE);
                    return () -> send(app, "DELETE", "/api/oidc-rules/" + id, "{}");
                }),
                Flow.of("POST /oidc/token", 201, Action.MINT_TOKEN, app -> {
                    JobScene jobs = new JobScene() {};
                    jobs.app = app;
                    app.serve(JobScene.ISSUER + "/.well-known/jwks", "{\"keys\":[" + JobScene.PAIR.jwk() + "]}");
                    JobScene.rule(app.admin(), JobScene.RULE);
                    String token = JobScene.PAIR.sign(jobs.claims("j1"));
                    return () -> jobs.exchange(token).status();
                }));
    }

    /** Makes a token that has made another one and opened a session, and returns its id. */
    private static String family(TestApp app) {
        Response made =
                app.admin().send("POST", TOKENS, "{\"name\":\"parent\",\"role\":\"admin\",\"patterns\":[\"*\"]}");
        JsonObject parent = json(made);
        TestApp.Caller caller = app.as(parent.text("token", 100));
        String child = "{\"name\":\"child\",\"kind\":\"read\",\"patterns\":[\"acme/*\"]}";
        assertThat(caller.send("POST", TOKENS, child).status()).isEqualTo(201);
        assertThat(caller.send("POST", "/api/session", "{}").status()).isEqualTo(201);
        return parent.text("id", 50);
    }

    private static List<Flow> sessions() {
        return List.of(
                Flow.of(
                        "POST /api/session",
                        201,
                        Action.OPEN_SESSION,
                        app -> () -> send(app, "POST", "/api/session", "{}")),
                Flow.of("DELETE /api/session", 204, Action.CLOSE_SESSION, app -> {
                    String cookie =
                            app.admin().send("POST", "/api/session", "{}").findHeader("set-cookie");
                    String pair = cookie.substring(0, cookie.indexOf(';'));
                    return () -> app.anonymous()
                            .send("DELETE", "/api/session", "{}", "cookie", pair, "origin", BASE)
                            .status();
                }),
                visitor(app -> {})
                        .when("by a new person")
                        .logging(Action.CREATE_PERSON, Action.OPEN_SESSION)
                        .inStages(2),
                visitor(visits -> assertThat(visits.signIn("ann", "platform")).isNotEmpty())
                        .when("by somebody known"));
    }

    /** Somebody for whom Cloudflare Access vouches. */
    private static Flow visitor(java.util.function.Consumer<PeopleScene> before) {
        return Flow.of("POST /api/session/access", 201, Action.OPEN_SESSION, app -> {
                    PeopleScene people = new PeopleScene() {};
                    people.app = app;
                    app.serve(PeopleScene.KEYS, "{\"keys\":[" + PeopleScene.PAIR.jwk() + "]}");
                    before.accept(people);
                    String assertion = PeopleScene.PAIR.sign(people.claims("ann", "platform"));
                    return () -> people.present(assertion).status();
                })
                .with("ACCESS_TEAM", "acme", "ACCESS_AUD", "tag", "ACCESS_ROLES", "platform=owner");
    }

    private static List<Flow> people() {
        return List.of(
                Flow.of("PATCH /api/people/{id}", 200, Action.CHANGE_PERSON, app -> {
                    FlowScene.people(app);
                    return () -> send(app, "PATCH", "/api/people/v", "{\"role\":\"auditor\"}");
                }),
                Flow.of("PATCH /api/people/{id}", 200, Action.CHANGE_PERSON, app -> {
                            FlowScene.people(app);
                            return () -> send(app, "PATCH", "/api/people/v", "{\"suspended\":true}");
                        })
                        .when("suspended"),
                Flow.of("DELETE /api/people/{id}", 204, Action.DELETE_PERSON, app -> {
                    FlowScene.people(app);
                    return () -> send(app, "DELETE", "/api/people/v", "{}");
                }),
                Flow.of("POST /api/reviews", 201, Action.START_REVIEW, app -> {
                    FlowScene.people(app);
                    app.token("acme/*");
                    return () -> send(app, "POST", "/api/reviews", "{}");
                }),
                Flow.of("POST /api/reviews/{id}/decisions", 200, Action.DECIDE_REVIEW, app -> {
                    String path = review(app) + "/decisions";
                    String body = decisions(app, "revoke");
                    return () -> send(app, "POST", path, body);
                }),
                Flow.of("POST /api/reviews/{id}/close", 200, Action.CLOSE_REVIEW, app -> {
                    String path = review(app);
                    assertThat(send(app, "POST", path + "/decisions", decisions(app, "keep")))
                            .isEqualTo(200);
                    return () -> send(app, "POST", path + "/close", "{}");
                }));
    }

    private static String review(TestApp app) {
        FlowScene.people(app);
        family(app);
        return "/api/reviews/" + made(app, "/api/reviews", "{}");
    }

    /** Decides about everything: what is of the test itself is kept in any case. */
    private static String decisions(TestApp app, String word) {
        List<String> decisions = new ArrayList<>();
        String path = "/api/reviews/" + id(app, "review");
        for (JsonObject entry : json(app.admin().get(path)).objects("entries")) {
            JsonObject was = entry.findObject("was");
            String item = was.text("item", 10);
            String id = was.text("id", 50);
            boolean own = id.equals("o") || app.count("token WHERE created_by = 'setup' AND id = '" + id + "'") > 0;
            decisions.add("{\"item\":\"" + item + "\",\"id\":\"" + id + "\",\"decision\":\"" + (own ? "keep" : word)
                    + "\",\"reason\":\"why\"}");
        }
        return "{\"decisions\":[" + String.join(",", decisions) + "]}";
    }

    private static List<Flow> copies() {
        return List.of(
                Flow.of(
                        "POST /api/backup",
                        204,
                        Action.CREATE_BACKUP,
                        app -> () -> send(app, "POST", "/api/backup", REPORT)),
                Flow.of(
                        "POST /api/backup/drills",
                        204,
                        Action.TEST_RESTORE,
                        app -> () -> send(app, "POST", "/api/backup/drills", REPORT)),
                Flow.of(
                                "POST /api/restore",
                                201,
                                "",
                                app -> () -> app.deployer()
                                        .send("POST", "/api/restore", "{}")
                                        .status())
                        .inNewInstance(),
                Flow.of("DELETE /api/restore", 204, "", app -> {
                            Copying copy = Restores.COPY;
                            String id = Copying.begin(app);
                            assertThat(copy.fill(app, id)).isEqualTo(200);
                            return () -> app.deployer()
                                    .send("DELETE", "/api/restore?id=" + id, "{}")
                                    .status();
                        })
                        .inNewInstance(),
                Flow.of("POST /api/restore/rows", 204, "", app -> {
                            String id = Copying.begin(app);
                            return () -> Restores.COPY.send(app, id, "token");
                        })
                        .inNewInstance(),
                Flow.of("PUT /api/restore/objects/{room}/{object}", 204, "", app -> {
                            String id = Copying.begin(app);
                            Map.Entry<String, byte[]> object =
                                    Restores.COPY.objects.entrySet().iterator().next();
                            return () -> Copying.put(app, id, object.getKey(), object.getValue());
                        })
                        .inNewInstance()
                        .watching("objects"),
                Flow.of("POST /api/restore/finish", 200, Action.RESTORE_BACKUP, app -> {
                            String id = Copying.begin(app);
                            assertThat(Restores.COPY.fill(app, id)).isEqualTo(200);
                            return () -> Restores.COPY.finish(app, id);
                        })
                        .inNewInstance());
    }

    /** One backup for all restores: an instance that is made anew has other keys each time. */
    private static final class Restores {
        static final Copying COPY = copy();

        private static Copying copy() {
            try (TestApp from = BackupTest.source(TestApp.zip("one"))) {
                return Copying.of(from);
            }
        }
    }
}
