/* The script of every page: copy buttons, the grid of a table, the network, the timeline. Nothing is loaded, and text from the data is only
   ever set as text. What a reader chose stands in the address, after the #, so that a view can be shared. */
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const words = (term) => term.replace(/[-_]/g, " ");

  /* ------------------------------------------------------------------------------------------------------ copy */

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { // a page opened from a folder may not use the clipboard that way
      const field = make("textarea", { value: text, readOnly: true });
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };
  for (const button of document.querySelectorAll(".copy")) {
    const name = button.textContent;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      button.textContent = (await copied(at(button.dataset.copy).textContent)) ? "Copied" : "Select it and copy it yourself";
      button.focus();
      setTimeout(() => { button.textContent = name; }, 2500);
    });
  }

  /* ------------------------------------------------------------------------------------------- the address of a view */

  const read = () => new URLSearchParams(location.hash.length > 1 ? location.hash.slice(1) : location.search);
  const write = (state) => {
    const text = state.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname);
  };

  /* ------------------------------------------------------------------------------------------------------ the grid */

  const grid = at("grid");
  if (grid) {
    const data = JSON.parse(at("data").textContent);
    const { columns, rows, labels } = data;
    const pages = new Set(data.pages);
    const number = new Map(columns.map((column, place) => [column.name, place])); // where its cells are in a row
    const named = (name) => columns[number.get(name)];
    const seen = [...data.shown.map(named), ...columns.filter((column) => !data.shown.includes(column.name))]; // as the grid has them
    const place = new Map(seen.map((column, index) => [column.name, index]));

    const page = (address) => (pages.has(address.split("/")[0]) && address in labels ? `../${address}.html` : null);
    const entry = (key) => labels[key] ?? words(key); // of a list: an address or a term
    const told = (column, value) => {
      if (value === null) return "";
      if (column.type === "list") return value.map(entry).join("; ");
      if (column.prefix !== undefined) return labels[column.prefix + value] ?? value;
      if (column.terms) return words(value);
      return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
    };
    const link = (href, text, outside) => make("a", outside ? { href, textContent: text, className: "out", rel: "noopener noreferrer" } : { href, textContent: text });
    const leads = (column, value, row) => {
      if (column.name === "label" && data.records) return `../${data.records}/${row[number.get("id")]}.html`;
      if (column.name === "label" && number.has("address")) return `../${row[number.get("address")]}.html`;
      return column.prefix === undefined ? null : page(column.prefix + value);
    };
    const shown = (column) => (value, kind, row) => {
      const text = told(column, value);
      if (kind === "filter") return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"); // the grid reads it as markup
      if (kind !== "display") return typeof value === "number" ? value : text;
      if (column.type === "list") {
        const all = value.map((key) => (page(key) ? link(page(key), entry(key)) : entry(key)));
        return make("span", {}, ...all.flatMap((each, index) => (index ? ["; ", each] : [each])));
      }
      const href = value === null ? null : leads(column, value, row);
      if (href) return link(href, text);
      return /^https?:\/\//.test(text) ? link(text, text, true) : make("span", { textContent: text });
    };

    const state = read();
    const wanted = new Set(state.get("columns")?.split(" ").filter((name) => number.has(name)) ?? data.shown);
    const order = state.get("sort")?.match(/^(-?)(.+)$/);
    const chosen = new Map(columns.filter((column) => state.has(`is.${column.name}`)).map((column) => [column.name, state.get(`is.${column.name}`)]));
    const numeric = (column) => column.type === "integer" || column.type === "number";

    at("tools").hidden = false;
    at("search").value = state.get("q") ?? "";
    const table = new window.DataTable(grid, {
      data: rows,
      columns: seen.map((column) => ({
        data: number.get(column.name), title: column.title, visible: wanted.has(column.name), render: shown(column),
        type: numeric(column) ? "num" : "string", className: numeric(column) ? "n" : column.name.endsWith("date") ? "date" : "",
      })),
      order: order && place.has(order[2]) ? [[place.get(order[2]), order[1] ? "desc" : "asc"]] : [],
      search: { search: at("search").value }, deferRender: true, autoWidth: false, pageLength: 50,
      layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: "paging" },
      language: { emptyTable: "The table has no rows.", zeroRecords: "No row is like that." },
    });
    const has = (value, sought) => (Array.isArray(value) ? value.includes(sought) : String(value ?? "") === sought);
    table.search.fixed("chosen", (_, row) => [...chosen].every(([name, value]) => has(row[number.get(name)], value)));

    const keep = () => {
      const next = new URLSearchParams();
      if (at("search").value) next.set("q", at("search").value);
      for (const [name, value] of chosen) next.set(`is.${name}`, value);
      const [sorting] = table.order();
      if (sorting?.[1]) next.set("sort", (sorting[1] === "desc" ? "-" : "") + seen[sorting[0]].name);
      const now = seen.filter((column) => table.column(place.get(column.name)).visible()).map((column) => column.name);
      if (now.join() !== data.shown.join()) next.set("columns", now.join(" "));
      write(next);
    };
    const tell = () => {
      const left = table.page.info().recordsDisplay;
      at("told").textContent = left === rows.length ? `${rows.length} rows` : `${left} of ${rows.length} rows`;
      const lines = [...chosen].map(([name, value]) => `${named(name).title} is ${told(named(name), named(name).type === "list" ? [value] : value)}`);
      at("filtered").textContent = lines.length ? `: ${lines.join(", ")}` : "";
    };

    const filters = at("filters").querySelector(".choices");
    for (const column of seen) {
      const few = column.terms || ["boolean", "list"].includes(column.type) || column.prefix !== undefined || column.name === "table";
      const values = few ? [...new Set(rows.flatMap((row) => row[number.get(column.name)]))].filter((value) => value !== null) : [];
      if (values.length < 2 || values.length > 250) continue;
      const text = (value) => told(column, column.type === "list" ? [value] : value);
      if (column.terms) values.sort((one, other) => column.terms.indexOf(one) - column.terms.indexOf(other));
      else values.sort((one, other) => text(one).localeCompare(text(other)));
      const select = make("select", { id: `filter-${column.name}` }, make("option", { value: "", textContent: "any" }), ...values.map((value) => make("option", { value, textContent: text(value) })));
      select.value = chosen.get(column.name) ?? "";
      select.addEventListener("change", () => {
        if (select.value) chosen.set(column.name, select.value); else chosen.delete(column.name);
        table.draw();
      });
      filters.append(make("div", {}, make("label", { htmlFor: select.id, title: column.about, textContent: column.title }), select));
    }
    at("filters").hidden = !filters.firstChild;

    const choose = at("choose").querySelector(".choices");
    for (const column of seen) {
      const box = make("input", { type: "checkbox", checked: wanted.has(column.name) });
      box.addEventListener("change", () => { table.column(place.get(column.name)).visible(box.checked); keep(); });
      choose.append(make("label", { title: column.about }, box, ` ${column.title}`));
    }

    let waiting;
    at("search").addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => table.search(at("search").value).draw(), 120);
    });
    at("tools").addEventListener("submit", (event) => event.preventDefault());
    at("tools").addEventListener("reset", () => {
      history.replaceState(null, "", location.pathname);
      location.reload();
    });
    at("download").addEventListener("click", () => {
      const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const plain = (value) => (value === null ? "" : Array.isArray(value) ? value.map((key) => labels[key] ?? key).join("; ") : String(value));
      const lines = table.rows({ search: "applied", order: "applied" }).data().toArray();
      const text = [columns.map((column) => column.name), ...lines].map((line) => line.map((value) => cell(plain(value))).join(",")).join("\n");
      const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv;charset=utf-8" }));
      make("a", { href: url, download: `${data.table}-${lines.length}-rows.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    });
    table.on("draw", () => { tell(); keep(); });
    if (chosen.size) table.draw(); else tell();
    window.addEventListener("hashchange", () => location.reload());
  }

  /* --------------------------------------------------------------------------------------------------- the network */

  const ways = at("ways");
  if (ways) {
    const picture = document.querySelector(".plot-network");
    const nodes = [...picture.querySelectorAll(".node")];
    const ribbons = [...picture.querySelectorAll(".ribbons path")];
    const lines = [...ways.querySelectorAll("[data-record]")];
    const records = (element) => element.dataset.records.split(" ");
    const mark = () => {
      const key = decodeURIComponent(location.hash.slice(1));
      const node = nodes.find((each) => each.dataset.key === key);
      const kept = node ? new Set(records(node)) : null;
      const on = (element) => kept !== null && records(element).some((record) => kept.has(record));
      picture.classList.toggle("chosen", Boolean(node));
      for (const element of [...nodes, ...ribbons]) element.classList.toggle("on", on(element));
      for (const each of nodes) if (each === node) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
      for (const line of lines) line.hidden = kept !== null && !kept.has(line.dataset.record);
      at("chosen").replaceChildren();
      if (!node) return;
      const [, page] = key.match(/^\d:(.*)$/);
      const name = node.querySelector("title").textContent.replace(/: \d+$/, "");
      at("chosen").append(
        page.includes("/") ? make("a", { href: `${page}.html`, textContent: name }) : name, `: ${kept.size} of ${lines.length}. `,
        make("a", { href: "#", textContent: "Show all" }),
      );
    };
    window.addEventListener("hashchange", mark);
    mark();
  }

  /* -------------------------------------------------------------------------------------------------- the timeline */

  const only = at("only");
  if (only) {
    const events = [...document.querySelectorAll(".events > li")].map((line) => [line, line.textContent.toLowerCase()]);
    const sift = () => {
      const sought = only.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const [line, text] of events) {
        line.hidden = !sought.every((word) => text.includes(word)) || (at("with").checked && !line.querySelector("ul"));
        left += line.hidden ? 0 : 1;
      }
      for (const year of document.querySelectorAll(".year")) year.hidden = !year.querySelector(".events > li:not([hidden])");
      at("told").textContent = left === events.length ? "" : `${left} of ${events.length}`;
      const next = new URLSearchParams();
      if (only.value) next.set("q", only.value);
      if (at("with").checked) next.set("with", "yes");
      write(next);
    };
    only.value = read().get("q") ?? "";
    at("with").checked = read().has("with");
    only.addEventListener("input", sift);
    at("with").addEventListener("change", sift);
    if (only.value || at("with").checked) sift();
  }
})();
