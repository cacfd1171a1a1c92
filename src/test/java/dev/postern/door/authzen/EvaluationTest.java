package dev.postern.door.authzen;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasLength;

import dev.postern.testing.PosternResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions in the form of AuthZEN, to the running server. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.authzen.enabled", value = "true"),
            @ResourceArg(name = "postern.private-endpoints.us-south.translated-addresses", value = "166.9.12.227"),
            @ResourceArg(name = PosternResource.POLICY, value = EvaluationTest.POLICY)
        })
class EvaluationTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }, { private-endpoint: us-south }] }
                service-ids: { bot: {}, other: {} }
                bindings:
                  - { subjects: [service-id:bot], roles: [Reader, Writer] }
            """;

    @ParameterizedTest
    @CsvSource({
        "service-id, acme/bot, repository, acme/app, pull, 203.0.113.10, true, granted",
        "service-id, acme/bot, repository, acme/app, push, 203.0.113.10, true, granted",
        "service-id, acme/bot, repository, acme/app, pull, 166.9.12.227, true, granted",
        "service-id, acme/bot, repository, acme/app, pull, ::ffff:203.0.113.10, true, granted",
        "service-id, acme/bot, registry, catalog, *, 203.0.113.10, true, granted",
        "service-id, acme/bot, repository, acme/app, pull, 192.0.2.50, false, address-not-listed",
        "service-id, acme/bot, repository, other/app, pull, 203.0.113.10, false, not-permitted",
        "service-id, acme/other, repository, acme/app, pull, 203.0.113.10, false, not-permitted",
        "service-id, acme/gone, repository, acme/app, pull, 203.0.113.10, false, bad-credentials",
        "user, acme/bot, repository, acme/app, pull, 203.0.113.10, false, bad-credentials",
        "anonymous, '', repository, acme/app, pull, 203.0.113.10, false, not-permitted"
    })
    void theGateAnswers(
            String type,
            String id,
            String resource,
            String name,
            String action,
            String ip,
            boolean decision,
            String reason) {
        String body = """
                {"subject": {"type": "%s", "id": "%s", "properties": {"x": [1, {"y": null}]}},
                 "resource": {"type": "%s", "id": "%s"}, "action": {"name": "%s"},
                 "context": {"ip": "%s", "time": 1}, "more": [[]]}""".formatted(type, id, resource, name, action, ip);
        ask(body)
                .statusCode(200)
                .body("decision", equalTo(decision))
                .body("context.reason", equalTo(reason))
                .body("context.id", hasLength(16));
    }

    @Test
    void aRefusalSaysWhichAddress() {
        ask(question(""))
                .body("decision", equalTo(false))
                .body("context.message", equalTo("client with IP '192.0.2.50' is not allowed access."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{}",
                "{} {}",
                "{\"subject\":{}}",
                "{\"subject\":{\"type\":\"service-id\"}}"
            })
    void whatIsNoQuestionIsRefused(String body) {
        ask(body).statusCode(400).body("errors[0].code", equalTo("UNSUPPORTED"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"acme/bot\"  | \"acme\"",
                "\"acme/bot\"  | \"../bot\"",
                "\"acme/bot\"  | 7",
                "\"acme/bot\"  | \"acme/bot\", \"id\": \"acme/other\"",
                "service-id    | group",
                "service-id    | robot",
                "\"acme/app\"  | \"Acme/App\"",
                "\"acme/app\"  | \"acme/app:pull,push:x\"",
                "\"pull\"      | \"pull,push\"",
                "\"pull\"      | \"\"",
                "\"pull\"      | \"PULL\"",
                "192.0.2.50    | 192.0.2",
                "192.0.2.50    | 192.0.2.050",
                "\"ip\"        | \"address\"",
                "\"context\"   | \"contexts\""
            })
    void whatIsNotInItsFormIsRefused(String good, String bad) {
        String body = question("");
        assertThat(body).contains(good);
        ask(body.replace(good, bad)).statusCode(400).body("errors[0].code", equalTo("UNSUPPORTED"));
    }

    @Test
    void aDeepQuestionIsRefused() {
        ask(question(", \"more\": " + "[".repeat(100) + "]".repeat(100))).statusCode(400);
    }

    private static String question(String more) {
        return "{\"subject\": {\"type\": \"service-id\", \"id\": \"acme/bot\"},"
                + " \"resource\": {\"type\": \"repository\", \"id\": \"acme/app\"},"
                + " \"action\": {\"name\": \"pull\"}, \"context\": {\"ip\": \"192.0.2.50\"}" + more + "}";
    }

    private static ValidatableResponse ask(String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/access/v1/evaluation")
                .then();
    }
}
