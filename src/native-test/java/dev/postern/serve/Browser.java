package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The system's Chromium, and what looks for barriers in its pages. */
final class Browser implements AutoCloseable {

    private static final int UNAVAILABLE = 69;

    /** What the Web Content Accessibility Guidelines 2.2 ask for at level AA, and what is good practice besides. */
    private static final String LOOK = """
        () => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
            .then(found => found.violations.map(each =>
                each.id + ': ' + each.nodes.map(node => node.html.slice(0, 200) + ' ' + node.failureSummary).join('; ')))
        """;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final String axe;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium, String axe) {
        this.playwright = playwright;
        this.chromium = chromium;
        this.axe = axe;
    }

    /** How a page is looked at. */
    enum Look {
        DESKTOP_LIGHT(1280, 720, 1, ColorScheme.LIGHT),
        DESKTOP_DARK(1280, 720, 1, ColorScheme.DARK),
        PHONE_LIGHT(390, 844, 2, ColorScheme.LIGHT),
        PHONE_DARK(390, 844, 2, ColorScheme.DARK);

        private final int width;
        private final int height;
        private final int scale;
        private final ColorScheme scheme;

        Look(int width, int height, int scale, ColorScheme scheme) {
            this.width = width;
            this.height = height;
            this.scale = scale;
            this.scheme = scheme;
        }
    }

    /** Starts it; where there is none, the tests are left out, and that is noted. */
    static Browser start(Path base) throws IOException, InterruptedException {
        Process check = new ProcessBuilder(
                        base.resolve("src/test/browser/browser").toString(), "check")
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = check.waitFor();
        if (code == UNAVAILABLE && !"true".equals(System.getenv("CI"))) {
            Files.writeString(
                    base.resolve("target/left-out.txt"),
                    "tests with a real browser: " + said + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            abort(said);
        }
        assertThat(code).as(said).isZero();
        List<String> lines = said.lines().toList();
        Path driver = Path.of(lines.getFirst());
        System.setProperty("playwright.cli.dir", driver.toString());
        Playwright playwright = Playwright.create();
        return new Browser(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of(lines.getLast()))
                                .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage"))),
                Files.readString(driver.resolve("node_modules/axe-core/axe.min.js")));
    }

    /** A visitor of its own, with its own cookies. */
    BrowserContext visitor(Look look, boolean scripts) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(look.width, look.height)
                .setColorScheme(look.scheme)
                .setDeviceScaleFactor(look.scale)
                // The issuer of tests has a certificate that nobody signed.
                .setIgnoreHTTPSErrors(true)
                .setJavaScriptEnabled(scripts));
        context.setDefaultTimeout(15_000);
        return context;
    }

    /** What bars people from the page, by axe. */
    List<?> barriers(Page page) {
        page.evaluate(axe);
        return (List<?>) page.evaluate(LOOK);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
