package dev.postern.policy;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.Feeds;
import dev.postern.policy.Draft.DeclaredAccount;
import dev.postern.policy.Draft.DeclaredEnterprise;
import dev.postern.policy.Draft.DeclaredUser;
import dev.postern.policy.Draft.DeclaredUsers;
import dev.postern.policy.Draft.DeclaredZone;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Documents to {@link Policy}: all or nothing.
 *
 * <p>In two steps. {@link #read} turns a document into a {@link Draft}, which takes long and depends on nothing else, so
 * that of many documents only those that changed need be read again. {@link #link} makes a policy of all drafts: zones and
 * accounts may stand in any document, and a name counts for all of them.
 */
public final class PolicyCompiler {

    private final KnownEndpoints known;
    private final int maxBcryptCost;
    /** The zones that were linked last. */
    private volatile Map<String, ZoneLinker.Linked> linkedZones = Map.of();

    /** A compiler for policies whose rules may name these private endpoints. */
    public PolicyCompiler(KnownEndpoints known) {
        this(known, BcryptHash.MAX_COST);
    }

    /**
     * A compiler for policies whose rules may name these private endpoints.
     *
     * @param maxBcryptCost a user's hash that costs more is a mistake
     */
    public PolicyCompiler(KnownEndpoints known, int maxBcryptCost) {
        this.known = known;
        this.maxBcryptCost = maxBcryptCost;
    }

    /** A compiler for policies whose rules may name these private endpoints, which have no links. */
    public PolicyCompiler(Set<String> privateEndpoints) {
        this(KnownEndpoints.named(privateEndpoints));
    }

    /**
     * A policy file's content.
     *
     * @param name what problems call it
     * @param text its YAML, one document or many
     */
    public record Document(String name, String text) {}

    /** What became of compiling. */
    public sealed interface Outcome {}

    /** There is a policy. */
    public record Compiled(Policy policy) implements Outcome {}

    /**
     * There is none; at least one of the problems is an error.
     *
     * @param forFeedsOnly whether the documents are good, and only feeds have never been had
     */
    public record Rejected(List<Problem> problems, boolean forFeedsOnly) implements Outcome {
        /** Keeps its own copy. */
        public Rejected {
            problems = List.copyOf(problems);
        }
    }

    /** Compiles the documents together; what they say of feeds is checked, and a feed that they name is missing. */
    public Outcome compile(List<Document> documents) {
        return link(documents.stream().map(this::read).toList(), Feeds.none());
    }

    /** Reads a document by itself. */
    public Draft read(Document document) {
        return new DocumentReader(document, known, maxBcryptCost).read();
    }

    /** Reads a password file by itself, as {@code htpasswd -B} writes it: its users are this account's. */
    public Draft readUsers(String account, Document document) {
        return new HtpasswdReader(account, document, maxBcryptCost).read();
    }

    /** The feeds that zones of these drafts follow; of a zone that is declared twice, the first. */
    public static List<FeedDeclaration> feeds(List<Draft> drafts) {
        Map<String, FeedDeclaration> feeds = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            for (DeclaredZone zone : draft.zones()) {
                zone.parts().flatMap(ZoneParts::feed).ifPresent(feed -> feeds.putIfAbsent(zone.name(), feed));
            }
        }
        return List.copyOf(feeds.values());
    }

    /**
     * Makes a policy of these drafts, in the order of their documents. Of zones in which nothing has changed since the
     * last time, nothing is made anew.
     *
     * @param feeds what the feeds hold that zones follow
     */
    public Outcome link(List<Draft> drafts, Feeds feeds) {
        Problems problems = new Problems();
        drafts.forEach(draft -> draft.problems().forEach(problems::add));
        ZoneLinker zoneLinker = new ZoneLinker(declaredZones(drafts, problems), feeds, linkedZones, problems);
        Zones zones = zoneLinker.link();
        linkedZones = zoneLinker.linked();
        drafts.forEach(draft -> draft.zoneUses().forEach(zoneLinker::check));
        Map<String, DeclaredAccount> declared = declaredAccounts(drafts, problems);
        if (declared.isEmpty() && !problems.hasErrors()) {
            String name = drafts.isEmpty() ? "policy" : drafts.getFirst().name();
            problems.error(
                    new Position(name, 1, 1), "no accounts; expected a key 'accounts' with at least one account");
        }
        Map<String, Account> accounts = LinkedHashMap.newLinkedHashMap(declared.size());
        declared.forEach(
                (name, account) -> account.account().ifPresent(read -> accounts.put(name, read.linkedTo(zones))));
        Set<String> withPasswordFiles = addUsers(drafts, declared.keySet(), accounts, problems);
        Optional<NetworkRules> enterprise = enterprise(drafts, problems).map(rules -> rules.linkedTo(zones));
        CrossChecks.run(enterprise, accounts, withPasswordFiles, problems);
        if (problems.hasErrors()) {
            return new Rejected(problems.sorted(), false);
        }
        FeedChecks.run(zoneLinker.lacks(), NetworkSection.of(enterprise, accounts.values()), problems);
        if (problems.hasErrors()) {
            return new Rejected(problems.sorted(), true);
        }
        return new Compiled(new Policy(
                zones.all(),
                enterprise,
                accounts,
                problems.sorted(),
                versionOf(drafts.stream().map(Draft::digest).toList())));
    }

    private static Map<String, DeclaredZone> declaredZones(List<Draft> drafts, Problems problems) {
        Map<String, DeclaredZone> declared = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            for (DeclaredZone zone : draft.zones()) {
                DeclaredZone earlier = declared.putIfAbsent(zone.name(), zone);
                if (earlier != null) {
                    problems.error(zone.position(), twice("zone", zone.name(), earlier.position()));
                }
            }
        }
        return declared;
    }

    private static Map<String, DeclaredAccount> declaredAccounts(List<Draft> drafts, Problems problems) {
        Map<String, DeclaredAccount> declared = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            for (DeclaredAccount account : draft.accounts()) {
                DeclaredAccount earlier = declared.putIfAbsent(account.name(), account);
                if (earlier != null) {
                    problems.error(account.position(), twice("account", account.name(), earlier.position()));
                }
            }
        }
        return declared;
    }

    /** The users of password files to their accounts; the names of these. */
    private static Set<String> addUsers(
            List<Draft> drafts, Set<String> declared, Map<String, Account> accounts, Problems problems) {
        Set<String> withPasswordFiles = new HashSet<>();
        for (Draft draft : drafts) {
            for (DeclaredUsers users : draft.users()) {
                withPasswordFiles.add(users.account());
                if (!declared.contains(users.account())) {
                    problems.error(
                            users.position(),
                            "no document has the account '" + users.account() + "', whose users these are to be");
                }
                accounts.computeIfPresent(users.account(), (name, account) -> with(account, users, problems));
            }
        }
        return withPasswordFiles;
    }

    private static Account with(Account account, DeclaredUsers users, Problems problems) {
        Map<String, Account.User> more = new HashMap<>();
        for (DeclaredUser user : users.users()) {
            String name = user.user().name();
            if (account.users().containsKey(name)) {
                problems.error(
                        user.position(),
                        "the account '" + account.name() + "' (" + account.position() + ") has a user '" + name
                                + "' of its own; expected each in one place");
            }
            more.put(name, user.user());
        }
        return account.with(more);
    }

    /** The one enterprise section: of two ceilings the lower would have to hold, and nobody could see which that is. */
    private static Optional<NetworkRules> enterprise(List<Draft> drafts, Problems problems) {
        List<DeclaredEnterprise> declared =
                drafts.stream().flatMap(draft -> draft.enterprises().stream()).toList();
        declared.stream()
                .skip(1)
                .forEach(another -> problems.error(
                        another.position(),
                        "'enterprise' is declared twice; the first is at "
                                + declared.getFirst().position()));
        return declared.stream().findFirst().flatMap(DeclaredEnterprise::network);
    }

    private static String twice(String what, String name, Position first) {
        return what + " '" + YamlMap.shown(name) + "' is declared twice; the first is at " + first;
    }

    /** A digest of the documents: the same for the same names and texts, in the same order. */
    public static String version(List<Document> documents) {
        return versionOf(documents.stream().map(PolicyCompiler::digest).toList());
    }

    private static String versionOf(List<String> digests) {
        MessageDigest all = sha256();
        digests.forEach(digest -> all.update(digest.getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(all.digest(), 0, 8);
    }

    /** A digest of the document: the same for the same name and text. */
    public static String digest(Document document) {
        MessageDigest digest = sha256();
        digest.update(document.name().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(document.text().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
