package dev.postern.policy.importing;

import dev.postern.policy.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of JSON or YAML, with its place. */
sealed interface Value {

    /** Where it begins. */
    Position at();

    /** What it is, for error texts. */
    String kind();

    /** An object of JSON, a mapping of YAML. */
    record Fields(Position at, Map<String, Value> entries) implements Value {
        /** Keeps its own copy, in order. */
        public Fields {
            entries = new LinkedHashMap<>(entries);
        }

        @Override
        public String kind() {
            return "a map";
        }
    }

    /** An array of JSON, a sequence of YAML. */
    record Items(Position at, List<Value> values) implements Value {
        /** Keeps its own copy. */
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A string; in YAML every scalar but nothing, whatever type YAML sees in it. */
    record Text(Position at, String text) implements Value {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A number of JSON, as it is written. */
    record Number(Position at, String text) implements Value {
        @Override
        public String kind() {
            return "a number";
        }
    }

    /** True or false of JSON. */
    record Truth(Position at, boolean value) implements Value {
        @Override
        public String kind() {
            return value ? "true" : "false";
        }
    }

    /** Null of JSON, nothing of YAML. */
    record Nothing(Position at) implements Value {
        @Override
        public String kind() {
            return "nothing";
        }
    }
}
