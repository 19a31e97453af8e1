// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link WeirTest} adds to a class. */
final class WeirExtension
    implements TestInstancePreConstructCallback,
        BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(WeirExtension.class);
  // Where the log of the server was when the tests or the test of a context began.
  private static final String LOG_BEGIN = "log begin";

  /** A class with the life cycle PER_CLASS has its one instance before {@link #beforeAll}. */
  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factory, ExtensionContext context) {
    setUp(context);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    beginLog(context, setUp(context));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    SetUp setUp = setUp(context);
    if (setUp.annotation.reset() == WeirTest.Reset.BEFORE_EACH_TEST) {
      setUp.weir.reset();
    }
    beginLog(context, setUp);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logFailure(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    logFailure(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Weir.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return setUp(context).weir;
  }

  /**
   * Returns what the class of the context has. When it is first called for a class with an
   * annotation, whoever is first, it gives the class a server that is reset and the properties.
   */
  private static SetUp setUp(ExtensionContext context) {
    Class<?> testClass = context.getRequiredTestClass();
    SetUp current = store(context).get(SetUp.class, SetUp.class);
    if (current != null && current.testClass == testClass) {
      return current;
    }
    // The annotation may also be on an interface, or on another annotation.
    Optional<WeirTest> annotation = AnnotationSupport.findAnnotation(testClass, WeirTest.class);
    if (annotation.isPresent()) {
      Weir weir = server(context, List.of(annotation.get().flags()));
      weir.reset();
      current = new SetUp(testClass, annotation.get(), weir);
      store(context).put(SetUp.class, current);
    } else if (current == null) {
      throw new ExtensionConfigurationException(
          "@WeirTest is for classes, also as a part of another annotation, and "
              + testClass.getName()
              + " does not have it");
    }
    // A nested class without an annotation of its own goes on with what its outer class has.
    return current;
  }

  private static void beginLog(ExtensionContext context, SetUp setUp) {
    store(context).put(LOG_BEGIN, setUp.weir.process().log().written());
  }

  /** The server answers before it logs, so a line may be with the test before or after its own. */
  private static void logFailure(ExtensionContext context) {
    Long begin = store(context).get(LOG_BEGIN, Long.class);
    // Without a begin, the server has not started, and the failure itself has its log.
    if (begin == null || context.getExecutionException().isEmpty()) {
      return;
    }
    Weir weir = store(context).get(SetUp.class, SetUp.class).weir;
    String log = weir.process().log().since(begin);
    if (!log.isEmpty()) {
      System.err.printf("%s: the log of %s:%n%s", context.getDisplayName(), weir.url(), log);
    }
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  /** The server with these flags of this test run, which ends it. */
  private static Weir server(ExtensionContext context, List<String> flags) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(flags, key -> new Running(Weir.start(flags)), Running.class)
        .weir;
  }

  /**
   * What a class has until JUnit closes its context. It does that in any case, and calls {@link
   * #afterAll} only if there was an instance. JUnit has closed what is {@link AutoCloseable} since
   * 5.13, and until then only what is its own interface.
   */
  @SuppressWarnings("deprecation")
  private static final class SetUp implements Store.CloseableResource, AutoCloseable {
    private final Class<?> testClass;
    private final WeirTest annotation;
    private final Weir weir;
    private final AwsProperties properties;

    SetUp(Class<?> testClass, WeirTest annotation, Weir weir) {
      this.testClass = testClass;
      this.annotation = annotation;
      this.weir = weir;
      properties = AwsProperties.set(weir.url());
    }

    @Override
    public void close() {
      properties.restore();
    }
  }

  /** A server that JUnit ends, with both interfaces for the same reason. */
  @SuppressWarnings("deprecation")
  private static final class Running implements Store.CloseableResource, AutoCloseable {
    private final Weir weir;

    Running(Weir weir) {
      this.weir = weir;
    }

    @Override
    public void close() {
      weir.close();
    }
  }
}
