"use strict";
(() => {
  const PAGE = 100, PRINTED = 2000;
  const { rows, rules, kinds, cabinets, words } = JSON.parse(document.getElementById("data").textContent);
  const list = document.getElementById("rows");
  if (!list) return;
  const form = document.querySelector(".filters"), more = document.getElementById("more");

  // What is searched is put together once, so that a keystroke compares strings and nothing else.
  for (const row of rows) {
    row.text = row.pieces.map(([, piece]) => piece).join("");
    row.searched = [row.text, row.chat, row.message, row.order, rules[row.rule].name].join("\n").toLowerCase();
  }
  const ORDERS = {
    newest: (a, b) => b.at - a.at,
    oldest: (a, b) => a.at - b.at,
    slowest: (a, b) => (b.took ?? Infinity) - (a.took ?? Infinity) || b.at - a.at,
    rule: (a, b) => rules[a.rule].name.localeCompare(rules[b.rule].name) || b.at - a.at,
  };
  let found = [], shown = 0;

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  const lines = (className, ...said) =>
    element("p", className, ...said.filter(Boolean).map((one) => element("span", "", one)));

  const drawn = (row) => {
    const rule = rules[row.rule];
    const said = element("p", "said");
    for (const [evidence, piece] of row.pieces) said.append(evidence ? element("mark", "", piece) : piece);
    if (row.gone) said.append(" ", element("i", "gone", words.text_gone));
    const chips = element("p", "chips",
      element("b", `chip key-${row.kind}`, kinds[row.kind]), element("span", "rule", rule.name));
    const where = lines("where", cabinets[row.cabinet], `${words.chat} ${row.chat}`, `${words.message} ${row.message}`,
      row.order && `${words.order} ${row.order}`);
    const times = lines("times", element("time", "", row.written), `${words.found} ${row.found}`,
      element("i", row.reported ? "" : "late", row.reported || words.not_reported),
      row.lead && element("i", row.ahead ? "lead" : "late", row.lead));
    const why = element("p", "why", element("b", "", row.reason), " ", rule.hint);
    const made = element("article", "", times, element("div", "", chips, said, why), where);
    made.setAttribute("role", "listitem");
    return made;
  };

  const show = (count) => {
    const made = document.createDocumentFragment();
    for (const row of found.slice(shown, count)) made.append(drawn(row));
    list.append(made);
    shown = Math.min(count, found.length);
    more.hidden = shown >= found.length;
    form.elements.count.value = words.shown.replace("{shown}", shown).replace("{found}", found.length);
  };

  const filter = () => {
    const { search, rule, category, cabinet, state, sort } = Object.fromEntries(new FormData(form));
    const wanted = search.trim().toLowerCase();
    found = rows.filter((row) =>
      (!wanted || row.searched.includes(wanted))
      && (!rule || row.rule === Number(rule))
      && (!category || row.kind === Number(category))
      && (!cabinet || row.cabinet === Number(cabinet))
      && (!state || Boolean(row.reported) === (state === "1")));
    found.sort(ORDERS[sort]);
    list.replaceChildren();
    shown = 0;
    show(PAGE);
    if (!found.length) list.append(element("p", "intro", words.nothing));
  };

  const fill = (name, values) => {
    const select = form.elements[name];
    values.forEach((value, at) => select.append(new Option(value, at)));
    if (values.length < 2) select.hidden = true;
  };
  fill("rule", rules.map((rule) => rule.name));
  fill("category", kinds);
  fill("cabinet", cabinets);
  form.elements.search.addEventListener("input", filter);
  form.addEventListener("change", (event) => event.target !== form.elements.search && filter());
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => show(shown + PAGE));
  window.addEventListener("beforeprint", () => show(Math.max(shown, PRINTED)));
  filter();
})();
