package packagebroker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void anEmptyEnvironmentHasDefaultsAndNoSecrets() {
        for (Settings settings : new Settings[] {Settings.from(name -> null), Settings.from(name -> "")}) {
            assertThat(settings.setupSecret()).isNull();
            assertThat(settings.encryptionKeys()).isNull();
            assertThat(settings.activeKey()).isNull();
            assertThat(settings.upstreamAllow()).isEmpty();
            assertThat(settings.authCacheSeconds()).isEqualTo(60);
            assertThat(settings.metaCacheSeconds()).isEqualTo(10);
            assertThat(settings.freshSeconds()).isEqualTo(300);
            assertThat(settings.negativeSeconds()).isEqualTo(300);
            assertThat(settings.audit().strict()).isFalse();
        }
    }

    @Test
    void packagistIsThereUnlessItIsSwitchedOff() {
        assertThat(Settings.from(name -> null).packagistUrl()).isEqualTo("https://repo.packagist.org");
        for (String off : new String[] {"off", ""}) {
            assertThat(Settings.from(Map.of("PACKAGIST_URL", off)::get).packagistUrl())
                    .isEmpty();
        }
    }

    @Test
    void listsAreSeparatedByCommas() {
        Settings settings = Settings.from(Map.of("UPSTREAM_ALLOW", " http://a:1 ,, http://b ,")::get);
        assertThat(settings.upstreamAllow()).containsExactly("http://a:1", "http://b");
    }

    @ParameterizedTest
    @CsvSource({"-1", "x", "1.5", "' 5'", "99999999999"})
    void aNumberIsWholeAndNotNegative(String text) {
        for (String name :
                new String[] {"AUTH_CACHE_SECONDS", "META_CACHE_SECONDS", "FRESH_SECONDS", "NEGATIVE_SECONDS"}) {
            assertThatThrownBy(() -> Settings.from(Map.of(name, text)::get)).hasMessageContaining(name);
        }
    }

    @Test
    void auditIsStrictOnlyByItsWord() {
        assertThat(Settings.from(Map.of("AUDIT_MODE", "strict")::get).audit().strict())
                .isTrue();
        assertThat(Settings.from(Map.of("AUDIT_MODE", "Strict")::get).audit().strict())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1", "399"})
    void theAuditLogIsKeptForAnAuditPeriodAtLeast(String days) {
        assertThatThrownBy(() -> Settings.from(Map.of("AUDIT_RETENTION_DAYS", days)::get))
                .hasMessageContaining("AUDIT_RETENTION_DAYS");
        assertThat(Settings.from(Map.of("AUDIT_RETENTION_DAYS", "400")::get)
                        .audit()
                        .retentionDays())
                .isEqualTo(400);
        assertThat(Settings.from(name -> null).audit().retentionDays()).isZero();
    }
}
