// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link WeirTest} adds to a class. */
final class WeirExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(WeirExtension.class);
  // Where the log of the server was when the tests or the test of a context began.
  private static final String LOG_BEGIN = "log begin";

  @Override
  public void beforeAll(ExtensionContext context) {
    WeirTest annotation = context.getRequiredTestClass().getAnnotation(WeirTest.class);
    // A nested class without an annotation of its own goes on with what its outer class has.
    if (annotation != null) {
      store(context).put(WeirTest.class, annotation);
      store(context).put(Weir.class, server(context, List.of(annotation.flags())));
      weir(context).reset();
      store(context).put(AwsProperties.class, AwsProperties.set(weir(context).url()));
    }
    store(context).put(LOG_BEGIN, weir(context).process().log().written());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    WeirTest annotation = store(context).get(WeirTest.class, WeirTest.class);
    if (annotation.reset() == WeirTest.Reset.BEFORE_EACH_TEST) {
      weir(context).reset();
    }
    store(context).put(LOG_BEGIN, weir(context).process().log().written());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logFailure(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    logFailure(context);
    if (context.getRequiredTestClass().isAnnotationPresent(WeirTest.class)) {
      store(context).remove(AwsProperties.class, AwsProperties.class).restore();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Weir.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return weir(context);
  }

  /** The server answers before it logs, so a line may be with the test before or after its own. */
  private static void logFailure(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      return;
    }
    Weir weir = weir(context);
    String log = weir.process().log().since(store(context).get(LOG_BEGIN, Long.class));
    if (!log.isEmpty()) {
      System.err.printf("%s: the log of %s:%n%s", context.getDisplayName(), weir.url(), log);
    }
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  private static Weir weir(ExtensionContext context) {
    return store(context).get(Weir.class, Weir.class);
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
   * A server that JUnit ends. JUnit has closed what is {@link AutoCloseable} since 5.13, and until
   * then only what is its own interface.
   */
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
