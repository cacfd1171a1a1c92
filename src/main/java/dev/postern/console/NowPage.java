package dev.postern.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.decision.Reason;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** The page <em>now</em>: what is decided, and what is not as it should be. */
final class NowPage {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int STEPS_OF_A_MINUTE = 6;

    private final Recorder recorder;
    private final PolicyStore policies;
    private final MeterRegistry meters;
    private final Supplier<List<HealthCheckResponse>> health;

    NowPage(Recorder recorder, PolicyStore policies, MeterRegistry meters, Supplier<List<HealthCheckResponse>> health) {
        this.recorder = recorder;
        this.policies = policies;
        this.meters = meters;
        this.health = health;
    }

    NowView view() {
        PolicyStore.State state = policies.state();
        List<NowView.Trouble> troubles = new ArrayList<>();
        List<NowView.State> states = new ArrayList<>();
        for (HealthCheckResponse answer : health.get()) {
            states.add(state(answer, troubles));
        }
        long lost = lost();
        if (lost > 0) {
            troubles.add(new NowView.Trouble("audit", Texts.number(lost) + " events were lost since the start"));
        }
        return new NowView(
                Texts.dateAndTime(recorder.began()), policy(state), troubles, states, doors(), reasons(), lost);
    }

    private static NowView.Policy policy(PolicyStore.State state) {
        Optional<Policy> policy = state.inForce();
        return new NowView.Policy(
                policy.map(Policy::version).map(Texts::shown).orElse("none"),
                state.since().map(Texts::dateAndTime).orElse("never"),
                policy.map(known -> Texts.number(known.accounts().size())).orElse("0"),
                policy.map(known -> Texts.number(known.ruleCount())).orElse("0"),
                Texts.number(state.warnings().size()));
    }

    /** A check says itself whether it goes on by what was good before. */
    private static NowView.State state(HealthCheckResponse answer, List<NowView.Trouble> troubles) {
        Map<String, Object> data = answer.getData().orElse(Map.of());
        boolean isUp = answer.getStatus() == HealthCheckResponse.Status.UP;
        boolean isDegraded = Boolean.TRUE.equals(data.get("degraded")) || Boolean.TRUE.equals(data.get("stale"));
        if (!isUp || isDegraded) {
            int before = troubles.size();
            data.forEach((key, value) -> {
                if (value instanceof String why && !key.equals("version") && !key.equals("since")) {
                    troubles.add(new NowView.Trouble(Texts.shown(answer.getName() + ": " + key), Texts.shown(why)));
                }
            });
            if (troubles.size() == before) {
                troubles.add(new NowView.Trouble(answer.getName(), isUp ? "is degraded" : "is down"));
            }
        }
        return new NowView.State(answer.getName(), !isUp ? "down" : isDegraded ? "degraded" : "well");
    }

    private long lost() {
        return (long) meters.find("postern.audit.lost").functionCounters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private List<NowView.Door> doors() {
        List<NowView.Door> doors = new ArrayList<>();
        recorder.tallies().byDoor().forEach((name, counts) -> {
            long granted = counts[Reason.GRANTED.ordinal()];
            long empty = counts[Reason.NOT_PERMITTED.ordinal()];
            long all = 0;
            for (long count : counts) {
                all += count;
            }
            doors.add(new NowView.Door(
                    Texts.shown(name),
                    Texts.number(granted),
                    Texts.number(empty),
                    Texts.number(all - granted - empty)));
        });
        return doors;
    }

    private List<NowView.ReasonRow> reasons() {
        List<Timeline.Step> steps = recorder.timeline().steps();
        long[] all = recorder.tallies().byReason();
        long[] open = recorder.timeline().open(all);
        List<NowView.ReasonRow> rows = new ArrayList<>();
        for (Reason reason : Reason.values()) {
            int i = reason.ordinal();
            if (all[i] > 0 || reason == Reason.GRANTED) {
                long hour = sum(steps, i, Timeline.STEPS) + open[i];
                long minute = sum(steps, i, STEPS_OF_A_MINUTE) + open[i];
                rows.add(new NowView.ReasonRow(
                        reason.wireName(), Texts.number(minute), Texts.number(hour), Texts.number(all[i])));
            }
        }
        return rows;
    }

    private static long sum(List<Timeline.Step> steps, int reason, int last) {
        return steps.stream()
                .skip(Math.max(0, steps.size() - last))
                .mapToLong(step -> step.counts()[reason])
                .sum();
    }

    /** The steps for the chart: {@code {"step":10,"ends":[…],"series":[{"name":"granted","counts":[…]}]}}. */
    String json() {
        List<Timeline.Step> steps = recorder.timeline().steps();
        StringWriter text = new StringWriter(4096);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("step", Timeline.STEP.toSeconds());
            out.writeArrayFieldStart("ends");
            for (Timeline.Step step : steps) {
                out.writeNumber(step.end().getEpochSecond());
            }
            out.writeEndArray();
            out.writeArrayFieldStart("series");
            for (Reason reason : Reason.values()) {
                int i = reason.ordinal();
                if (reason == Reason.GRANTED || steps.stream().anyMatch(step -> step.counts()[i] != 0)) {
                    out.writeStartObject();
                    out.writeStringField("name", reason.wireName());
                    out.writeArrayFieldStart("counts");
                    for (Timeline.Step step : steps) {
                        out.writeNumber(step.counts()[i]);
                    }
                    out.writeEndArray();
                    out.writeEndObject();
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return text.toString();
    }
}
