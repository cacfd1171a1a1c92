/* What the console's pages do beyond links and forms: charts, live parts, copying. Every page works without it. */
"use strict";

(() => {
  const page = document.body.dataset.page;

  const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const ask = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      location.reload();
    }
    return answer.ok ? answer : null;
  };

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  // --- now ---------------------------------------------------------------------------------------------------------

  const colour = (reason) => {
    const key = document.createElement("span");
    key.className = "key key-" + reason;
    key.hidden = false;
    document.body.append(key);
    const found = getComputedStyle(key).backgroundColor;
    key.remove();
    return found;
  };

  const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 19);

  const datasets = (data) => data.series.map((series) => ({
    label: series.name,
    data: series.counts,
    backgroundColor: colour(series.name),
    borderColor: colour(series.name),
    borderWidth: 1,
    fill: true,
    pointRadius: 0,
    stepped: "after",
  }));

  const draw = (canvas, data) => new Chart(canvas, {
    type: "line",
    data: { labels: data.ends.map(clock), datasets: datasets(data) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ticks: { maxTicksLimit: innerWidth < 640 ? 4 : 8, maxRotation: 0, color: variable("--soft"), callback(value) { return this.getLabelForValue(value).slice(0, this.chart.data.labels.length < 60 ? 8 : 5); } }, grid: { display: false }, border: { color: variable("--line") } },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0, color: variable("--soft") }, grid: { color: variable("--line") }, suggestedMax: 5 },
      },
      plugins: {
        legend: { position: "bottom", labels: { color: variable("--text"), boxWidth: 12 } },
        tooltip: { filter: (item) => item.raw > 0 },
      },
    },
  });

  const now = () => {
    const canvas = document.getElementById("chart");
    let chart = null;
    const redraw = async () => {
      const answer = await ask("now.json");
      if (!answer) {
        return;
      }
      const data = await answer.json();
      if (chart) {
        chart.data.labels = data.ends.map(clock);
        chart.data.datasets = datasets(data);
        chart.update("none");
      } else {
        chart = draw(canvas, data);
        canvas.dataset.drawn = "yes";
      }
    };
    const renew = async () => {
      const answer = await ask("./");
      if (!answer) {
        return;
      }
      const fresh = parse(await answer.text());
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = fresh.getElementById(part.id);
        if (next && !part.contains(document.activeElement) && part.innerHTML !== next.innerHTML) {
          part.replaceChildren(...next.childNodes);
        }
      }
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      if (chart) {
        chart.destroy();
        chart = null;
      }
      redraw();
    });
    redraw();
    setInterval(() => document.hidden || redraw(), 10000);
    setInterval(() => document.hidden || renew(), 5000);
  };

  // --- refusals ----------------------------------------------------------------------------------------------------

  /* Puts the new list in place of the old one: what has not changed stays as it is, and what is open stays open. */
  const merge = (list, fresh) => {
    const focused = document.activeElement && document.activeElement.id;
    let fresher = 0;
    const next = [...fresh.children].map((block) => {
      const old = block.id && document.getElementById(block.id);
      if (old && old.dataset.version === block.dataset.version) {
        return old;
      }
      fresher++;
      block.classList.add("fresh");
      if (old) {
        old.querySelectorAll("details[open]").forEach((open) => {
          const same = block.querySelector("#" + open.id);
          if (same) {
            same.open = true;
          }
        });
      }
      return block;
    });
    list.replaceChildren(...next);
    if (focused) {
      const again = document.getElementById(focused);
      if (again && again !== document.activeElement) {
        again.focus({ preventScroll: true });
      }
    }
    return fresher;
  };

  const refusals = () => {
    const pause = document.getElementById("pause");
    const list = document.getElementById("blocks");
    if (!pause) {
      return;
    }
    let paused = false;
    pause.addEventListener("click", () => {
      paused = !paused;
      pause.setAttribute("aria-pressed", String(paused));
    });
    setInterval(async () => {
      if (paused || document.hidden) {
        return;
      }
      const answer = await ask("refusals.json");
      const newest = answer && String((await answer.json()).newest);
      if (!newest || newest === list.dataset.newest) {
        return;
      }
      const page = await ask("refusals");
      if (page) {
        const fresh = parse(await page.text());
        const next = fresh.getElementById("blocks");
        list.dataset.newest = next.dataset.newest;
        merge(list, next);
        document.getElementById("status").textContent = fresh.getElementById("status").textContent;
      }
    }, 2000);
  };

  // --- copying -----------------------------------------------------------------------------------------------------

  /* By the clipboard, where the browser lets a page have it; else by selecting, as a person would. */
  const copy = async (text, element) => {
    if (navigator.clipboard && isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand("copy");
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) {
      const rule = document.getElementById(button.dataset.copy);
      const done = await copy(rule.textContent, rule).catch(() => false);
      button.textContent = done ? "Copied" : "Select it and copy it";
    }
  });

  document.documentElement.classList.add("js");
  if (page === "now") {
    now();
  } else if (page === "refusals") {
    refusals();
  }
})();
