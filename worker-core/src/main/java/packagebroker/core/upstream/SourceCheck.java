package packagebroker.core.upstream;

/** Asks a source that is no Composer repository whether it answers, and takes its credential. */
public interface SourceCheck {
    /**
     * Asks the least that shows it.
     *
     * @throws UpstreamException if it does not answer as it should
     */
    void check(Source source);
}
