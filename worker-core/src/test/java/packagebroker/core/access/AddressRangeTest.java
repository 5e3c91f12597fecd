package packagebroker.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0, true",
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "2001:db8::/32, 2001:db8:1::5, true",
        "2001:db8::/32, 2001:DB8:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "2001:db8::/32, 2001:db9::, false",
        "2001:db8::1, 2001:0db8:0000:0000:0000:0000:0000:0001, true",
        "2001:db8::/33, 2001:db8:8000::, false",
        "192.0.2.0/24, ::ffff:192.0.2.9, true",
        "192.0.2.0/24, ::ffff:c000:209, true",
        "2001:db8::/32, 192.0.2.1, false",
        "192.0.2.0/24, 2001:db8::, false",
        "192.0.2.0/24, not an address, false",
        "192.0.2.0/24, '', false",
        "192.0.2.0/24, '192.0.2.1, 203.0.113.9', false"
    })
    void holdsTheAddressesOfItsPrefix(String range, String address, boolean inside) {
        assertThat(range(range).contains(address)).isEqualTo(inside);
    }

    @Test
    void holdsNobodyWhoseAddressIsUnknown() {
        assertThat(range("192.0.2.0/24").contains(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "0.0.0.0/0",
                "::/0",
                "10.0.0.0/33",
                "::/129",
                "2001:db8::/129",
                "10.0.0.1/8",
                "2001:db8::1/32",
                "10.0.0/8",
                "10.0.0.0.0/8",
                "010.0.0.0/8",
                "256.0.0.0/8",
                "0x0a.0.0.0/8",
                "167772160/8",
                "10.0.0.0/",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                " 10.0.0.0/8",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                ":::",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "::ffff:10.0.0.0/104",
                "localhost",
                "*"
            })
    void isNotMadeOfWhatIsNoRangeOrIsEverything(String text) {
        assertThat(AddressRange.find(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16, true",
        "10.0.0.0/8, 10.0.0.0/8, true",
        "10.1.0.0/16, 10.0.0.0/8, false",
        "10.0.0.0/8, 11.0.0.0/16, false",
        "2001:db8::/32, 2001:db8:5::/48, true",
        "2001:db8::/32, 10.0.0.0/8, false"
    })
    void coversWhatLiesInIt(String range, String other, boolean covered) {
        assertThat(range(range).covers(range(other))).isEqualTo(covered);
    }

    private static AddressRange range(String text) {
        AddressRange range = AddressRange.find(text);
        assertThat(range).as(text).isNotNull();
        return range;
    }
}
