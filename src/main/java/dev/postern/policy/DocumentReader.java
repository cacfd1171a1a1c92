package dev.postern.policy;

import dev.postern.policy.Draft.DeclaredAccount;
import dev.postern.policy.Draft.DeclaredEnterprise;
import dev.postern.policy.Draft.DeclaredZone;
import dev.postern.policy.PolicyCompiler.Document;
import java.util.ArrayList;
import java.util.List;

/** Reads one document by itself. */
final class DocumentReader {

    private final Document document;
    private final Problems problems = new Problems();
    private final List<DeclaredZone> zones = new ArrayList<>();
    private final List<DeclaredAccount> accounts = new ArrayList<>();
    private final List<DeclaredEnterprise> enterprises = new ArrayList<>();
    private final List<Draft.ZoneUse> zoneUses = new ArrayList<>();
    private final ZoneReader zoneReader;
    private final AccountReader accountReader;
    private final EnterpriseReader enterpriseReader;

    DocumentReader(Document document, KnownEndpoints known, int maxBcryptCost) {
        this.document = document;
        this.zoneReader = new ZoneReader(problems);
        NetworkReader networks = new NetworkReader(new MatcherReader(known, zoneUses, problems), problems);
        this.accountReader = new AccountReader(networks, known, maxBcryptCost, problems);
        this.enterpriseReader = new EnterpriseReader(networks, problems);
    }

    Draft read() {
        YamlDocument.read(document, problems, "a policy document", this::collect);
        return new Draft(
                document.name(),
                PolicyCompiler.digest(document),
                zones,
                accounts,
                enterprises,
                zoneUses,
                List.of(),
                problems.sorted());
    }

    private void collect(YamlMap map) {
        map.map("zones")
                .ifPresent(declared -> declared.items()
                        .forEach((name, item) -> zones.add(new DeclaredZone(
                                name, item.position(), zoneReader.read(name, item.position(), item.node())))));
        map.map("accounts")
                .ifPresent(declared -> declared.items()
                        .forEach((name, item) -> accounts.add(new DeclaredAccount(
                                name, item.position(), accountReader.read(name, item.position(), item.node())))));
        map.map("enterprise")
                .ifPresent(declared -> enterprises.add(new DeclaredEnterprise(
                        map.positionOf("enterprise"), enterpriseReader.read(declared, map.positionOf("enterprise")))));
        map.rejectUnknownKeys("a policy document");
    }
}
