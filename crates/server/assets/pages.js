// What scripts add to pages that work without them: keys, dragging on the chart, copying, completion, dropping files.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);

  // Keys. They do nothing while somebody types.
  const stops = () => {
    const article = one("[data-article]");
    return article ? all(".said[id]", article) : all(".hits > li");
  };
  let at = -1;
  const go = (step) => {
    const list = stops();
    if (!list.length) return false;
    if (at < 0 && location.hash) at = list.findIndex((element) => "#" + element.id === location.hash);
    all(".now").forEach((element) => element.classList.remove("now"));
    at = Math.max(0, Math.min(list.length - 1, at + step));
    const stop = list[at];
    stop.classList.add("now");
    stop.tabIndex = -1;
    stop.focus({ preventScroll: true });
    stop.scrollIntoView({ block: "center" });
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    if (event.key === "/") {
      const box = one("#q") || one("#quick");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
      return;
    }
    if (event.key === "j" || event.key === "k") {
      const step = event.key === "j" ? 1 : -1;
      if (go(step)) return event.preventDefault();
      const link = one(step > 0 ? "a[rel=next]" : "a[rel=prev]");
      if (link) link.click();
      return;
    }
    if (event.key === "Enter" && event.target.matches(".said, .hits > li")) {
      const page = event.target.matches(".said")
        ? one(`a.ref[href][aria-label^="Statement ${event.target.dataset.s.replace(/^s/, "")},"]`)
        : one("blockquote a", event.target);
      if (page) page.click();
      return;
    }
    if (event.key.length !== 1) return;
    const focus = all("[data-key-focus]").find((element) => element.dataset.keyFocus === event.key);
    if (focus) {
      event.preventDefault();
      focus.focus();
      return;
    }
    const button = all("[data-key]").find((element) => element.dataset.key === event.key);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  // The place of an error in the query.
  const wrong = one("[data-error-at]");
  if (wrong) {
    const place = [...wrong.value].slice(0, Number(wrong.dataset.errorAt) - 1).join("").length;
    wrong.focus();
    wrong.setSelectionRange(place, Math.min(wrong.value.length, place + 1));
  }

  // A range of days, by dragging on the chart.
  const chart = one("svg[data-chart]");
  const range = one("form.range");
  if (chart && range) {
    const bars = all("a[data-date]", chart);
    let first = null;
    let moved = false;
    const barAt = (event) => {
      const box = chart.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      return Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)));
    };
    const show = (from, to) => bars.forEach((bar, n) => bar.classList.toggle("chosen", n >= from && n <= to));
    chart.addEventListener("dragstart", (event) => event.preventDefault());
    chart.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      first = barAt(event);
      moved = false;
    });
    window.addEventListener("pointermove", (event) => {
      if (first === null) return;
      const now = barAt(event);
      if (now !== first) moved = true;
      if (moved) show(Math.min(first, now), Math.max(first, now));
    });
    window.addEventListener("pointerup", (event) => {
      if (first === null) return;
      const now = barAt(event);
      if (moved) {
        range.elements.from.value = bars[Math.min(first, now)].dataset.date;
        range.elements.to.value = bars[Math.max(first, now)].dataset.date;
        range.submit();
      }
      first = null;
    });
    chart.addEventListener("click", (event) => {
      if (moved) event.preventDefault();
    }, true);
  }

  // Copying a citation.
  all("[data-copy]").forEach((text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    });
    text.after(button);
  });

  // Names that complete what somebody types.
  all("[data-complete]").forEach((input) => {
    const list = document.getElementById(input.getAttribute("list"));
    let waiting = 0;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const answer = await fetch("/complete?q=" + encodeURIComponent(input.value));
        if (!answer.ok) return;
        const names = await answer.json();
        list.replaceChildren(...names.map((name) => {
          const option = document.createElement("option");
          option.value = input.dataset.complete === "number" ? name.person : name.name;
          option.label = `${name.name} (${name.kind}, ${name.person}, ${name.articles} articles)`;
          return option;
        }));
      }, 120);
    });
  });

  // A file dropped on the form.
  all("[data-drop]").forEach((form) => {
    const file = one("input[type=file]", form);
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("dropping");
    });
    form.addEventListener("dragleave", () => form.classList.remove("dropping"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("dropping");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      file.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  });
})();
