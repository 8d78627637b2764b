// Shows chosen figures of the release that stands on this page. It looks figures up and computes
// none; texts go in as text. The choices are the address's fragment, and nothing else is kept.
(() => {
  "use strict";

  const MOST = 400;
  const SVG = "http://www.w3.org/2000/svg";
  const NO_BREAK = "\u00a0";
  const SEVERAL = ["areas", "measures", "waves"];
  const MARKS = { "..": "suppressed", "-": "no_answers", "<": "coded_below", ">": "coded_above" };
  const HAS_DOTS = /^(suppressed|coded_)/;
  const ONE = { grade: "grades", gender: "genders" };

  const data = JSON.parse(document.getElementById("data").textContent);
  const texts = data.texts;
  const form = document.getElementById("choices");
  const ids = {
    areas: data.areas.map((each) => each.id),
    measures: data.measures.map((each) => each.id),
    waves: data.waves,
    grades: data.grades.map((each) => each.id),
    genders: data.genders.map((each) => each.id),
  };
  const groups = new Map(
    data.figures.map(([wave, area, grade, gender, cells]) => [
      [wave, area, grade, gender].join(" "),
      cells,
    ]),
  );

  // --- Words and numbers ---------------------------------------------------------------------

  function say(key, values = {}) {
    return texts[key].replace(/\{(\w+)\}/g, (whole, name) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    );
  }

  function number(value) {
    const [whole, decimals] = String(value).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NO_BREAK);
    return decimals ? grouped + (data.lang === "sv" ? "," : ".") + decimals : grouped;
  }

  function sign() {
    return data.lang === "sv" ? `${NO_BREAK}%` : "%";
  }

  const percent = (value) => number(value) + sign();
  const range = (lower, upper) => `${number(lower)}–${number(upper)}${sign()}`;

  // --- The choices ---------------------------------------------------------------------------

  function beginning() {
    const [first] = data.measures;
    const measures = data.measures.filter((each) => first && each.domain === first.domain);
    return {
      areas: ids.areas.slice(0, 1),
      measures: measures.map((each) => each.id),
      waves: ids.waves.slice(0, 1),
      grade: "all",
      gender: "all",
      isUnknown: false,
    };
  }

  function readAddress() {
    const choice = beginning();
    const stated = new URLSearchParams(location.hash.slice(1));
    for (const name of SEVERAL) {
      if (!stated.has(name)) continue;
      const wanted = stated.get(name).split(",").filter(Boolean);
      choice[name] = ids[name].filter((id) => wanted.includes(id));
      choice.isUnknown ||= wanted.some((id) => !ids[name].includes(id));
    }
    for (const [name, list] of Object.entries(ONE)) {
      if (!stated.has(name)) continue;
      if (ids[list].includes(stated.get(name))) choice[name] = stated.get(name);
      else choice.isUnknown = true;
    }
    return choice;
  }

  function addressOf(choice) {
    const several = SEVERAL.map((name) => `${name}=${choice[name].map(encodeURIComponent).join(",")}`);
    const one = Object.keys(ONE).map((name) => `${name}=${encodeURIComponent(choice[name])}`);
    return `#${[...several, ...one].join("&")}`;
  }

  function readForm() {
    const checked = (name) =>
      [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
    return {
      areas: checked("areas"),
      measures: checked("measures"),
      waves: checked("waves"),
      grade: form.elements.grade.value,
      gender: form.elements.gender.value,
    };
  }

  function writeForm(choice) {
    for (const name of SEVERAL) {
      for (const box of form.querySelectorAll(`input[name="${name}"]`)) {
        box.checked = choice[name].includes(box.value);
      }
    }
    form.elements.grade.value = choice.grade;
    form.elements.gender.value = choice.gender;
    for (const details of form.querySelectorAll("[data-choices]")) {
      const n = details.querySelectorAll("input:checked").length;
      details.querySelector("[data-chosen]").textContent = n ? say("chosen", { n }) : "";
    }
  }

  // --- Looking figures up --------------------------------------------------------------------

  function lookUp(wave, area, grade, gender, measure) {
    const cells = groups.get(
      [ids.waves.indexOf(wave), ids.areas.indexOf(area), grade, gender].join(" "),
    );
    return cells?.[measure] ?? null;
  }

  // One row for each chosen measure, area and wave, in the order of the page, waves from the oldest.
  function rowsOf(choice) {
    const grade = ids.grades.indexOf(choice.grade);
    const gender = ids.genders.indexOf(choice.gender);
    const rows = [];
    data.measures.forEach((measure, place) => {
      if (!choice.measures.includes(measure.id)) return;
      for (const area of data.areas.filter((each) => choice.areas.includes(each.id))) {
        for (const wave of [...choice.waves].reverse()) {
          rows.push(row(measure, area, wave, lookUp(wave, area.id, grade, gender, place)));
        }
      }
    });
    return rows;
  }

  function row(measure, area, wave, cell) {
    const figure = { measure, area, wave, status: "not_published" };
    if (cell === null) return figure;
    const [first, second] = typeof cell === "string" ? [cell] : cell;
    if (typeof first === "string") return { ...figure, status: MARKS[first], n: second };
    const [n, share, lower, upper, unreliable] = cell;
    return { ...figure, status: "shown", n, share, lower, upper, isUnreliable: unreliable === 1 };
  }

  function breaksOf(measure, waves) {
    return (data.breaks[measure.id] ?? []).filter(
      (each) => waves.includes(each.earlier) && waves.includes(each.later),
    );
  }

  const breaksSaid = (measure, waves) => breaksOf(measure, waves).map((each) => say("break", each));

  // Which of the other chosen waves a figure's wave cannot be compared with, and why.
  function breakReason(figure, waves) {
    const isOf = (each) => each.earlier === figure.wave || each.later === figure.wave;
    const found = breaksOf(figure.measure, waves).filter(isOf);
    return found.map((each) => say("break", each)).join(" ") || null;
  }

  function shareOf(figure) {
    if (figure.status === "shown") return percent(figure.share);
    if (figure.status === "coded_below") return `<${NO_BREAK}${percent(data.limits.below)}`;
    if (figure.status === "coded_above") return `>${NO_BREAK}${percent(data.limits.above)}`;
    return "";
  }

  function intervalOf(figure) {
    if (figure.status !== "shown") return "";
    return figure.lower === null ? texts.no_interval : range(figure.lower, figure.upper);
  }

  function spoken(figure) {
    if (figure.status === "shown") return shareOf(figure);
    if (figure.status === "coded_below") return say("below", { limit: percent(data.limits.below) });
    if (figure.status === "coded_above") return say("above", { limit: percent(data.limits.above) });
    return texts[figure.status === "suppressed" ? "hidden" : figure.status];
  }

  // --- Building the page ---------------------------------------------------------------------

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function draw(name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  function withheld() {
    return make(
      "span",
      { class: "withheld" },
      make("span", { "aria-hidden": "true" }, ".."),
      make("span", { class: "sr" }, texts.hidden),
    );
  }

  function shareParts(figure) {
    if (figure.status === "suppressed") return [withheld()];
    if (!shareOf(figure)) return [make("span", { class: "missing" }, texts[figure.status])];
    const parts = [make("span", { class: "nb" }, shareOf(figure))];
    if (figure.isUnreliable) {
      parts.push(
        make("sup", { "aria-hidden": "true" }, "†"),
        make("span", { class: "sr" }, ` (${texts.unreliable_sign})`),
      );
    }
    return parts;
  }

  function byMeasure(rows) {
    const found = new Map();
    for (const each of rows) {
      if (!found.has(each.measure)) found.set(each.measure, []);
      found.get(each.measure).push(each);
    }
    return [...found];
  }

  function bodyOf([measure, rows], waves) {
    const head = make("th", { scope: "rowgroup", colspan: "5" }, measure.label);
    head.append(make("span", { class: "phrase" }, texts[measure.kind]));
    for (const text of breaksSaid(measure, waves)) head.append(make("span", { class: "phrase" }, text));
    const body = make("tbody", {}, make("tr", { class: "band" }, head));
    body.append(...rows.map(rowOf));
    return body;
  }

  function rowOf(figure) {
    const isHidden = figure.status === "suppressed";
    const isCoded = figure.status.startsWith("coded");
    const n = figure.n === undefined ? null : number(figure.n);
    return make(
      "tr",
      { "data-area": figure.area.id, "data-measure": figure.measure.id, "data-wave": figure.wave },
      make("th", { scope: "row" }, figure.area.label),
      make("td", { class: "num" }, figure.wave),
      make("td", { class: "num strong" }, ...shareParts(figure)),
      make("td", { class: "num nb" }, isHidden || isCoded ? withheld() : intervalOf(figure)),
      make("td", { class: "num" }, n ?? (isHidden ? withheld() : "")),
    );
  }

  function figureOf([measure, rows], waves) {
    const caption = make("figcaption", {}, make("h3", {}, measure.label));
    caption.append(make("p", { class: "note" }, texts[measure.kind]));
    for (const text of breaksSaid(measure, waves)) caption.append(make("p", { class: "note" }, text));
    return make("figure", { class: `chart ${measure.kind}` }, caption, axis(), ...rows.map(stripOf));
  }

  function axis() {
    const scale = make("span", { class: "scale" });
    ["", "q1", "q2", "q3", "q4"].forEach((place, step) => {
      const mark = step === 4 ? percent(100) : String(25 * step);
      scale.append(make("span", { class: place }, mark));
    });
    return make(
      "div",
      { class: "row axis", "aria-hidden": "true" },
      make("span", {}),
      scale,
      make("span", { class: "unit" }, texts.axis),
    );
  }

  function stripOf(figure) {
    return make(
      "div",
      { class: "row" },
      make("div", { class: "name", "aria-hidden": "true" }, `${figure.area.label} ${figure.wave}`),
      make("div", { class: "drawing" }, drawing(figure)),
      numberOf(figure),
    );
  }

  function numberOf(figure) {
    const box = make("div", { class: "number", "aria-hidden": "true" });
    const isNumber = Boolean(shareOf(figure));
    const mark = figure.isUnreliable ? "†" : "";
    if (isNumber) box.append(make("b", {}, shareOf(figure) + mark));
    else box.append(make("span", { class: "note" }, figure.status === "suppressed" ? ".." : spoken(figure)));
    if (figure.status === "shown") box.append(" ", make("span", { class: "note" }, intervalOf(figure)));
    return box;
  }

  function described(figure) {
    const values = { area: figure.area.label, wave: figure.wave, share: spoken(figure) };
    return figure.status === "shown"
      ? say("described", { ...values, interval: intervalOf(figure) })
      : say("described_plain", values);
  }

  function drawing(figure) {
    const picture = draw("svg", { class: "strip thin", role: "img", "aria-label": described(figure) });
    picture.append(draw("line", { class: "grid", x1: "0", x2: "100%", y1: "14", y2: "14" }));
    for (const place of [0, 25, 50, 75, 100]) {
      picture.append(draw("line", { class: "grid", x1: `${place}%`, x2: `${place}%`, y1: "0", y2: "28" }));
    }
    if (figure.status !== "shown") return picture;
    if (figure.lower !== null) {
      picture.append(
        draw("line", { class: "whisker", x1: `${figure.lower}%`, x2: `${figure.upper}%`, y1: "14", y2: "14" }),
      );
    }
    picture.append(draw("circle", { class: "dot", cx: `${figure.share}%`, cy: "14", r: "6" }));
    return picture;
  }

  // --- What stands behind figures ------------------------------------------------------------

  function idOf(figure, choice) {
    const parts = [figure.area.id, figure.wave, figure.measure.id];
    const isOfAll = choice.grade === "all" && choice.gender === "all";
    return (isOfAll ? parts : [...parts, choice.grade, choice.gender]).join("/");
  }

  // Ids hold letters, digits and _ only, so that nothing in a query need be escaped.
  function queryOf(measure, rows, choice) {
    const several = (values) => [...new Set(values)].join(", ");
    const values = {
      waves: several(rows.map((each) => each.wave)),
      areas: several(rows.map((each) => `'${each.area.id}'`)),
      measures: `'${measure.id}'`,
      grade: choice.grade,
      gender: choice.gender,
    };
    return data.query.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  function stepsOf(wave, choice) {
    const counts = data.coverage[`${wave} ${choice.grade}`] ?? [];
    const known = data.steps.map((step, place) => [step, counts[place] ?? null]);
    const shown = known.map(([step, n]) => `${step}: ${n === null ? texts.step_unknown : number(n)}`);
    return make("li", {}, say("behind_steps", { wave, steps: shown.join(" · ") }));
  }

  function baseOf(figure, choice) {
    const key = [figure.wave, figure.area.id, choice.grade, choice.gender].join(" ");
    const counts = [data.respondents[key], figure.n];
    const [respondents, n] = counts.map((each) => (each === undefined ? texts.hidden : number(each)));
    const said = say("behind_base", { area: figure.area.label, wave: figure.wave, respondents, n });
    return make("li", {}, make("code", {}, idOf(figure, choice)), ` ${said}`);
  }

  function openingOf([measure, rows], choice) {
    const terms = make("dl", { class: "terms" });
    const add = (key, ...content) =>
      terms.append(make("dt", {}, texts[key]), make("dd", {}, ...content));
    const link = (address, text) => make("a", { href: address }, text);
    add("behind_ids", make("ul", {}, ...rows.map((each) => baseOf(each, choice))));
    add("behind_pupils", make("ul", {}, ...[...choice.waves].reverse().map((wave) => stepsOf(wave, choice))));
    add("behind_definition", link(`dictionary.html#m-${measure.id}`, measure.label));
    const norms = data.norms[measure.id] ?? [];
    if (norms.length > 0) add("behind_norm", link("dictionary.html#norms", norms.join(", ")));
    add("behind_release", make("code", {}, data.release));
    const command = `uppvaxt explain ${idOf(rows[0], choice)} --release ${data.release}`;
    add("behind_command", texts.behind_command_says, " ", make("code", { class: "command" }, command));
    const query = make("pre", {}, make("code", {}, queryOf(measure, rows, choice)));
    add("behind_query", texts.behind_query_says, query);
    const name = make("summary", {}, measure.label);
    return make("details", { class: "behind", "data-measure": measure.id }, name, terms);
  }

  // --- Showing -------------------------------------------------------------------------------

  function show(choice) {
    const rows = rowsOf(choice);
    const shown = rows.slice(0, MOST);
    const parts = byMeasure(shown);
    const table = document.getElementById("table");
    table.querySelectorAll("tbody").forEach((body) => body.remove());
    table.append(...parts.map((part) => bodyOf(part, choice.waves)));
    document.getElementById("caption").textContent = say("caption", {
      grade: labelOf(data.grades, choice.grade),
      gender: labelOf(data.genders, choice.gender),
    });
    document
      .getElementById("chart")
      .replaceChildren(...parts.map((part) => figureOf(part, choice.waves)));
    document
      .getElementById("openings")
      .replaceChildren(...parts.map((part) => openingOf(part, choice)));
    document.getElementById("notes").replaceChildren(...notesOf(shown));
    document.getElementById("shown").hidden = rows.length === 0;
    document.getElementById("drawn").hidden = rows.length === 0;
    document.getElementById("behind").hidden = rows.length === 0;
    document.getElementById("download").disabled = rows.length === 0;
    document.getElementById("status").textContent = statusOf(choice, rows, shown);
  }

  function labelOf(list, id) {
    return list.find((each) => each.id === id).label;
  }

  function notesOf(rows) {
    const notes = [];
    if (rows.some((each) => HAS_DOTS.test(each.status))) notes.push(texts.hidden_note);
    if (rows.some((each) => each.isUnreliable)) notes.push(`† ${texts.unreliable}`);
    if (rows.some((each) => each.status === "no_answers")) notes.push(texts.no_answers_note);
    return notes.map((text) => make("li", {}, text));
  }

  function statusOf(choice, rows, shown) {
    const sentences = choice.isUnknown ? [texts.unknown] : [];
    const isCrossed = choice.grade !== "all" && choice.gender !== "all";
    if (rows.length === 0) sentences.push(texts.nothing);
    else if (isCrossed && rows.every((each) => each.status === "not_published")) {
      sentences.push(texts.crossed);
    } else {
      if (rows.length > shown.length) {
        sentences.push(say("too_many", { n: number(rows.length), most: number(MOST) }));
      }
      const n = shown.filter((each) => shareOf(each)).length;
      sentences.push(say("shown", { n: number(n), hidden: number(shown.length - n) }));
    }
    return sentences.join(" ");
  }

  // --- The file ------------------------------------------------------------------------------

  const COLUMNS = [
    "release", "edition", "wave", "area_id", "area", "grade", "gender", "measure_id", "measure",
    "status", "n", "percent", "percent_lower", "percent_upper", "is_unreliable",
    "break_reason",
  ];

  // What a spreadsheet takes for a formula, also behind white space and invisible characters.
  const FORMULA = /^[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|^[\t\r\n]/;

  function cellOf(value, separator) {
    if (value === undefined || value === null) return "";
    if (typeof value === "number") return String(value);
    const text = FORMULA.test(value) ? `'${value}` : value;
    return new RegExp(`["${separator}\\r\\n\\u2028\\u2029]`).test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  }

  function fileOf(choice) {
    const separator = data.lang === "sv" ? ";" : ",";
    const lines = rowsOf(choice).map((each) =>
      [
        data.release, data.edition, Number(each.wave), each.area.id, each.area.label, choice.grade,
        choice.gender, each.measure.id, each.measure.label, each.status, each.n, each.share,
        each.lower, each.upper,
        each.status === "shown" ? String(each.isUnreliable) : null,
        breakReason(each, choice.waves),
      ]
        .map((value) => cellOf(value, separator))
        .join(separator),
    );
    return `\ufeff${[COLUMNS.join(separator), ...lines].join("\r\n")}\r\n`;
  }

  function nameOf(choice) {
    const part = (name) =>
      choice[name].length <= 2 ? choice[name].join("-") : `${choice[name].length}-${name}`;
    const parts = [data.site, part("areas"), part("waves"), data.edition, data.release];
    return `${parts.join("_").replace(/[^\w-]/g, "")}.csv`;
  }

  function download() {
    const choice = readForm();
    const content = new Blob([fileOf(choice)], { type: "text/csv;charset=utf-8" });
    const address = URL.createObjectURL(content);
    const name = nameOf(choice);
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    document.getElementById("status").textContent = say("downloaded", { name });
  }

  // --- Beginning -----------------------------------------------------------------------------

  function keepInLanguageSwitch() {
    for (const link of document.querySelectorAll("[data-keeps-state]")) link.hash = location.hash;
  }

  // Links within the page, such as the first one, leave the choices alone.
  const isChoice = () => location.hash === "" || location.hash.includes("=");

  function follow() {
    if (!isChoice()) return;
    const choice = readAddress();
    writeForm(choice);
    show(choice);
    keepInLanguageSwitch();
  }

  form.addEventListener("change", () => {
    location.hash = addressOf(readForm());
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("download").addEventListener("click", download);
  document.getElementById("again").addEventListener("click", () => {
    location.hash = addressOf(beginning());
  });
  addEventListener("hashchange", follow);
  form.hidden = false;
  document.getElementById("no-script").hidden = true;
  const opened = form.querySelector("[data-choices]");
  if (opened) opened.open = true;
  if (isChoice()) follow();
  else {
    writeForm(beginning());
    show(beginning());
  }
})();
