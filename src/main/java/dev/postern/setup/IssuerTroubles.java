package dev.postern.setup;

import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** Tells of issuers that do not give their keys, once, and once when they do again. */
final class IssuerTroubles {

    private static final Logger LOG = Logger.getLogger(IssuerTroubles.class);

    private final String where;
    private Map<String, String> told = Map.of();

    /** @param where the settings where they are named */
    IssuerTroubles(String where) {
        this.where = where;
    }

    /** @param troubles of each issuer that has some, by its name */
    void tell(Map<String, String> troubles) {
        troubles.forEach((name, why) -> {
            if (!why.equals(told.get(name))) {
                LOG.warnf("the issuer %s of %s does not give its keys: %s", name, where, why);
            }
        });
        told.keySet().stream()
                .filter(name -> !troubles.containsKey(name))
                .forEach(name -> LOG.infof("the issuer %s of %s gives its keys again", name, where));
        told = new HashMap<>(troubles);
    }
}
