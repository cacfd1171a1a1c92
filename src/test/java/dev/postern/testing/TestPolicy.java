package dev.postern.testing;

/** A small policy for tests that are not about policies: everybody is admitted, and one key may pull and push. */
public final class TestPolicy {

    /** The API key of {@code service-id:acme/bot}, a Writer of the namespace {@code acme}. */
    public static final String API_KEY = "acme-bot-key";

    /** The password of {@code user:acme/alice}, a Reader of the namespace {@code acme}. */
    public static final String ALICES_PASSWORD = "alices-password";

    /** Anonymous callers may pull {@code acme/public/…}. */
    public static final String TEXT = """
            accounts:
              acme:
                namespaces: [acme]
                service-ids:
                  bot:
                    api-keys:
                      - id: k1
                        digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
                users:
                  alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
                bindings:
                  - { subjects: [service-id:bot], roles: [Writer], namespace: acme }
                  - { subjects: [user:alice], roles: [Reader], namespace: acme }
                  - { subjects: [anonymous], roles: [Reader], namespace: acme, repository: "public/**" }
            """;

    private TestPolicy() {}
}
