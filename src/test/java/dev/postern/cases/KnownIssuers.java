package dev.postern.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.cases.CaseFile.Issuer;
import dev.postern.cases.CaseFile.Settings;
import dev.postern.identity.Authentication;
import dev.postern.identity.OutsideIdentities;
import dev.postern.identity.federation.Federation;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.federation.SaidClaims;
import dev.postern.policy.Policy;
import dev.postern.policy.Role;
import dev.postern.testing.Jwt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Whose tokens of the cases are, when all of them are genuine: that they are verified is shown elsewhere. */
record KnownIssuers(Settings settings) implements OutsideIdentities {

    @Override
    public CompletableFuture<Authentication> byToken(Policy policy, String token, Optional<String> account) {
        if (!token.startsWith("eyJ") || token.chars().filter(c -> c == '.').count() != 2) {
            return CompletableFuture.completedFuture(new Authentication.Rejected());
        }
        JsonNode claims = Jwt.decode(token).claims();
        return CompletableFuture.completedFuture(settings.issuers().entrySet().stream()
                .filter(entry ->
                        entry.getValue().issuer().equals(claims.path("iss").asText()))
                .findFirst()
                .map(entry -> identified(policy, rules(entry.getKey(), entry.getValue()), claims, account))
                .orElseGet(Authentication.Rejected::new));
    }

    private static Authentication identified(
            Policy policy, IssuerRules rules, JsonNode claims, Optional<String> account) {
        return switch (Federation.find(policy, rules, new SaidClaims(members(claims)), "oidc", account)) {
            case Federation.Found found -> new Authentication.Authenticated(found.identity());
            case Federation.Nobody nobody ->
                new Authentication.RejectedToken(Optional.of(rules.issuer()), nobody.subject(), nobody.why());
        };
    }

    private static IssuerRules rules(String name, Issuer issuer) {
        return new IssuerRules(
                name,
                "sub",
                issuer.accountClaim(),
                issuer.accounts().isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(issuer.accounts())),
                issuer.groupsClaim(),
                issuer.rolesClaim(),
                issuer.roles().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> Role.of(entry.getValue()).orElseThrow())));
    }

    private static Map<String, SaidClaims.Value> members(JsonNode object) {
        Map<String, SaidClaims.Value> members = new LinkedHashMap<>();
        object.properties().forEach(entry -> members.put(entry.getKey(), value(entry.getValue())));
        return members;
    }

    private static SaidClaims.Value value(JsonNode node) {
        if (node.isObject()) {
            return new SaidClaims.Nested(members(node));
        }
        if (node.isArray()) {
            List<String> texts = new ArrayList<>();
            node.forEach(item -> texts.add(item.asText()));
            return new SaidClaims.Texts(texts);
        }
        return new SaidClaims.Text(node.asText());
    }

    @Override
    public CompletableFuture<Authentication> byApiKey(Policy policy, String key, boolean mayAsk) {
        return CompletableFuture.completedFuture(new Authentication.Rejected());
    }
}
