package dev.postern.console;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The page <em>refusals</em>: who was refused of late, and what would have to change. */
final class RefusalsPage {

    private static final int BLOCKS = 50;
    private static final int OF_EACH = 5;
    private static final Pattern ID = Pattern.compile("[0-9a-hjkmnp-tv-z]{16}");

    private final Recorder recorder;

    RefusalsPage(Recorder recorder) {
        this.recorder = recorder;
    }

    RefusalsView view(Ask ask) {
        Refusals refusals = recorder.refusals();
        long newest = refusals.newest();
        List<Refusals.Block> all = refusals.blocks();
        String id = ask.field("id");
        if (!id.isEmpty()) {
            return one(id, newest, all);
        }
        int number = ask.number("block", 0);
        List<Refusals.Block> shown = all.stream()
                .filter(block -> number == 0 || block.number() == number)
                .toList();
        int each = number == 0 ? OF_EACH : Refusals.OF_A_BLOCK;
        return new RefusalsView(
                newest,
                shown.stream().limit(BLOCKS).map(block -> shown(block, each)).toList(),
                Texts.number(refusals.kept()),
                recorder.lost(),
                Math.max(0, shown.size() - BLOCKS),
                "",
                "",
                number != 0);
    }

    private RefusalsView one(String id, long newest, List<Refusals.Block> all) {
        Optional<Refusals.Block> found = all.stream()
                .flatMap(block -> block.refusals().stream()
                        .filter(refusal -> refusal.id().equals(id))
                        .map(refusal ->
                                new Refusals.Block(block.number(), block.block(), block.count(), List.of(refusal))))
                .findFirst();
        String trouble = found.isPresent()
                ? ""
                : ID.matcher(id).matches()
                        ? "No refusal of this id is kept here: the newest are, of each block a few, since the start."
                                + " The audit file may have it: postern explain " + id
                        : "That is not a decision's id; expected 16 letters and digits such as 7f3k9q0c2m5v8w1x.";
        return new RefusalsView(
                newest,
                found.map(block -> shown(block, 1)).stream().toList(),
                Texts.number(recorder.refusals().kept()),
                recorder.lost(),
                0,
                Texts.shown(id, 64),
                trouble,
                true);
    }

    private static RefusalsView.Block shown(Refusals.Block block, int each) {
        List<Refusal> newest = block.refusals().stream().limit(each).toList();
        return new RefusalsView.Block(
                block.number(),
                block.block(),
                Texts.number(block.count()),
                block.newest(),
                newest,
                block.refusals().size() - newest.size());
    }

    /** {@code {"newest":42}}: changes when there is something new. */
    String json() {
        return "{\"newest\":" + recorder.refusals().newest() + "}";
    }
}
