package packagebroker.core.publish;

import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.dist.Deposits.Deposit;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.port.Row;
import packagebroker.core.text.Percent;
import packagebroker.core.upstream.Source;
import packagebroker.core.zip.ZipRefused;

/** Publishing over HTTP. */
public final class PublishEndpoints {
    private final Publications publications;

    /** Creates the endpoints. */
    public PublishEndpoints(Publications publications) {
        this.publications = publications;
    }

    /** Publishes the zip that is the body: {@code PUT /api/packages/{vendor}/{name}/{version}}. */
    public Response publish(Call call) {
        PackageName name = requireName(call);
        Version version = findVersion(call);
        if (version == null) {
            throw HttpError.unprocessable("expected a version such as 1.2.3 or dev-main in the path");
        }
        String target = target(name, version);
        call.about(target);
        PublishedStore.Standing standing = publications.standing(name);
        refuse(Publications.closed(standing, name));
        Publication publication = received(call, name, version);
        Deposit deposit = publication.deposit();
        String detail = Json.write(Json.object("sha256", deposit.sha256(), "size", deposit.size()));
        AuditEvent event = call.event(Action.PUBLISH_VERSION, 201).as(Action.PUBLISH_VERSION, target, detail);
        return switch (publications.publish(publication, standing, event)) {
            case NEW -> changed(call, target, 201, publication);
            case RELISTED -> changed(call, target, 200, publication);
            case KNOWN -> shown(call, 200, publication);
            case OTHER_BYTES ->
                throw HttpError.conflict("version_exists", target + " is published with other bytes, for ever");
            case DELETED ->
                throw HttpError.conflict("version_exists", target + " was deleted: its number is not used again");
            case CONFLICT -> throw HttpError.conflict("conflict", "somebody else changed the same thing: try again");
        };
    }

    private static void refuse(Publications.@Nullable Closed closed) {
        if (closed != null) {
            throw HttpError.conflict(
                    "not_publishable",
                    switch (closed) {
                        case OWNED -> "the name belongs to an upstream: nothing can be published under it";
                        case EXCLUSIVE -> "an exclusive upstream has this name for itself: see to its patterns first";
                        case OFF -> "publishing is switched off: the upstream published is not enabled";
                    });
        }
    }

    private Publication received(Call call, PackageName name, Version version) {
        try {
            return publications.receive(name, version, call.request().body(), call.startedAt());
        } catch (ZipRefused e) {
            throw e.isTooMuch() ? HttpError.tooMuch(e.text()) : HttpError.unprocessable(e.text());
        } catch (JsonException e) {
            throw HttpError.unprocessable("composer.json: " + e.text());
        } catch (TransferException e) {
            throw e.reason() == TransferException.Reason.TOO_LARGE
                    ? HttpError.tooLarge(publications.maxBytes())
                    : HttpError.badRequest("expected the whole archive but it broke off");
        }
    }

    /** Has the log know that the change was recorded with itself. */
    private static Response changed(Call call, String target, int status, Publication publication) {
        call.change(Action.PUBLISH_VERSION, target);
        return shown(call, status, publication);
    }

    private static Response shown(Call call, int status, Publication publication) {
        Deposit deposit = publication.deposit();
        return Response.json(
                status,
                Json.write(Json.object(
                        "name",
                        publication.name().toString(),
                        "version",
                        publication.version().pretty(),
                        "reference",
                        deposit.sha1(),
                        "sha256",
                        deposit.sha256(),
                        "size",
                        deposit.size(),
                        "url",
                        call.principal().baseUrl() + "/dist/"
                                + Percent.encodePath(publication.path().toString()))));
    }

    /** Lists a version no more: {@code POST /api/packages/{vendor}/{name}/{version}/yank}. */
    public Response yank(Call call) {
        return setYanked(call, true);
    }

    /** Lists it again: {@code DELETE /api/packages/{vendor}/{name}/{version}/yank}. */
    public Response unyank(Call call) {
        return setYanked(call, false);
    }

    private Response setYanked(Call call, boolean yanked) {
        PackageName name = requireName(call);
        Version version = findVersion(call);
        Row release = version == null ? null : publications.find(name, version);
        if (version == null || release == null) {
            throw HttpError.notFound();
        }
        String target = target(name, version);
        call.about(target);
        if (yanked != (release.number("yanked_at") != 0)) {
            String action = yanked ? Action.YANK_VERSION : Action.UNYANK_VERSION;
            publications.yank(release, name, version, yanked, call.change(action, target));
        }
        return Response.noContent();
    }

    /** Takes a version away for good: {@code DELETE /api/packages/{vendor}/{name}/{version}?purge=true}. */
    public Response delete(Call call) {
        PackageName name = requireName(call);
        Version version = findVersion(call);
        boolean purge = call.request().hasFlag("purge");
        if (version == null || !publications.isKnown(name, version)) {
            throw HttpError.notFound();
        }
        String target = target(name, version);
        call.about(target);
        Row release = publications.find(name, version);
        boolean listed = release != null && release.text("upstream").equals(Source.PUBLISHED);
        if (listed || purge) {
            AuditEvent event = call.change(Action.DELETE_VERSION, target, "purge", purge);
            publications.delete(name, version, listed, purge, event);
        }
        return Response.noContent();
    }

    private static PackageName requireName(Call call) {
        PackageName name = PackageName.findInPath(call.parameter(0), call.parameter(1));
        if (name == null) {
            throw HttpError.notFound();
        }
        call.about(name.toString());
        if (!call.principal().maySee(name)) {
            throw HttpError.notFound();
        }
        return name;
    }

    private static @Nullable Version findVersion(Call call) {
        String text = Percent.decode(call.parameter(2));
        return text == null || text.isEmpty() ? null : Version.find(text);
    }

    private static String target(PackageName name, Version version) {
        return name + "/" + version.normalized();
    }
}
