package packagebroker.entry;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.teavm.interop.Async;
import org.teavm.jso.core.JSPromise;

/** The border to JavaScript is thin: declarations, adapters over them, and one way to wait. */
@AnalyzeClasses(packages = "packagebroker.entry", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String JS = "packagebroker.entry.js";
    private static final String ADAPTER = "packagebroker.entry.adapter";

    @ArchTest
    static final ArchRule declarationsKnowOnlyTeaVm = classes()
            .that()
            .resideInAPackage(JS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(JS, "org.teavm..", "java.lang..", "org.jspecify.annotations")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule adaptersKnowPortsAndHttp = classes()
            .that()
            .resideInAPackage(ADAPTER)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    ADAPTER,
                    JS,
                    "packagebroker.core.port",
                    "packagebroker.core.http",
                    "packagebroker.core.text",
                    "org.teavm..",
                    "java..",
                    "org.jspecify.annotations")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule promisesAreAwaitedInOnePlace = noClasses()
            .should()
            .callMethodWhere(describe(
                    "JSPromise.await",
                    call -> call.getTargetOwner().isEquivalentTo(JSPromise.class)
                            && call.getName().equals("await")))
            .because("it loses the error: use Promises.await");

    @ArchTest
    static final ArchRule onlyPromisesSuspend = methods()
            .that()
            .areAnnotatedWith(Async.class)
            .should()
            .beDeclaredInClassesThat()
            .haveFullyQualifiedName(ADAPTER + ".Promises")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noVagueNames =
            noClasses().should().haveNameMatching(".*(Service|Manager|Helper|Utils?|Impl|Facade|Dto|Processor)");

    @ArchTest
    static final ArchRule nobodyLocks = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule nobodyStartsThreads =
            noClasses().should().dependOnClassesThat(assignableTo(Thread.class).or(assignableTo(ThreadLocal.class)));

    @ArchTest
    static final ArchRule textBecomesBytesInOnePlace = noClasses()
            .should()
            .callMethodWhere(describe(
                    "String.getBytes",
                    call -> call.getTargetOwner().isEquivalentTo(String.class)
                            && call.getName().equals("getBytes")))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.charset\\..*")
            .because("TeaVM's String.getBytes swallows what follows a lone surrogate");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(new ArchCondition<>("have @NullMarked on their package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is not @NullMarked"));
                }
            });
}
