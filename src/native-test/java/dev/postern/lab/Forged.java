package dev.postern.lab;

import java.util.List;
import java.util.stream.Stream;

/** Headers by which somebody tries to be elsewhere, or to have something else decided than it asks for. */
final class Forged {
    /** Of what a caller says of where it is; {@code %s} stands for the address that it would like to have. */
    static final List<List<String>> PLACES = List.of(
            List.of("X-Forwarded-For: %s"),
            List.of("X-Forwarded-For: %s, %1$s, %1$s"),
            List.of("X-Forwarded-For: %s", "x-forwarded-for: %s"),
            List.of("X-Forwarded-For: %s", "X-Forwarded-For: "),
            List.of("X_Forwarded_For: %s"),
            List.of("X-Forwarded-For: %s", "X_Forwarded_For: %s"),
            List.of("X-Original-Forwarded-For: %s"),
            List.of("Forwarded: for=%s"),
            List.of("Forwarded: for=%s", "Forwarded: for=\"%s:443\";by=127.0.0.1"),
            List.of("X-Real-IP: %s"),
            List.of("X_Real_IP: %s"),
            List.of("X-Client-IP: %s", "True-Client-IP: %s", "X-Cluster-Client-IP: %s", "CF-Connecting-IP: %s"),
            List.of("X-Envoy-External-Address: %s"),
            List.of("X-Envoy-Internal: true", "X-Forwarded-For: %s"),
            List.of("X-Envoy-Peer-Metadata: %s", "X-Envoy-Attempt-Count: 1"),
            List.of("X-Forwarded-Host: private.registry.lab.test"),
            List.of("X-Forwarded-Proto: https", "X-Forwarded-Port: 443", "X-Forwarded-Server: %s"),
            List.of("X-Postern-Subject: service-id:acme/build-bot", "X-Postern-Decision: %s"),
            List.of("X_Postern_Subject: service-id:acme/build-bot"),
            List.of("X-Forwarded-For: %s", "Forwarded: for=%s", "X-Real-IP: %s", "X-Envoy-External-Address: %s"));

    /** Of what a caller says of what it asks for; {@code %s} stands for what it would like to have decided. */
    static final List<List<String>> TARGETS = List.of(
            List.of("X-Forwarded-Uri: %s", "X-Forwarded-Method: GET"),
            List.of("X-Forwarded-Uri: %s", "X-Forwarded-Uri: %s"),
            List.of("x-forwarded-uri: %s", "X-FORWARDED-METHOD: HEAD"),
            List.of("X-Forwarded-Prefix: %s", "X-Forwarded-Path: %s"),
            List.of("X_Forwarded_Uri: %s", "X_Forwarded_Method: GET"),
            List.of("X-Original-URI: %s", "X-Original-Method: GET"),
            List.of("X-Original-URI: %s", "X-Original-URI: %s"),
            List.of("X_Original_URI: %s", "X_Original_Method: GET"),
            List.of("X-Original-URL: %s", "X-Rewrite-URL: %s"),
            List.of("X-Envoy-Original-Path: %s", "X-Envoy-Original-Method: GET"),
            List.of("X-Envoy-Decorator-Operation: %s", "X-Envoy-Original-Host: x"),
            List.of("X-HTTP-Method-Override: GET", "X-Method-Override: GET", "X-HTTP-Method: GET"));

    private Forged() {}

    /** The lines as arguments of curl. */
    static String[] as(List<String> lines, String wanted) {
        return lines.stream()
                .flatMap(line -> Stream.of("--header", line.formatted(wanted)))
                .toArray(String[]::new);
    }

    static boolean hasUnderscore(List<String> lines) {
        return lines.stream().anyMatch(line -> line.split(":", 2)[0].contains("_"));
    }
}
