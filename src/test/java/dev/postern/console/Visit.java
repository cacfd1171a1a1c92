package dev.postern.console;

import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A browser's visit to the console of a test, on its management port. */
record Visit(URI management, List<Line> lines) {

    /** By nobody who has signed in. */
    static Visit ofAStranger(URI management) {
        return new Visit(management, List.of(new Line("Host", "localhost")));
    }

    /** By somebody who signs in by the token. */
    static Visit by(URI management, String token) {
        Visit visit = ofAStranger(management);
        String cookie = visit.login(token).header("Set-Cookie");
        return visit.with("Cookie", cookie.substring(0, cookie.indexOf(';')));
    }

    Visit with(String name, String value) {
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line(name, value));
        return new Visit(management, more);
    }

    Answer get(String page) {
        return RawHttp.get(management, "/console/" + page, lines);
    }

    Answer login(String token) {
        return RawHttp.postForm(
                management, "/console/login", lines, "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    }

    Answer logout() {
        return RawHttp.postForm(management, "/console/logout", lines, "");
    }
}
