// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Gives the tests of a class a DynamoDB with Streams: a parameter of type {@link Weir} of a test,
 * of a life cycle method or of the constructor is the server.
 *
 * <p>All classes with the same flags have the same server. It starts with the first of them and
 * ends with the test run. While the tests of a class run, the system properties say to the AWS SDK
 * for Java 2 that this server is DynamoDB and DynamoDB Streams; they are restored afterwards. When
 * a test fails, what the server has logged during it is on standard error.
 *
 * <p>Since a reset would empty the tables of another test, and the system properties are those of
 * the whole process, classes with this annotation never run at the same time as each other, nor do
 * their tests, also if JUnit is set to run tests in parallel.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WeirExtension.class)
@ResourceLock("io.github.weirdynamodb.junit5")
@ResourceLock(Resources.SYSTEM_PROPERTIES)
public @interface WeirTest {
  /**
   * The flags of {@code weir serve}, such as {@code --simple-streams}.
   *
   * @return the flags, each with its value as a further element
   */
  String[] flags() default {};

  /**
   * When the server gets back the state of a fresh start.
   *
   * @return before each test, unless set
   */
  Reset reset() default Reset.BEFORE_EACH_TEST;

  /** When the server gets back the state of a fresh start: without tables, with the true time. */
  enum Reset {
    /** Before the methods of the class that run before all tests, and before each test. */
    BEFORE_EACH_TEST,
    /** Only before the methods of the class that run before all tests. */
    BEFORE_CLASS
  }
}
