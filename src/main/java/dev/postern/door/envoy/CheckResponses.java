package dev.postern.door.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.postern.decision.Reason;
import dev.postern.distribution.OciError;
import dev.postern.distribution.WarningHeader;
import dev.postern.door.Passage;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What becomes of a request, as Envoy is told ({@code envoy.service.auth.v3.CheckResponse}). */
final class CheckResponses {

    /** Who it is, for the registry; whatever the caller has sent under this name is gone. */
    static final String SUBJECT = "x-postern-subject";

    /** Which decision let it pass; likewise. */
    static final String DECISION = "x-postern-decision";

    private static final Status OK = Status.newBuilder().setCode(Code.OK_VALUE).build();

    private static final Value YES = Value.newBuilder().setBoolValue(true).build();
    private static final Value NO = Value.newBuilder().setBoolValue(false).build();
    private static final Map<Reason, Value> REASONS = Arrays.stream(Reason.values())
            .collect(Collectors.toMap(reason -> reason, reason -> text(reason.wireName())));

    private CheckResponses() {}

    static CheckResponse of(Passage passage) {
        return switch (passage) {
            case Passage.Allowed allowed ->
                CheckResponse.newBuilder()
                        .setStatus(OK)
                        .setOkResponse(ok(allowed))
                        .setDynamicMetadata(metadata(passage.facts(), true))
                        .build();
            case Passage.Stopped stopped -> denied(stopped);
        };
    }

    /** When nothing could be decided, by a mistake of our own. */
    static CheckResponse unavailable() {
        OciError error = OciError.undecided();
        return CheckResponse.newBuilder()
                .setStatus(status(error.status()))
                .setDeniedResponse(DeniedHttpResponse.newBuilder()
                        .setStatus(HttpStatus.newBuilder().setCodeValue(error.status()))
                        .addHeaders(header("Content-Type", "application/json"))
                        .setBody(error.body(Optional.empty())))
                .build();
    }

    private static OkHttpResponse.Builder ok(Passage.Allowed allowed) {
        OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
        set(ok, DECISION, allowed.facts().decision());
        set(ok, SUBJECT, allowed.facts().subject());
        allowed.warning()
                .ifPresent(text -> ok.addResponseHeadersToAdd(header(WarningHeader.NAME, WarningHeader.value(text))));
        return ok;
    }

    private static void set(OkHttpResponse.Builder ok, String name, Optional<String> value) {
        if (value.isPresent()) {
            ok.addHeaders(header(name, value.get()));
        } else {
            ok.addHeadersToRemove(name);
        }
    }

    private static CheckResponse denied(Passage.Stopped stopped) {
        DeniedHttpResponse.Builder denied = DeniedHttpResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(StatusCode.forNumber(stopped.status())))
                .setBody(stopped.body());
        stopped.headers().forEach(line -> denied.addHeaders(header(line.name(), line.value())));
        return CheckResponse.newBuilder()
                .setStatus(status(stopped.status()))
                .setDeniedResponse(denied)
                .setDynamicMetadata(metadata(stopped.facts(), false))
                .build();
    }

    /** Anything but OK is a no to Envoy; which no, is for its statistics. */
    private static Status status(int http) {
        int code = switch (http) {
            case 401 -> Code.UNAUTHENTICATED_VALUE;
            case 429 -> Code.RESOURCE_EXHAUSTED_VALUE;
            case 503 -> Code.UNAVAILABLE_VALUE;
            default -> Code.PERMISSION_DENIED_VALUE;
        };
        return Status.newBuilder().setCode(code).build();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }

    /** For Envoy's access log: {@code %DYNAMIC_METADATA(envoy.filters.http.ext_authz:decision)%}. */
    private static Struct metadata(Passage.Facts facts, boolean allowed) {
        Struct.Builder metadata = Struct.newBuilder();
        metadata.putFields("allowed", allowed ? YES : NO);
        metadata.putFields("reason", REASONS.get(facts.reason()));
        metadata.putFields("source", text(facts.source().summary()));
        facts.decision().ifPresent(id -> metadata.putFields("decision", text(id)));
        facts.subject().ifPresent(subject -> metadata.putFields("subject", text(subject)));
        return metadata.build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
