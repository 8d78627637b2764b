// Narrows the lists of the first page to what is typed. Without it they are plain lists.
(() => {
  "use strict";
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const form = document.querySelector("form.filter");
  const field = document.getElementById("filter");
  const found = document.getElementById("found");
  const entries = [...document.querySelectorAll("[data-name]")];
  const groups = [...document.querySelectorAll("[data-group]")];

  // Letters that are no other letter with a mark.
  const WITHOUT_MARK = { æ: "ae", ð: "d", đ: "d", ł: "l", ø: "o", œ: "oe", ß: "ss", þ: "th" };

  // Words without case, accents and signs: å, ä, ö and é are found as a, a, o and e.
  function wordsOf(text) {
    const letters = text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[\p{M}\u00ad]/gu, "")
      .replace(/[æðđłøœßþ]/g, (letter) => WITHOUT_MARK[letter]);
    return letters.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  const names = new Map(entries.map((entry) => [entry, wordsOf(entry.dataset.name)]));

  // Parts of words, in any order; or words in their order, written together or apart.
  function isFound(words, wanted) {
    const together = wanted.join("");
    return (
      wanted.every((each) => words.some((word) => word.includes(each))) ||
      words.some((word, place) => words.slice(place).join("").startsWith(together))
    );
  }

  function narrow() {
    const wanted = wordsOf(field.value);
    for (const [entry, words] of names) entry.hidden = !isFound(words, wanted);
    for (const group of groups) {
      group.hidden = !group.querySelector("[data-name]:not([hidden])");
    }
    found.textContent = wanted.length > 0 ? counted() : "";
  }

  function counted() {
    const count = (kind) =>
      entries.filter((entry) => entry.dataset.kind === kind && !entry.hidden).length;
    if (count("area") + count("measure") === 0) return texts.found_none;
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
