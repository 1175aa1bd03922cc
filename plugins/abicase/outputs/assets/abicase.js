/* Makes quicker what the pages do without it. */
(function () {
  "use strict";

  /* The matrix: links that narrow it do so in place. The address keeps what is chosen. */
  function narrowing(nav) {
    var table = document.getElementById(nav.getAttribute("data-ac-narrows"));
    var prefix = "pattern--";
    var links = [].slice.call(nav.querySelectorAll("a[data-ac-pattern], a[data-ac-axis]"));
    if (!table) return;

    function show(chosen) {
      [].forEach.call(table.tBodies, function (body) {
        body.hidden = Boolean(chosen.pattern) && body.id !== prefix + chosen.pattern;
      });
      [].forEach.call(table.querySelectorAll("[data-axis]"), function (cell) {
        cell.hidden = Boolean(chosen.axis) && cell.getAttribute("data-axis") !== chosen.axis;
      });
      links.forEach(function (link) {
        var what = link.hasAttribute("data-ac-axis") ? "axis" : "pattern";
        var mine = link.getAttribute("data-ac-" + what) === (chosen[what] || "");
        if (mine) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }

    function chosen() {
      var query = new URLSearchParams(location.search);
      var hash = location.hash.slice(1);
      var target = hash.indexOf(prefix) === 0 ? hash.slice(prefix.length) : "";
      return { pattern: query.get("pattern") || target, axis: query.get("axis") || "" };
    }

    nav.addEventListener("click", function (event) {
      var link = event.target.closest("a[data-ac-pattern], a[data-ac-axis]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      var now = chosen();
      if (link.hasAttribute("data-ac-axis")) now.axis = link.getAttribute("data-ac-axis");
      else now.pattern = link.getAttribute("data-ac-pattern");
      var query = new URLSearchParams();
      if (now.pattern) query.set("pattern", now.pattern);
      if (now.axis) query.set("axis", now.axis);
      var text = query.toString();
      history.replaceState(null, "", location.pathname + (text ? "?" + text : ""));
      show(now);
    });
    nav.setAttribute("data-ac-scripted", ""); /* from here on :target narrows nothing */
    var there = document.links[prefix + chosen().pattern];
    if (there) location.replace(there.href.replace("#", location.search + "#"));
    else show(chosen());
  }

  /* What a reviewer pastes: buttons that copy it. Where the clipboard is closed, it is selected. */
  function copying(block) {
    var pre = block.querySelector("pre");
    var words = block.getAttribute("data-ac-words").split("|");
    var bar = document.createElement("div");
    var said = document.createElement("span");
    var field = document.createElement("textarea");
    bar.className = "ac-copy";
    said.setAttribute("role", "status");
    field.readOnly = true;

    function select(text) {
      if (text === pre.textContent) {
        getSelection().selectAllChildren(pre);
      } else {
        field.value = text;
        bar.appendChild(field);
        field.select();
      }
      said.textContent = words[4];
    }

    function copy(text) {
      said.textContent = "";
      field.remove();
      if (!navigator.clipboard) return select(text);
      navigator.clipboard.writeText(text).then(
        function () { said.textContent = words[3]; },
        function () { select(text); }
      );
    }

    [
      pre.textContent,
      block.getAttribute("data-ac-markdown"),
      block.getAttribute("data-ac-link")
    ].forEach(function (text, number) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = words[number];
      button.addEventListener("click", function () { copy(text); });
      bar.appendChild(button);
    });
    field.setAttribute("aria-label", words[1]);
    bar.appendChild(said);
    block.insertBefore(bar, pre);
  }

  /* A link to a text, as a button that copies the text. */
  function copyingLink(link) {
    var words = link.getAttribute("data-ac-words").split("|");
    link.textContent = words[0];
    link.setAttribute("role", "button");
    link.addEventListener("click", function (event) {
      if (!navigator.clipboard) return; /* the link leads to the text */
      event.preventDefault();
      navigator.clipboard.writeText(link.getAttribute("data-ac-copy")).then(
        function () { link.textContent = words[1]; },
        function () { location.hash = link.hash; }
      );
    });
  }

  [].forEach.call(document.querySelectorAll("[data-ac-copy]"), copyingLink);
  [].forEach.call(document.querySelectorAll("[data-ac-narrows]"), narrowing);
  [].forEach.call(document.querySelectorAll(".ac-cite"), copying);
})();
