package dev.postern.cli;

import dev.postern.policy.Subject;
import dev.postern.setup.Settings;
import dev.postern.setup.StartFault;
import dev.postern.token.KeyFault;
import dev.postern.token.Revocation;
import dev.postern.token.RevocationFile;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code postern revoke}: refuses tokens that have been issued, at once. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Refuses tokens that were issued, though they have not expired: one by its id, or all of a subject or account.",
            "Every server on the same data directory (postern.data) does so within a second.",
            "",
            "Refresh tokens are refused then; registries go on to take registry tokens until these expire, which is a",
            "matter of minutes. API keys and passwords are not touched: take those out of the policy."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:revoked"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern revoke --token-id 4mZ3dQ0u0oUn3oVb3ZZ0rA",
            "  postern revoke --subject user:acme/alice --before 2026-12-31T00:00:00Z",
            "  postern revoke --account acme"
        })
final class RevokeCommand implements Callable<Integer> {

    /** Ours are 22 characters of base64url, other token services have others; no token is as short. */
    private static final Pattern TOKEN_ID = Pattern.compile("[\\x21-\\x7e]{8,128}");

    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,300}");

    @ArgGroup(multiplicity = "1")
    What what = new What();

    /** One of these. */
    static final class What {
        @Option(
                names = "--token-id",
                paramLabel = "ID",
                description = "The token's id (jti), as the audit has it: 'token' or 'refresh_token_id'.")
        @Nullable
        String tokenId;

        @Option(
                names = "--subject",
                paramLabel = "SUBJECT",
                description = "The subject: user:ACCOUNT/NAME, service-id:ACCOUNT/NAME.")
        @Nullable
        String subject;

        @Option(names = "--account", paramLabel = "ACCOUNT", description = "The account: all its identities.")
        @Nullable
        String account;
    }

    @Option(
            names = "--before",
            paramLabel = "INSTANT",
            description = "Only tokens issued before, such as 2026-12-31T00:00:00Z. Default: now.")
    @Nullable
    String before;

    @Mixin
    ConfigOptions options;

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        options.apply();
        Instant now = Instant.now();
        Revocation revocation = revocation(before(now));
        RevocationFile file = RevocationFile.in(Settings.load().data());
        try {
            file.append(revocation, now);
        } catch (KeyFault fault) {
            throw new StartFault(fault.why());
        }
        spec.commandLine()
                .getOut()
                .println(
                        output.isJson()
                                ? new Json()
                                        .with("revoked", true)
                                        .with("file", file.path())
                                        .text()
                                : "revoked, in " + file.path());
        return 0;
    }

    private Revocation revocation(Instant limit) {
        if (what.tokenId != null) {
            if (before != null) {
                throw wrong("--before goes with --subject or --account; a token is revoked as a whole");
            }
            return Revocation.of(
                    Revocation.Kind.TOKEN_ID,
                    checked("--token-id", what.tokenId, TOKEN_ID, "8 to 128 visible characters, as the audit has them"),
                    limit);
        }
        if (what.subject != null) {
            String form = "KIND:ACCOUNT/NAME, such as user:acme/alice";
            String subject = checked("--subject", what.subject, NAME, form);
            if (Subject.parse(subject)
                    .filter(known -> !known.account().isEmpty())
                    .isEmpty()) {
                throw wrong("--subject is no subject; expected " + form);
            }
            return Revocation.of(Revocation.Kind.SUBJECT, subject, limit);
        }
        String account = what.account == null ? "" : what.account;
        return Revocation.of(Revocation.Kind.ACCOUNT, checked("--account", account, NAME, "an account's name"), limit);
    }

    private Instant before(Instant now) {
        if (before == null) {
            return now;
        }
        try {
            Instant given = Instant.parse(before);
            if (given.isAfter(now)) {
                throw wrong("--before is in the future; expected an instant until now");
            }
            return given;
        } catch (DateTimeParseException e) {
            throw wrong("--before is no instant; expected one such as 2026-12-31T00:00:00Z");
        }
    }

    private String checked(String option, String value, Pattern pattern, String form) {
        if (!pattern.matcher(value).matches()) {
            throw wrong(option + " is not in the expected form: " + form);
        }
        return value;
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
