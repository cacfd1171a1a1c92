package dev.postern.policy.load;

import dev.postern.policy.Draft;
import dev.postern.policy.PolicyCompiler;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The documents of a policy, and the password files of its accounts beside them. A file that turns bad, or cannot be read,
 * leaves its last good content in force, and does not keep the policy from changing.
 */
public final class PasswordFiles implements PolicySource {

    private final PolicySource documents;
    private final List<PasswordFile> files;
    private List<Draft> given = List.of();

    private PasswordFiles(PolicySource documents, List<PasswordFile> files) {
        this.documents = documents;
        this.files = files;
    }

    /**
     * The documents, with these files.
     *
     * @param files by the account whose users they hold
     */
    public static PolicySource beside(PolicySource documents, Map<String, Path> files, PolicyCompiler compiler) {
        return files.isEmpty()
                ? documents
                : new PasswordFiles(
                        documents,
                        new TreeMap<>(files)
                                .entrySet().stream()
                                        .map(file -> new PasswordFile(file.getKey(), file.getValue(), compiler))
                                        .toList());
    }

    @Override
    public Reading read(Instant now) throws Unreadable {
        Reading reading = documents.read(now);
        List<Draft> users = new ArrayList<>(files.size());
        for (PasswordFile file : files) {
            users.add(file.read(now));
        }
        given = users;
        String trouble = Stream.concat(
                        reading.trouble().stream(), files.stream().flatMap(file -> file.trouble().stream()))
                .collect(Collectors.joining("\n"));
        return new Reading(
                Stream.concat(reading.drafts().stream(), users.stream()).toList(),
                Optional.of(trouble).filter(text -> !text.isEmpty()));
    }

    @Override
    public void inForce(List<Draft> drafts) {
        documents.inForce(
                drafts.stream().filter(draft -> !given.contains(draft)).toList());
    }
}
