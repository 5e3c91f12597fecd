package packagebroker.core.audit;

/** The closed list of audited actions. */
public final class Action {
    public static final String NONE = "";
    public static final String READ_ROOT = "read.root";
    public static final String READ_METADATA = "read.metadata";
    public static final String READ_LIST = "read.list";
    public static final String READ_SEARCH = "read.search";
    public static final String READ_PROVIDERS = "read.providers";
    public static final String READ_DIST = "read.dist";
    public static final String READ_ADVISORIES = "read.advisories";
    public static final String READ_FILTER = "read.filter";
    public static final String READ_PACKAGES = "read.packages";
    public static final String READ_UPSTREAMS = "read.upstreams";
    public static final String READ_TOKENS = "read.tokens";
    public static final String READ_SETTINGS = "read.settings";
    public static final String READ_JOBS = "read.jobs";
    public static final String READ_CHANGES = "read.changes";
    public static final String CHECK_LOCK = "check.lock";
    public static final String READ_UNKNOWN = "read.unknown";
    public static final String NOTIFY_INSTALLS = "notify.installs";
    public static final String READ_STATS = "read.stats";
    public static final String READ_AUDIT = "read.audit";
    public static final String EXPORT_AUDIT = "export.audit";
    public static final String ARCHIVE_AUDIT = "archive.audit";
    public static final String EXPIRE_AUDIT = "expire.audit";
    public static final String LOSE_READS = "lose.reads";
    public static final String SETUP = "create.instance";
    public static final String CREATE_UPSTREAM = "create.upstream";
    public static final String CHANGE_UPSTREAM = "change.upstream";
    public static final String DELETE_UPSTREAM = "delete.upstream";
    public static final String TEST_UPSTREAM = "test.upstream";
    public static final String NOTE_FEATURES = "note.features";
    public static final String RELEASE_PACKAGE = "release.package";
    public static final String PURGE_PACKAGE = "purge.package";
    public static final String PURGE_DISTS = "purge.dists";
    public static final String READ_ALERTS = "read.alerts";
    public static final String ACCEPT_ALERT = "accept.alert";
    public static final String DISMISS_ALERT = "dismiss.alert";
    public static final String CREATE_TOKEN = "create.token";
    public static final String ROTATE_TOKEN = "rotate.token";
    public static final String USE_BREAK_GLASS = "use.break_glass";
    public static final String REVOKE_TOKEN = "revoke.token";
    public static final String REVOKE_TOKENS = "revoke.tokens";
    public static final String READ_SESSION = "read.session";
    public static final String OPEN_SESSION = "open.session";
    public static final String CLOSE_SESSION = "close.session";
    public static final String READ_PEOPLE = "read.people";
    public static final String CHANGE_PERSON = "change.person";
    public static final String DELETE_PERSON = "delete.person";
    public static final String READ_RULES = "read.rules";
    public static final String CREATE_RULE = "create.rule";
    public static final String DELETE_RULE = "delete.rule";
    public static final String MINT_TOKEN = "mint.token";
    public static final String PUBLISH_ADVISORY = "publish.advisory";
    public static final String CHANGE_ADVISORY = "change.advisory";
    public static final String WITHDRAW_ADVISORY = "withdraw.advisory";
    public static final String CHANGE_SETTINGS = "change.settings";
    public static final String MIRROR_DOCUMENT = "mirror.document";
    public static final String MIRROR_DIST = "mirror.dist";
    public static final String REFUSE_RETAG = "refuse.retag";
    public static final String REFUSE_BYTES = "refuse.bytes";
    public static final String REFUSE_DIST = "refuse.dist";
    public static final String FIND_DAMAGE = "find.damage";

    private Action() {}
}
