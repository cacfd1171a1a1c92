package dev.postern.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.decision.Reason;
import dev.postern.testing.TraceCollector;
import dev.postern.timing.Step;
import dev.postern.timing.Trace;
import dev.postern.timing.Traceparent;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines, read by the protocol's own messages. */
class SpanLinesTest {

    private static final Instant FROM = Instant.parse("2026-01-02T03:04:05.000000006Z");
    private static final Optional<Traceparent> PARENT =
            Traceparent.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    @Test
    void a_decision_of_no_trace_begins_one() throws IOException {
        // When
        List<Span> spans = spans(course(Optional.empty(), Reason.GRANTED), 1, 2, 3, 4);
        // Then
        assertThat(spans).hasSize(2);
        assertThat(spans)
                .extracting(span -> TraceCollector.hex(span.getTraceId()))
                .containsOnly("00000000000000010000000000000002");
        assertThat(spans)
                .extracting(span -> TraceCollector.hex(span.getSpanId()))
                .containsExactly("0000000000000003", "0000000000000004");
        assertThat(spans)
                .extracting(span -> TraceCollector.hex(span.getParentSpanId()))
                .containsExactly("", "0000000000000003");
        assertThat(spans).extracting(Span::getFlags).containsExactly(0x001, 0x101);
    }

    @Test
    void a_decision_of_a_trace_is_part_of_it() throws IOException {
        // When
        List<Span> spans = spans(course(PARENT, Reason.GRANTED), 3, 4);
        // Then
        assertThat(spans)
                .extracting(span -> TraceCollector.hex(span.getTraceId()))
                .containsOnly("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(spans)
                .extracting(span -> TraceCollector.hex(span.getParentSpanId()))
                .containsExactly("00f067aa0ba902b7", "0000000000000003");
        assertThat(spans).extracting(Span::getFlags).containsExactly(0x301, 0x101);
    }

    @Test
    void times_are_nanoseconds() throws IOException {
        // When
        List<Span> spans = spans(course(PARENT, Reason.GRANTED), 3, 4);
        // Then
        assertThat(spans).extracting(Span::getStartTimeUnixNano).containsOnly(1_767_323_045_000_000_006L);
        assertThat(spans)
                .extracting(Span::getEndTimeUnixNano)
                .containsExactly(1_767_323_045_000_002_006L, 1_767_323_045_000_001_006L);
    }

    @Test
    void zero_is_no_id_and_the_largest_is_one() throws IOException {
        // When
        List<Span> spans = spans(course(Optional.empty(), Reason.GRANTED), 0, -1, 0, 0, Long.MIN_VALUE, 3, 4);
        // Then
        assertThat(TraceCollector.hex(spans.getFirst().getTraceId())).isEqualTo("ffffffffffffffff8000000000000000");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void only_what_could_not_be_decided_is_an_error(Reason reason) throws IOException {
        // When
        List<Span> spans = spans(course(PARENT, reason), 3, 4);
        // Then
        assertThat(spans.getFirst().getStatus().getCode())
                .isEqualTo(
                        reason == Reason.UNAVAILABLE
                                ? Status.StatusCode.STATUS_CODE_ERROR
                                : Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(spans.getLast().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    }

    private static Trace.Recorded course(Optional<Traceparent> parent, Reason reason) {
        return new Trace.Recorded(
                "envoy",
                parent,
                FROM,
                FROM.plusNanos(2000),
                List.of(new Trace.Passed(Step.GATE, FROM, FROM.plusNanos(1000))),
                "id",
                "refused",
                reason.wireName());
    }

    private static List<Span> spans(Trace.Recorded course, long... numbers) throws IOException {
        Iterator<Long> next = LongStream.of(numbers).iterator();
        String lines = new SpanLines(next::next)
                .of(course).stream()
                        .map(line -> new String(line, StandardCharsets.US_ASCII))
                        .collect(Collectors.joining(","));
        return TraceCollector.json("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + lines + "]}]}]}")
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList();
    }
}
