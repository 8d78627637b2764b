// Narrows the lists of the first page to what is typed. Without it they are plain lists.
(() => {
  "use strict";
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const form = document.querySelector("form.filter");
  const field = document.getElementById("filter");
  const found = document.getElementById("found");
  const entries = [...document.querySelectorAll("[data-name]")];
  const groups = [...document.querySelectorAll("[data-group]")];

  const plain = (text) => text.trim().toLocaleLowerCase(document.documentElement.lang);

  function narrow() {
    const wanted = plain(field.value);
    for (const entry of entries) {
      entry.hidden = !plain(entry.dataset.name).includes(wanted);
    }
    for (const group of groups) {
      group.hidden = !group.querySelector("[data-name]:not([hidden])");
    }
    found.textContent = wanted ? counted() : "";
  }

  function counted() {
    const count = (kind) =>
      entries.filter((entry) => entry.dataset.kind === kind && !entry.hidden).length;
    return texts.found
      .replace("{areas}", () => count("area"))
      .replace("{measures}", () => count("measure"));
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", narrow);
  form.hidden = false;
  // A browser that goes back may have kept what was typed.
  narrow();
})();
