package dev.postern.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IntakeTest {

    private static final int ROOM = 100_000;

    private final Intake intake = new Intake(ROOM, 3);
    private final ChannelInboundHandlerAdapter server = intake.server();

    @Test
    void smallRequestsAreNotCounted() {
        // When
        EmbeddedChannel connection = connect();
        connection.writeInbound(bytes(Intake.FREE));

        // Then
        assertThat(intake.held()).isZero();
        assertThat(connection.<ByteBuf>readInbound().release()).isTrue();
    }

    @Test
    void largeOnesAreUntilTheyAreAnswered() {
        // Given
        EmbeddedChannel connection = connect();
        connection.writeInbound(bytes(30_000), bytes(2_000));
        assertThat(intake.held()).isEqualTo(32_000);

        // When
        connection.writeOutbound(bytes(10));

        // Then
        assertThat(intake.held()).isZero();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void orUntilTheirConnectionEnds() {
        // Given
        EmbeddedChannel connection = connect();
        connection.writeInbound(bytes(30_000));

        // When
        connection.close();

        // Then
        assertThat(intake.held()).isZero();
    }

    @Test
    void aConnectionWhoseBytesFindNoRoomIsClosedAndTheOthersAreNot() {
        // Given
        EmbeddedChannel first = connect();
        EmbeddedChannel second = connect();
        first.writeInbound(bytes(ROOM - 1000));

        // When
        second.writeInbound(bytes(Intake.FREE));
        boolean small = second.isOpen();
        second.writeInbound(bytes(1000));

        // Then
        assertThat(small).isTrue();
        assertThat(second.isOpen()).isFalse();
        assertThat(first.isOpen()).isTrue();
        assertThat(intake.closed()).isEqualTo(1);
        assertThat(intake.held()).isEqualTo(ROOM - 1000);
    }

    @Test
    void aLargeRequestThatDoesNotComeWholeInTimeIsClosed() {
        // Given
        EmbeddedChannel connection = connect();
        connection.writeInbound(bytes(5000));

        // When
        connection.advanceTimeBy(11, TimeUnit.SECONDS);
        connection.runScheduledPendingTasks();

        // Then
        assertThat(connection.isOpen()).isFalse();
        assertThat(intake.held()).isZero();
    }

    @Test
    void oneThatWasAnsweredIsNot() {
        // Given
        EmbeddedChannel connection = connect();
        connection.writeInbound(bytes(5000));
        connection.writeOutbound(bytes(10));

        // When
        connection.advanceTimeBy(11, TimeUnit.SECONDS);
        connection.runScheduledPendingTasks();

        // Then
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void aServerHasNoMoreConnectionsThanItMay() {
        // Given
        EmbeddedChannel first = connect();
        connect();
        connect();

        // When // Then
        assertThat(connect().isOpen()).isFalse();
        first.close();
        assertThat(connect().isOpen()).isTrue();
        assertThat(intake.closed()).isEqualTo(1);
    }

    /** A connection that the server has accepted. */
    private EmbeddedChannel connect() {
        EmbeddedChannel connection = new EmbeddedChannel();
        EmbeddedChannel listening = new EmbeddedChannel(server);
        listening.writeInbound(connection);
        return connection;
    }

    private static ByteBuf bytes(int length) {
        return Unpooled.wrappedBuffer(new byte[length]);
    }
}
