package dev.postern.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DurationsTest {

    @Test
    void a_duration_counts_in_its_bucket_and_in_all_that_are_wider() {
        // Given
        Durations durations = new Durations();
        // When
        durations.add(10_000);
        durations.add(10_001);
        durations.add(3_000_000_000L);
        // Then
        assertThat(durations.snapshot().counts()).isEqualTo(List.of(1L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 3L));
        assertThat(durations.snapshot().seconds()).isEqualTo(3.000020001);
    }

    @Test
    void a_course_adds_what_each_step_takes_and_the_whole() {
        // Given
        Courses courses = new Courses();
        Course course = courses.door("registry").begin("request", request -> List.of());
        // When
        course.passed(Step.SOURCE);
        course.passed(Step.GATE);
        course.ended("id", "granted", "granted");
        // Then
        Door door = courses.doors().iterator().next();
        assertThat(door.of(Step.SOURCE).snapshot().counts().getLast()).isEqualTo(1);
        assertThat(door.of(Step.GATE).snapshot().counts().getLast()).isEqualTo(1);
        assertThat(door.of(Step.SIGNING).snapshot().counts().getLast()).isZero();
        assertThat(door.whole().snapshot().seconds())
                .isGreaterThanOrEqualTo(door.of(Step.SOURCE).snapshot().seconds()
                        + door.of(Step.GATE).snapshot().seconds());
    }

    @Test
    void a_door_is_one_however_often_it_is_asked_for() {
        // Given
        Courses courses = new Courses();
        // Then
        assertThat(courses.door("envoy")).isSameAs(courses.door("envoy"));
        assertThat(courses.doors()).hasSize(1);
    }
}
