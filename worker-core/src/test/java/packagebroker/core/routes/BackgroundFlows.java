package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.FlowScene.A;
import static packagebroker.core.routes.FlowScene.B;
import static packagebroker.core.routes.FlowScene.get;
import static packagebroker.core.routes.FlowScene.mirrored;
import static packagebroker.core.routes.FlowScene.offersLater;
import static packagebroker.core.routes.FlowScene.send;
import static packagebroker.core.routes.FlowScene.silentUpstream;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import packagebroker.core.App;
import packagebroker.core.audit.Action;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** What happens by itself. */
final class BackgroundFlows {
    private BackgroundFlows() {}

    static List<Flow> all() {
        return List.of(
                Flow.background("seal", "", app -> {
                            app.cutOff();
                            app.product().scheduled();
                            app.token("*");
                            app.cutOff();
                            return alone(app, app.product(), "");
                        })
                        .watching("seal"),
                Flow.background("reads", "", app -> () -> {
                            // Who shows nothing is refused without a look at the database: all that is written is the
                            // event.
                            assertThat(app.anonymous().get("/packages.json").status())
                                    .isEqualTo(401);
                            return 0;
                        })
                        .watching("audit_segment"),
                Flow.background("deployment", Action.ACTIVATE_DEPLOYMENT, app -> alone(app, app.product(), "")),
                Flow.background("archive", Action.ARCHIVE_AUDIT, app -> {
                            days(app, 3);
                            return chore(app, "archive");
                        })
                        .with("AUDIT_ARCHIVE_DAYS", "1")
                        .watching("audit_archive", "seal", "audit_segment"),
                Flow.background("expiry", Action.EXPIRE_AUDIT, app -> {
                            days(app, 3);
                            chore(app, "archive").run();
                            app.clock().advance(Duration.ofDays(402));
                            return chore(app, "archive");
                        })
                        .with("AUDIT_ARCHIVE_DAYS", "1", "AUDIT_RETENTION_DAYS", "400")
                        .watching("audit_archive"),
                Flow.background("refresh", Action.MIRROR_DOCUMENT, app -> {
                    mirrored(app);
                    offersLater(app, version("acme/tool", "1.1.0", B, ""), version("acme/tool", "1.0.0", A, ""));
                    Flow.Act refresh = chore(app, "refresh");
                    app.database()
                            .update(Statement.of("UPDATE document SET fresh_until = 0 WHERE package = 'acme/tool'"));
                    return refresh;
                }),
                Flow.background("feed", "", app -> {
                    app.serveRoot(UPSTREAM, ",\"metadata-changes-url\":\"/metadata/changes.json\"");
                    app.serveStatus(UPSTREAM + "/a/" + A + ".zip", 404);
                    silentUpstream(app);
                    app.serveRoot(UPSTREAM, ",\"metadata-changes-url\":\"/metadata/changes.json\"");
                    app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
                    assertThat(get(app, FlowScene.TOOL)).isEqualTo(200);
                    String actions =
                            "{\"actions\":[{\"type\":\"delete\",\"package\":\"acme/tool\",\"time\":1795521600}],"
                                    + "\"timestamp\":" + app.clock().millis() * 10 + "}";
                    app.upstream()
                            .servesUnder(
                                    UPSTREAM + "/metadata/changes.json?",
                                    request -> new Response(
                                            200, Headers.of(), Body.of(actions.getBytes(StandardCharsets.UTF_8))));
                    return chore(app, "feed");
                }),
                Flow.background("features", Action.NOTE_FEATURES, app -> {
                    silentUpstream(app);
                    app.drain();
                    Flow.Act probe = chore(app, "probe");
                    app.serveRoot(UPSTREAM);
                    return probe;
                }),
                Flow.background("credential", Action.DOUBT_CREDENTIAL, app -> {
                    silentUpstream(app);
                    app.drain();
                    Flow.Act trial = chore(app, "credential");
                    app.serveStatus(UPSTREAM + "/packages.json", 401);
                    return trial;
                }),
                Flow.background("reseal", Action.RESEAL_RECORDS, app -> {
                    silentUpstream(app);
                    assertThat(AdministrationFlows.activateKey(app).run()).isEqualTo(200);
                    return chore(app, AdministrationFlows.twoKeys(app), "reseal");
                }),
                Flow.background("review", Action.MISS_REVIEW, app -> {
                    Flow.Act look = chore(app, "review");
                    app.clock().advance(Duration.ofDays(95));
                    return look;
                }),
                Flow.background("roll-up", "", app -> {
                            mirrored(app);
                            String body = "{\"downloads\":[{\"name\":\"acme/tool\",\"version\":\"1.0.0.0\"}]}";
                            assertThat(send(app, "POST", "/downloads", body)).isEqualTo(200);
                            Flow.Act add = chore(app, "rollup");
                            app.clock().advance(Duration.ofHours(1));
                            return add;
                        })
                        .watching("tally"),
                Flow.background("views", "", app -> {
                    mirrored(app);
                    assertThat(app.as(FlowScene.customer(app))
                                    .get(FlowScene.TOOL)
                                    .status())
                            .isEqualTo(200);
                    assertThat(send(app, "DELETE", "/api/customers/order%201", "{}"))
                            .isEqualTo(204);
                    Flow.Act forget = chore(app, "views");
                    app.clock().advance(Duration.ofDays(2));
                    return forget;
                }),
                purge("names", 0, Action.PURGE_PACKAGE, Action.PURGE_PACKAGE),
                purge("archives", 1, Action.PURGE_DISTS),
                Flow.background("uploads", "", app -> {
                            String upload =
                                    app.objects().upload("artifact/left", null).id();
                            long begun = app.clock().millis();
                            app.database()
                                    .update(Statement.of(
                                            "INSERT INTO upload VALUES ('artifact/left', ?, ?)", upload, begun));
                            Flow.Act sweep = chore(app, "uploads");
                            app.clock().advance(Duration.ofDays(2));
                            return sweep;
                        })
                        .watching("upload"),
                Flow.background("sweep", "", app -> {
                            mirrored(app);
                            app.objects().put("artifact/orphan", Body.of(zip("x")), null);
                            Flow.Act sweep = chore(app, "sweep");
                            app.clock().advance(Duration.ofDays(2));
                            return sweep;
                        })
                        .watching("objects"),
                Flow.background("scrub", Action.FIND_DAMAGE, app -> {
                    mirrored(app);
                    Flow.Act scrub = chore(app, "scrub");
                    app.objects()
                            .corrupt(
                                    app.rows("SELECT artifact FROM version")
                                            .get(0)
                                            .text("artifact"),
                                    zip("y"));
                    return scrub;
                }));
    }

    /** A purge of an upstream with two packages, of which some steps are done already. */
    private static Flow purge(String what, int done, String... changes) {
        return Flow.background("purge of " + what, "", app -> {
                    String id = mirrored(app);
                    assertThat(send(app, "DELETE", "/api/upstreams/" + id + "?purge=true", "{}"))
                            .isEqualTo(204);
                    for (int i = 0; i < done; i++) {
                        chore(app, "purge").run();
                    }
                    return chore(app, "purge");
                })
                .logging(changes);
    }

    /** Lets days pass in which something is read and changed. */
    private static void days(TestApp app, int count) {
        for (int day = 0; day < count; day++) {
            get(app, "/packages.json");
            app.token("*");
            app.drain();
            app.clock().advance(Duration.ofDays(1));
        }
    }

    private static Flow.Act chore(TestApp app, String kind) {
        return chore(app, app.product(), kind);
    }

    /** Returns a minute in which one kind of job is due and no other. */
    private static Flow.Act chore(TestApp app, App isolate, String kind) {
        app.drain();
        app.database().update(Statement.of("UPDATE job SET not_before = ?", 1L << 52));
        for (int minute = 0; minute < 10 && app.count("job WHERE kind = '" + kind + "'") == 0; minute++) {
            isolate.scheduled(); // makes a few jobs at a time, which are due from the next minute on
            app.database().update(Statement.of("UPDATE job SET not_before = ?", 1L << 52));
        }
        return alone(app, isolate, kind);
    }

    private static Flow.Act alone(TestApp app, App isolate, String kind) {
        return () -> {
            app.database().update(Statement.of("UPDATE job SET not_before = ?", 1L << 52));
            app.database().update(Statement.of("UPDATE job SET not_before = 0 WHERE kind = ?", kind));
            isolate.scheduled();
            return 0;
        };
    }
}
