package dev.postern.timing;

/** The way of one request. One thread at a time goes it. */
public final class Course {

    private final Door door;
    private final long began;
    private long last;

    Course(Door door, long began) {
        this.door = door;
        this.began = began;
        this.last = began;
    }

    /** At which door it began. */
    public Door door() {
        return door;
    }

    /** This step is done: it took the time since the one before, or since the beginning. */
    public void passed(Step step) {
        long now = System.nanoTime();
        door.of(step).add(now - last);
        last = now;
    }

    /** The answer is there. */
    public void ended() {
        door.whole().add(System.nanoTime() - began);
    }
}
