package dev.postern.console;

import java.util.List;

/**
 * What the page <em>map</em> shows.
 *
 * @param in the ruleset
 * @param choices those that can be chosen
 * @param block the block of IPv4 that is drawn
 * @param up the query for the block around it; empty where that is all
 * @param cells its 256 parts
 * @param open how many addresses of it are open
 * @param share the same of a hundred
 * @param ranges what is open in it
 * @param moreRanges how many there are besides
 * @param ranges6 what is open of IPv6
 * @param moreRanges6 how many there are besides
 */
public record MapView(
        String in,
        List<RulesView.Choice> choices,
        String block,
        String up,
        List<Cell> cells,
        String open,
        String share,
        List<String> ranges,
        int moreRanges,
        List<String> ranges6,
        int moreRanges6) {

    /**
     * A part of the block.
     *
     * @param x its column, in units of the drawing
     * @param y its row
     * @param level how much of it is open: 0 nothing, 5 all
     * @param name what it is called in the drawing
     * @param title the block, and how much of it is open
     * @param query the query that draws it; empty where there is nothing to see in it
     */
    public record Cell(int x, int y, int level, String name, String title, String query) {}
}
