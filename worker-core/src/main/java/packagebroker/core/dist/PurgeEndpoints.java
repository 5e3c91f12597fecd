package packagebroker.core.dist;

import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.text.Percent;

/** Packages that are given up, over HTTP. */
public final class PurgeEndpoints {
    private final Purge purge;

    /** Creates the endpoints. */
    public PurgeEndpoints(Purge purge) {
        this.purge = purge;
    }

    /** Gives a name free, with or without its bytes: {@code DELETE /api/packages/{vendor}/{name}?purge=true}. */
    public Response release(Call call) {
        String vendor = Percent.decode(call.parameter(0));
        String plain = Percent.decode(call.parameter(1));
        PackageName name = vendor == null || plain == null ? null : PackageName.find(vendor + "/" + plain);
        if (name == null || !call.principal().maySee(name)) {
            throw HttpError.notFound();
        }
        boolean bytes = call.request().hasFlag("purge");
        String action = bytes ? Action.PURGE_PACKAGE : Action.RELEASE_PACKAGE;
        AuditEvent event = call.change(action, name.toString(), "purge", bytes);
        if (!purge.release(name, bytes, event)) {
            throw HttpError.notFound();
        }
        if (bytes) {
            purge.begin(event);
        }
        return Response.noContent();
    }
}
