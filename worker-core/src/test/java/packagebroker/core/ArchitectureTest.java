package packagebroker.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rules of docs/architecture.md that a compiler cannot check. */
@AnalyzeClasses(packages = "packagebroker.core", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String CORE = "packagebroker.core";
    private static final String JSON = CORE + ".json..";
    private static final List<String> FLOORS = List.of("text", "http", "json", "composer", "port", "zip");

    /** Each room, with the rooms it may use besides the floors. */
    private static final Map<String, List<String>> STAIRCASE = staircase();

    private static Map<String, List<String>> staircase() {
        Map<String, List<String>> rooms = new LinkedHashMap<>();
        rooms.put("secrets", List.of());
        rooms.put("audit", List.of("secrets"));
        rooms.put("work", List.of("audit", "secrets"));
        rooms.put("stats", List.of("work", "audit", "secrets"));
        rooms.put("proof", List.of("work", "audit", "secrets"));
        rooms.put("access", List.of("audit", "secrets"));
        rooms.put("backup", List.of("work", "audit", "secrets"));
        rooms.put("catalog", List.of("audit", "secrets"));
        rooms.put("rotation", List.of("work", "audit", "secrets"));
        rooms.put("upstream", List.of("rotation", "catalog", "work", "audit", "secrets"));
        rooms.put("release", List.of("rotation", "upstream", "catalog", "work", "audit", "secrets"));
        rooms.put("git", List.of("release", "rotation", "upstream", "catalog", "work", "audit", "secrets"));
        rooms.put("alert", List.of("upstream", "audit", "secrets"));
        rooms.put("relay", List.of("proof", "work", "upstream", "catalog", "audit", "secrets"));
        rooms.put("identity", List.of("access", "upstream", "catalog", "work", "audit", "secrets"));
        rooms.put("review", List.of("identity", "access", "proof", "upstream", "catalog", "work", "audit", "secrets"));
        rooms.put("mirror", List.of("alert", "upstream", "catalog", "work", "audit", "secrets"));
        rooms.put("dist", List.of("mirror", "alert", "upstream", "catalog", "stats", "work", "audit", "secrets"));
        rooms.put("advisory", List.of("mirror", "upstream", "catalog", "work", "audit", "secrets"));
        rooms.put("lock", List.of("mirror", "audit", "secrets"));
        rooms.put("registry", List.of("mirror", "upstream", "catalog", "stats", "audit", "secrets"));
        rooms.put(
                "publish",
                List.of(
                        "dist",
                        "release",
                        "mirror",
                        "alert",
                        "upstream",
                        "catalog",
                        "stats",
                        "work",
                        "audit",
                        "secrets"));
        return rooms;
    }

    @ArchTest
    static final ArchRule coreKnowsOnlyPlainJava = classes()
            .that()
            .resideOutsideOfPackage(JSON)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    CORE + "..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.time",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule onlyJsonKnowsJackson = classes()
            .that()
            .resideInAPackage(JSON)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    CORE + "..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.io",
                    "com.fasterxml.jackson.core..",
                    "org.jspecify.annotations")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule roomsFormNoCycle =
            slices().matching(CORE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule arrowsGoDown = arrowsGoDown();

    private static ArchRule arrowsGoDown() {
        var rule = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("root")
                .definedBy(CORE)
                .whereLayer("root")
                .mayNotBeAccessedByAnyLayer();
        for (String floor : FLOORS) {
            rule = rule.layer(floor).definedBy(CORE + "." + floor + "..");
        }
        for (String room : STAIRCASE.keySet()) {
            rule = rule.layer(room).definedBy(CORE + "." + room + "..");
        }
        for (String floor : FLOORS) {
            rule = rule.whereLayer(floor).mayOnlyAccessLayers(FLOORS.toArray(String[]::new));
        }
        for (var room : STAIRCASE.entrySet()) {
            List<String> below = new ArrayList<>(FLOORS);
            below.addAll(room.getValue());
            rule = rule.whereLayer(room.getKey()).mayOnlyAccessLayers(below.toArray(String[]::new));
        }
        return rule.ignoreDependency(simpleNameEndingWith("Endpoints"), resideInAPackage(CORE + ".access.."));
    }

    @ArchTest
    static final ArchRule everyRoomHasItsStep = classes()
            .should(new ArchCondition<>("stand on the staircase of this test") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    String room = type.getPackageName().substring(CORE.length());
                    room = room.isEmpty() ? room : room.substring(1);
                    room = room.contains(".") ? room.substring(0, room.indexOf('.')) : room;
                    if (!room.isEmpty() && !FLOORS.contains(room) && !STAIRCASE.containsKey(room)) {
                        events.add(SimpleConditionEvent.violated(
                                type, type.getName() + ": the staircase has no room " + room));
                    }
                }
            });

    @ArchTest
    static final ArchRule portsLeanOnHttpOnly = noClasses()
            .that()
            .resideInAPackage(CORE + ".port")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CORE + ".json..", CORE + ".composer..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyStoresSpeakSql = noClasses()
            .that(not(resideInAPackage("..port..")))
            .and()
            .haveSimpleNameNotEndingWith("Store")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(CORE + ".port.Database");

    @ArchTest
    static final ArchRule onlyTheEdgeKnowsStatusCodes = noClasses()
            .that()
            .resideOutsideOfPackage(CORE + ".http..")
            .and(not(simpleNameEndingWith("Endpoints")))
            .and(not(named(
                    CORE + ".access.Gate",
                    CORE + ".access.ApiBody",
                    CORE + ".access.ApiQuery",
                    CORE + ".App",
                    CORE + ".Failures")))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(CORE + ".http.HttpError");

    @ArchTest
    static final ArchRule nobodyCallsTheContracts = noClasses()
            .that()
            .resideOutsideOfPackage("..port.contract..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..port.contract..");

    @ArchTest
    static final ArchRule noVagueNames =
            noClasses().should().haveNameMatching(".*(Service|Manager|Helper|Utils?|Impl|Facade|Dto|Processor)");

    @ArchTest
    static final ArchRule noDearPackages = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.util.regex..", "java.time.format..", "java.text..", "java.util.zip..", "java.net..");

    @ArchTest
    static final ArchRule noDearMaps = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.Tree(Map|Set)")
            .because("the map alone takes 10 KB of the bundle: sort a list");

    @ArchTest
    static final ArchRule noDearMethods = noClasses()
            .should()
            .callMethodWhere(
                    calls(String.class, "format", "formatted", "split", "replaceAll", "replaceFirst", "matches"))
            .orShould()
            .callMethodWhere(calls(Double.class, "parseDouble", "valueOf"));

    @ArchTest
    static final ArchRule noTablesOfUnicode = noClasses()
            .should()
            .callMethodWhere(
                    calls(String.class, "toLowerCase", "toUpperCase", "equalsIgnoreCase", "compareToIgnoreCase"))
            .orShould()
            .callMethodWhere(calls(
                    Character.class, "digit", "isDigit", "isLetter", "isLetterOrDigit", "isWhitespace", "toLowerCase"))
            .because("they are dear: use packagebroker.core.text.Ascii");

    @ArchTest
    static final ArchRule bytesAreCopiedInOneGo = noClasses()
            .that()
            .resideOutsideOfPackage("..port.contract..")
            .should()
            .callMethodWhere(describe(
                    "Arrays.copyOf(byte[], ..)",
                    call -> call.getTargetOwner().isEquivalentTo(Arrays.class)
                            && call.getName().startsWith("copyOf")
                            && call.getTarget().getRawParameterTypes().get(0).isEquivalentTo(byte[].class)))
            .because("TeaVM copies them one by one: use packagebroker.core.text.Bytes");

    @ArchTest
    static final ArchRule textBecomesBytesInOnePlace = noClasses()
            .should()
            .callMethodWhere(calls(String.class, "getBytes"))
            .orShould()
            .callConstructorWhere(describe(
                    "new String(byte[], ..)",
                    call -> call.getTargetOwner().isEquivalentTo(String.class)
                            && call.getTarget().getRawParameterTypes().stream()
                                    .anyMatch(type -> type.isEquivalentTo(byte[].class))))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.io\\.(OutputStreamWriter|InputStreamReader|PrintStream)|java\\.nio\\.charset\\..*")
            .because(
                    "TeaVM's String.getBytes swallows what follows a lone surrogate: use packagebroker.core.text.Utf8");

    @ArchTest
    static final ArchRule nothingThatBreaksInTeaVm = noClasses()
            .should()
            .callMethodWhere(describe(
                    "Enum.valueOf",
                    call -> call.getName().equals("valueOf")
                            && call.getTargetOwner().isAssignableTo(Enum.class)
                            && !call.getOrigin().getName().equals("valueOf")))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.Enum(Map|Set)|java\\.util\\.HexFormat|java\\.security\\..*")
            .because("TeaVM 0.15.0 lacks them or crashes on them: parse enums by a switch on a wire name");

    @ArchTest
    static final ArchRule nothingIsAmbient = noClasses()
            .should()
            .callMethodWhere(calls(System.class, "currentTimeMillis", "nanoTime", "getenv", "getProperty"))
            .orShould()
            .callMethodWhere(describe(
                    "now() of java.time",
                    call -> call.getName().equals("now")
                            && call.getTargetOwner().getPackageName().equals("java.time")))
            .orShould()
            .callMethodWhere(calls(Math.class, "random"))
            .orShould()
            .callMethodWhere(calls(java.util.UUID.class, "randomUUID"))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Date|Random|Calendar)|java\\.time\\.Clock|java\\.lang\\.ProcessHandle");

    @ArchTest
    static final ArchRule staticsNeverChange =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule nobodyLocks = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule nobodyWaitsOrStartsThreads = noClasses()
            .should()
            .dependOnClassesThat(assignableTo(Thread.class).or(assignableTo(ThreadLocal.class)))
            .orShould()
            .callMethodWhere(describe(
                    "wait, notify",
                    call -> Set.of("wait", "notify", "notifyAll").contains(call.getName())
                            && call.getTarget().getOwner().isEquivalentTo(Object.class)));

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(new ArchCondition<>("have @NullMarked on their package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is not @NullMarked"));
                }
            });

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... names) {
        Set<String> wanted = Set.of(names);
        return describe(
                owner.getSimpleName() + "." + wanted,
                call -> call.getTargetOwner().isEquivalentTo(owner) && wanted.contains(call.getName()));
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> wanted = Set.of(names);
        return describe("named " + wanted, type -> wanted.contains(type.getName()));
    }
}
