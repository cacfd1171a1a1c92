package dev.postern.timing;

import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The doors, and what their requests take. */
@Singleton
public final class Courses {

    private final Map<String, Door> doors = new ConcurrentSkipListMap<>();

    /** The door of this name: asked for once, when it is built. */
    public Door door(String name) {
        return doors.computeIfAbsent(name, Door::new);
    }

    /** All doors so far, by name. */
    public Collection<Door> doors() {
        return Collections.unmodifiableCollection(doors.values());
    }
}
