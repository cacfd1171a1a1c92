package dev.postern.timing;

import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The doors, what their requests take, and who records some of them. */
@Singleton
public final class Courses {

    private final Map<String, Door> doors = new ConcurrentSkipListMap<>();
    private volatile Recorder recorder = Recorder.NOBODY;

    /** The door of this name: asked for once, when it is built. */
    public Door door(String name) {
        return doors.computeIfAbsent(name, named -> new Door(named, this));
    }

    /** All doors so far, by name. */
    public Collection<Door> doors() {
        return Collections.unmodifiableCollection(doors.values());
    }

    /** From now on, this one records. */
    public void recordedBy(Recorder next) {
        recorder = next;
    }

    Recorder recorder() {
        return recorder;
    }
}
