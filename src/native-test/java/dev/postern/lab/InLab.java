package dev.postern.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Gives the methods and constructors of a test class the {@link Lab}: one for the whole run, with Postern in it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
@interface InLab {
    /** What the tests use besides, as {@code lab check} calls it: nginx, haproxy, caddy, envoy, traefik, send-proxy, mirror. */
    String[] needs() default {};
}
