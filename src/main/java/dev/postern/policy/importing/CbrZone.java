package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.writing.ZoneText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network zone of IBM Cloud.
 *
 * @param id by which rules name it
 * @param name its name in the policy
 * @param addresses what it takes in by address
 * @param excluded what it leaves out
 * @param vpcs the VPCs that it takes in, by CRN
 * @param remarks where it comes from, and what of it could not be said
 */
record CbrZone(
        String id,
        String name,
        List<AddressRange> addresses,
        List<AddressRange> excluded,
        List<String> vpcs,
        List<String> remarks) {

    private static final int MAX_NAME = 100;

    CbrZone {
        addresses = List.copyOf(addresses);
        excluded = List.copyOf(excluded);
        vpcs = List.copyOf(vpcs);
        remarks = List.copyOf(remarks);
    }

    AddressSet set() {
        return AddressSet.of(addresses).minus(AddressSet.of(excluded));
    }

    ZoneText text() {
        return new ZoneText(name, addresses, excluded, remarks);
    }

    /**
     * Reads a zone.
     *
     * @param taken the names that other zones have, to which this one's is added
     */
    static CbrZone read(FieldReader zone, Set<String> taken, Findings findings) {
        Value.Fields at = zone.fields();
        String original = zone.text("name").map(Value.Text::text).orElse("zone");
        String id = zone.text("id").map(Value.Text::text).orElse(original);
        List<String> remarks = new ArrayList<>();
        remarks.add("'" + original + "', zone " + id + ", " + at.at());
        List<AddressRange> addresses = new ArrayList<>();
        List<String> vpcs = new ArrayList<>();
        for (Value item : zone.items("addresses")) {
            Optional<FieldReader> address = address(item, findings);
            String type =
                    address.flatMap(it -> it.text("type")).map(Value.Text::text).orElse("");
            switch (type) {
                case "ipAddress", "ipRange", "subnet" ->
                    address.flatMap(it -> range(it, remarks, findings)).ifPresent(addresses::add);
                case "vpc" ->
                    address.flatMap(it -> it.text("value"))
                            .map(Value.Text::text)
                            .ifPresent(vpcs::add);
                case "serviceRef" -> {
                    remarks.add("left out: a service reference, " + item.at());
                    findings.warning(
                            item.at(),
                            "the service reference" + service(address)
                                    + " is left out: the addresses of a service are not in the zone; give the service"
                                    + " an identity, or list its addresses");
                }
                default -> {
                    remarks.add("left out: an address of type " + Findings.shown(type) + ", " + item.at());
                    findings.warning(
                            item.at(),
                            "an address of type " + Findings.shown(type)
                                    + " is left out; known are ipAddress, ipRange, subnet, vpc, serviceRef");
                }
            }
        }
        List<AddressRange> excluded = new ArrayList<>();
        for (Value item : zone.items("excluded")) {
            // What cannot be excluded here would be open here.
            address(item, findings).ifPresent(address -> excluded(address, item, excluded, findings));
        }
        zone.value("excluded_count")
                .filter(count -> count instanceof Value.Number number
                        && !number.text()
                                .equals(String.valueOf(zone.items("excluded").size())))
                .ifPresent(count -> findings.error(
                        count.at(), "'excluded_count' is not the number of 'excluded': what is missing would be open"));
        return new CbrZone(id, uniqueName(original, taken), addresses, excluded, vpcs, remarks);
    }

    private static Optional<FieldReader> address(Value item, Findings findings) {
        if (item instanceof Value.Fields fields) {
            return Optional.of(new FieldReader(fields, findings));
        }
        findings.error(item.at(), "found " + item.kind() + "; expected an address with 'type' and 'value'");
        return Optional.empty();
    }

    private static Optional<AddressRange> range(FieldReader address, List<String> remarks, Findings findings) {
        Value at = address.fields();
        Optional<String> value = address.text("value").map(Value.Text::text);
        if (value.isPresent() && AddressRange.parse(value.get()) instanceof AddressRange.Parsed parsed) {
            return Optional.of(parsed.range());
        }
        remarks.add("left out: no address, " + at.at());
        String why = value.isPresent() && AddressRange.parse(value.get()) instanceof AddressRange.Malformed malformed
                ? malformed.why()
                : "an address without 'value'";
        findings.warning(at.at(), why + "; left out");
        return Optional.empty();
    }

    private static void excluded(FieldReader address, Value item, List<AddressRange> excluded, Findings findings) {
        String value = address.text("value").map(Value.Text::text).orElse("");
        switch (AddressRange.parse(value)) {
            case AddressRange.Parsed parsed -> excluded.add(parsed.range());
            case AddressRange.Malformed malformed ->
                findings.error(item.at(), "cannot be excluded, and leaving it out would open it: " + malformed.why());
        }
    }

    private static String service(Optional<FieldReader> address) {
        return address.flatMap(it -> it.map("ref"))
                .flatMap(ref -> ref.text("service_name"))
                .map(name -> " to " + Findings.shown(name.text()))
                .orElse("");
    }

    /** The name with what no name of ours has replaced, told apart from those that became the same. */
    private static String uniqueName(String original, Set<String> taken) {
        String safe = original.replaceAll("[^A-Za-z0-9._@-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
        String base = safe.isEmpty() ? "zone" : safe.substring(0, Math.min(MAX_NAME, safe.length()));
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }
}
