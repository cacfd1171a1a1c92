package dev.postern.policy.writing;

import dev.postern.policy.Role;
import java.util.List;
import java.util.Optional;

/** An account that is to be written. */
public record AccountText(
        String name,
        List<String> namespaces,
        Optional<NetworkText> network,
        List<UserText> users,
        List<ServiceIdText> serviceIds,
        List<BindingText> bindings) {

    /** Keeps its own copies. */
    public AccountText {
        namespaces = List.copyOf(namespaces);
        users = List.copyOf(users);
        serviceIds = List.copyOf(serviceIds);
        bindings = List.copyOf(bindings);
    }

    /** An account with network rules only. */
    public static AccountText of(String name, List<String> namespaces, NetworkText network) {
        return new AccountText(name, namespaces, Optional.of(network), List.of(), List.of(), List.of());
    }

    /** A user, with its bcrypt hash. */
    public record UserText(String name, String passwordHash, Optional<NetworkText> network) {
        /** Leaves the hash out. */
        @Override
        public String toString() {
            return "UserText[" + name + "]";
        }
    }

    /** A service id without a key. */
    public record ServiceIdText(String name, Optional<NetworkText> network) {}

    /**
     * A binding.
     *
     * @param subjects as policies write them: {@code user:alice}, {@code anonymous}
     * @param remark stands behind it as a comment
     */
    public record BindingText(
            List<String> subjects,
            Role role,
            Optional<String> namespace,
            Optional<String> repository,
            Optional<String> remark) {
        /** Keeps its own copy. */
        public BindingText {
            subjects = List.copyOf(subjects);
        }
    }
}
