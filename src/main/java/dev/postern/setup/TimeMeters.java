package dev.postern.setup;

import dev.postern.timing.Courses;
import dev.postern.timing.Door;
import dev.postern.timing.Durations;
import dev.postern.timing.Step;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;

/**
 * What decisions take, as histograms. Those of the meter library cost a hundred nanoseconds each time; this one reads what is
 * counted for less.
 */
@ApplicationScoped
public class TimeMeters {

    private static final String WHOLE = "postern_decision_duration_seconds";
    private static final String STEP = "postern_decision_step_duration_seconds";

    private final PrometheusMeterRegistry meters;
    private final Collector collector;

    TimeMeters(PrometheusMeterRegistry meters, Courses courses) {
        this.meters = meters;
        this.collector = new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return TimeMeters.collect(courses);
            }
        };
    }

    void begin(@Observes StartupEvent event) {
        meters.getPrometheusRegistry().register(collector);
    }

    void end(@Observes ShutdownEvent event) {
        meters.getPrometheusRegistry().unregister(collector);
    }

    private static List<Collector.MetricFamilySamples> collect(Courses courses) {
        List<Sample> whole = new ArrayList<>();
        List<Sample> steps = new ArrayList<>();
        for (Door door : courses.doors()) {
            add(whole, WHOLE, List.of("door"), List.of(door.name()), door.whole());
            for (Step step : Step.values()) {
                add(steps, STEP, List.of("door", "step"), List.of(door.name(), step.wireName()), door.of(step));
            }
        }
        return List.of(
                family(WHOLE, "What decisions take, from a request's arrival to its answer", whole),
                family(STEP, "What the steps of decisions take", steps));
    }

    private static Collector.MetricFamilySamples family(String name, String description, List<Sample> samples) {
        return new Collector.MetricFamilySamples(name, Collector.Type.HISTOGRAM, description, samples);
    }

    /** What has never happened has no series. */
    private static void add(
            List<Sample> to, String name, List<String> labels, List<String> values, Durations durations) {
        Durations.Snapshot now = durations.snapshot();
        long count = now.counts().getLast();
        if (count == 0) {
            return;
        }
        for (int i = 0; i < now.counts().size(); i++) {
            double bound = i < Durations.bounds().size() ? Durations.bounds().get(i) : Double.POSITIVE_INFINITY;
            to.add(new Sample(
                    name + "_bucket",
                    with(labels, "le"),
                    with(values, Collector.doubleToGoString(bound)),
                    now.counts().get(i)));
        }
        to.add(new Sample(name + "_count", labels, values, count));
        to.add(new Sample(name + "_sum", labels, values, now.seconds()));
    }

    private static List<String> with(List<String> list, String more) {
        List<String> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
