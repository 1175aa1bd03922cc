/* Shortcuts for pages that also work without it. */
(function () {
  "use strict";

  /* All cases by all axes: show the reason for the cell under the pointer or with the focus. */
  function reasons(box) {
    const table = document.getElementById("matrix");
    const cells = [...table.querySelectorAll("td > a")];
    let now;

    function show(event) {
      /* On a narrow screen, the reason would cover the cell. */
      const link = /over|in/.test(event.type) && innerWidth > 1219 && event.target.closest("td > a");
      now?.classList.remove("ac-now");
      now = link ? document.getElementById(link.hash.slice(1)).nextElementSibling : null;
      now?.classList.add("ac-now");
      box.toggleAttribute("data-ac-now", Boolean(now));
    }

    function mark() {
      for (const cell of cells) cell.ariaCurrent = cell.hash === location.hash || null;
    }

    for (const on of ["mouseover", "mouseleave", "focusin", "focusout"]) table.addEventListener(on, show);
    addEventListener("hashchange", mark);
    mark();
  }

  /* Replies: buttons that copy them. Without access to the clipboard, they select the text. */
  function copying(block) {
    const pre = block.querySelector("pre");
    const words = block.dataset.acWords.split("|");
    const bar = document.createElement("div");
    const said = document.createElement("span");
    const field = document.createElement("textarea");
    bar.className = "ac-copy";
    said.role = "status";
    field.readOnly = true;

    function select(text) {
      if (text === pre.textContent) {
        getSelection().selectAllChildren(pre);
      } else {
        field.value = text;
        bar.append(field);
        field.select();
      }
      said.textContent = words[4];
    }

    async function copy(text) {
      said.textContent = "";
      field.remove();
      try {
        await navigator.clipboard.writeText(text);
        said.textContent = words[3];
      } catch {
        select(text);
      }
    }

    [pre.textContent, block.dataset.acMarkdown, block.dataset.acLink].forEach((text, number) => {
      const button = document.createElement("button");
      button.textContent = words[number];
      button.onclick = () => copy(text);
      bar.append(button);
    });
    field.ariaLabel = words[1];
    bar.append(said);
    const place = document.querySelector("[data-ac-copy]");
    if (place) place.replaceWith(bar);
    else block.insertBefore(bar, pre);
  }

  /* The lessons: find them by words like `abicase find` (views/ranking.py), or show them by kind. */
  function lessons(chips) {
    const form = document.querySelector(".ac-finder");
    const found = document.getElementById("ac--found");
    const rows = [...document.querySelectorAll("[data-ac-table]")];

    function points({ dataset }, word) {
      const of = (name) => Math.max(0, ...Array.from(
        dataset.acTable.matchAll(` ${name}:(\\d+)`), (match) => match[1]));
      return of(word) || (word.length > 3 && Math.floor(of(word + "\\w*") / 3));
    }

    function find() {
      const names = form.words.value.toLowerCase().match(/\w+/g) || [];
      const all = names.map((name) => name.replace(/^_+|_+$/g, ""))
        .flatMap((name) => [name, ...name.split("_")])
        .filter((word) => word[1] && !found.dataset.acCommon.split(" ").includes(word))
        .map((word) => word.replace(/^(.{3,}?)(ie[sd]|able|ing|ion|es|ed|y|e|s)$/, "$1"));
      const words = [...new Set(all)];
      const hits = rows.map((row) => {
        const met = words.map((word) => points(row, word)).filter(Boolean);
        return [met.reduce((a, b) => a + b, 0) * met.length ** 2, row.dataset.acId, row];
      }).filter((hit) => hit[0]);
      hits.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1));
      found.replaceChildren(...hits.slice(0, 8).map((hit) => hit[2].cloneNode(true)));
      if (words[0] && !hits[0]) found.textContent = found.dataset.acNone;
    }

    function show(kind) {
      for (const row of rows) row.hidden = !` all ${row.dataset.acKinds} `.includes(` ${kind} `);
      for (const chip of chips.querySelectorAll("a")) chip.ariaCurrent = chip.id === kind;
    }

    chips.addEventListener("click", (event) => {
      const kind = event.target.id;
      if (!kind || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      history.replaceState(null, "", "#" + kind);
      show(kind);
    });
    form.oninput = find;
    form.onsubmit = () => false;
    form.words.value = new URLSearchParams(location.search).get("words") || "";
    find();
    const target = location.hash.slice(1);
    if (chips.contains(document.getElementById(target))) show(target);
  }

  /* Chromium may open a fold for a link, and not scroll. */
  document.addEventListener("toggle", ({ target: fold }) => {
    fold.open && fold.querySelector(":target")?.scrollIntoView();
  }, true);
  document.querySelectorAll("[data-ac-reasons]").forEach(reasons);
  document.querySelectorAll(".ac-cite").forEach(copying);
  document.querySelectorAll("[data-ac-chips]").forEach(lessons);
})();
