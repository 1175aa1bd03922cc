/* Makes quicker what the pages do without it. */
(function () {
  "use strict";

  /* All cases by all axes: the reason of the cell under the pointer, or with the focus. */
  function reasons(box) {
    const table = document.getElementById("matrix");
    const cells = [...table.querySelectorAll("td > a")];

    function show(event) {
      const link = event.type !== "mouseleave" && event.target.closest("td > a");
      const reason = link && document.getElementById(link.hash.slice(1));
      box.querySelectorAll(".ac-now").forEach((one) => one.classList.remove("ac-now"));
      if (reason) reason.classList.add("ac-now");
      box.toggleAttribute("data-ac-now", Boolean(reason));
    }

    function mark() {
      cells.forEach((cell) => {
        if (cell.hash === location.hash) cell.setAttribute("aria-current", "true");
        else cell.removeAttribute("aria-current");
      });
    }

    ["mouseover", "mouseleave", "focusin"].forEach((type) => table.addEventListener(type, show));
    table.addEventListener("focusout", () => box.removeAttribute("data-ac-now"));
    addEventListener("hashchange", mark);
    mark();
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
  document.querySelectorAll("[data-ac-reasons]").forEach(reasons);
  [].forEach.call(document.querySelectorAll(".ac-cite"), copying);
})();
