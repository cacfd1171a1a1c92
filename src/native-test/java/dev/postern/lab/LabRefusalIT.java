package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller whose address no rule admits, with credentials that are good. */
@InLab
class LabRefusalIT {
    private final Lab lab;

    LabRefusalIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void onlyTheOfficeIsAllowed() {
        lab.postern();
        lab.stock();
        lab.allow("zone: office");
    }

    @Test
    void theLoginIsRefused() {
        // When
        Answer answer = lab.login(Lab.STRANGER, lab.buildBot());
        Lab.Result login = lab.skopeoLogin(Lab.STRANGER, lab.buildBot());
        // Then
        assertRefused(answer);
        assertThat(login.failed().err()).contains("403");
    }

    @Test
    void aPullIsRefused() {
        // When
        Answer answer = lab.token(Lab.STRANGER, lab.buildBot(), "repository:" + Lab.IMAGE + ":pull");
        Lab.Result pull = lab.pull(Lab.STRANGER, lab.buildBot(), Lab.IMAGE, lab.freshPath());
        // Then
        assertRefused(answer);
        assertThat(pull.failed().err()).contains("403");
    }

    @Test
    void aPushIsRefused() {
        // When
        Answer answer = lab.token(Lab.STRANGER, lab.buildBot(), "repository:acme/app/strange:pull,push");
        Lab.Result push = lab.push(Lab.STRANGER, lab.buildBot(), "acme/app/strange");
        // Then
        assertRefused(answer);
        assertThat(push.failed().err()).contains("403");
    }

    @Test
    void aPullOfAPublicImageWithoutCredentialsIsRefused() {
        // When
        Answer answer = lab.token(Lab.STRANGER, null, "repository:" + Lab.PUBLIC_IMAGE + ":pull");
        Lab.Result pull = lab.pull(Lab.STRANGER, null, Lab.PUBLIC_IMAGE, lab.freshPath());
        // Then
        assertRefused(answer);
        assertThat(pull.failed().err()).contains("403");
    }

    @Test
    void theDecisionIdLeadsToTheAuditEvent() throws InterruptedException {
        // When
        Answer answer = lab.login(Lab.STRANGER, lab.buildBot());
        // Then
        assertThat(lab.logLine("postern", answer.decision(), "\"outcome\":\"refused\""))
                .contains("\"address\":\"192.0.2.50\"")
                .contains("\"reason\":\"address-not-listed\"");
    }

    @Test
    void noCredentialIsLogged() {
        // When
        lab.login(Lab.STRANGER, lab.buildBot());
        lab.login(Lab.OFFICE, lab.buildBot());
        // Then
        assertThat(lab.log("postern")).doesNotContain(lab.buildBot().split(":")[1]);
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
    }
}
