package dev.postern.console;

import io.quarkus.qute.Engine;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;

/**
 * The pages' templates. Each declares the types of what it is given, and is checked by them when Postern is built.
 *
 * @param engine what reads and fills them
 */
record Templates(Engine engine) {

    /** The page's text, filled with what every page has, and with what this one shows. */
    String render(String name, Page page, Object shown) {
        Template template = engine.getTemplate("console/" + name);
        if (template == null) {
            throw new IllegalStateException("the package lacks the template " + name);
        }
        TemplateInstance instance = template.data("page", page).data("view", shown);
        return instance.render();
    }
}
