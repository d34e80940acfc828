// The elements of the shell: filter and folding of the sidebar, theme switch, menus, shortcuts, palette.
// Every feature of the shell also works without this file.

const remember = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
};

class Sidebar extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("[data-nav-filter]");
    this.input?.addEventListener("input", () => this.filter(this.input.value));
    this.input?.addEventListener("keydown", (event) => this.keys(event));
    for (const button of document.querySelectorAll("[data-sidebar-toggle]")) {
      button.addEventListener("click", () => this.toggle());
    }
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  toggle() {
    const root = document.documentElement;
    const closed = root.dataset.sidebar === "closed";
    if (closed) delete root.dataset.sidebar;
    else root.dataset.sidebar = "closed";
    remember("admin_sidebar", closed ? "" : "closed");
    document.querySelector(closed ? ".sidebar-toggle" : ".sidebar-show")?.focus();
  }

  filter(text) {
    const wanted = text.trim().toLocaleLowerCase();
    let any = false;
    for (const group of this.querySelectorAll(".nav-group")) {
      const title = group.querySelector("h2").textContent.toLocaleLowerCase();
      let shown = false;
      for (const item of group.querySelectorAll("li")) {
        const name = item.querySelector(".nav-link").textContent.toLocaleLowerCase();
        item.hidden = !(name.includes(wanted) || title.includes(wanted));
        shown ||= !item.hidden;
      }
      group.hidden = !shown;
      any ||= shown;
    }
    this.querySelector("[data-nav-none]").hidden = any;
  }

  keys(event) {
    if (event.key === "Escape" && this.input.value) {
      event.preventDefault();
      event.stopPropagation();
      this.input.value = "";
      this.filter("");
    } else if (event.key === "Enter") {
      this.querySelector(".nav-group:not([hidden]) li:not([hidden]) .nav-link")?.click();
    }
  }
}

class Theme extends HTMLElement {
  connectedCallback() {
    this.querySelector("form").addEventListener("submit", (event) => {
      const choice = event.submitter?.value;
      if (choice === undefined) return;
      event.preventDefault();
      const root = document.documentElement;
      if (choice) root.dataset.theme = choice;
      else delete root.dataset.theme;
      remember("admin_theme", choice);
      for (const button of this.querySelectorAll("button[name=theme]")) {
        button.setAttribute("aria-pressed", String(button.value === choice));
      }
      const menu = this.querySelector("details");
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
}

class Palette extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.open());
    if (/Mac|iPhone|iPad/.test(navigator.platform)) this.querySelector("kbd").textContent = "⌘ K";
  }

  open() {
    this.build();
    if (!this.dialog.open) this.dialog.showModal();
    this.input.value = "";
    this.show("");
  }

  build() {
    if (this.dialog) return;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "palette";
    this.dialog.setAttribute("aria-label", "Go to");
    this.input = document.createElement("input");
    this.input.className = "input";
    this.input.placeholder = "Go to a page, a model or a record";
    for (const [name, value] of Object.entries({ role: "combobox", "aria-label": "Go to", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false" })) {
      this.input.setAttribute(name, value);
    }
    this.list = document.createElement("ul");
    this.list.id = "palette-list";
    this.list.className = "combobox-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Results");
    this.status = document.createElement("p");
    this.status.className = "combobox-status";
    this.status.setAttribute("role", "status");
    this.dialog.append(this.input, this.list, this.status);
    this.append(this.dialog);
    this.input.addEventListener("input", () => this.show(this.input.value));
    this.input.addEventListener("keydown", (event) => this.keys(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  pages() {
    const pages = [];
    for (const link of document.querySelectorAll(".sidebar .brand, .nav-link, .nav-add, .page-actions a")) {
      const group = link.closest(".nav-group")?.querySelector("h2").textContent.trim() ?? "";
      pages.push({ label: link.matches(".brand") ? "Overview" : link.textContent.trim(), url: link.href, kind: group });
    }
    return pages;
  }

  async show(text) {
    const words = text.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const found = this.pages().filter((page) => words.every((word) => `${page.label} ${page.kind}`.toLocaleLowerCase().includes(word))).slice(0, 8);
    this.draw(found);
    this.request?.abort();
    clearTimeout(this.timer);
    if (!words.length || !this.dataset.search) return;
    this.timer = setTimeout(() => this.records(text, found), 120);
  }

  async records(text, found) {
    this.request = new AbortController();
    try {
      const answer = await fetch(`${this.dataset.search}?q=${encodeURIComponent(text)}`, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { results } = await answer.json();
      this.draw(found.concat(results.map((one) => ({ label: one.text, url: one.url, kind: one.kind }))));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  draw(items) {
    this.list.replaceChildren(...items.map((item, index) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.id = `palette-${index}`;
      option.dataset.url = item.url;
      const kind = document.createElement("small");
      kind.textContent = item.kind;
      option.append(item.label, kind);
      option.addEventListener("click", () => location.assign(item.url));
      return option;
    }));
    this.status.textContent = items.length ? "" : "Nothing found.";
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.mark(0);
  }

  mark(index) {
    const options = [...this.list.children];
    this.at = options.length ? (index + options.length) % options.length : -1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    const current = options[this.at];
    if (current) {
      this.input.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  keys(event) {
    if (event.key === "ArrowDown") this.mark(this.at + 1);
    else if (event.key === "ArrowUp") this.mark(this.at - 1);
    else if (event.key === "Enter") this.list.children[this.at]?.click();
    else return;
    event.preventDefault();
  }
}

customElements.define("q-sidebar", Sidebar);
customElements.define("q-theme", Theme);
customElements.define("q-palette", Palette);

// A menu closes when the user clicks elsewhere, opens another one, or presses Escape.
const phone = matchMedia("(max-width: 699.98px)");
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except && !menu.contains(except) && !(phone.matches && menu.matches(".filter"))) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]") ?? event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]") ?? event.target));

// Shortcuts of a single key can be switched off: they interfere with some assistive technologies.
const shortcutsOff = () => document.cookie.split("; ").includes("admin_keys=off");

const showShortcuts = () => {
  const dialog = document.createElement("dialog");
  dialog.className = "shortcuts";
  dialog.setAttribute("aria-labelledby", "shortcuts-title");
  const title = document.createElement("h2");
  title.id = "shortcuts-title";
  title.textContent = "Keyboard shortcuts";
  const list = document.createElement("dl");
  const command = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
  for (const [keys, what] of [[`${command} K`, "Go to a page or a record"], ["/", "Search the list, or find a model"], [`${command} S`, "Save the form"], ["Shift click", "Select a range of rows"], ["?", "Show this list"]]) {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = keys;
    term.append(key);
    const text = document.createElement("dd");
    text.textContent = what;
    list.append(term, text);
  }
  const form = document.createElement("form");
  form.method = "dialog";
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !shortcutsOff();
  box.addEventListener("change", () => remember("admin_keys", box.checked ? "" : "off"));
  label.append(box, "Single-key shortcuts");
  const close = document.createElement("button");
  close.className = "button";
  close.textContent = "Close";
  form.append(label, close);
  dialog.append(title, list, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};
document.querySelector("[data-shortcuts]")?.addEventListener("click", showShortcuts);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.activeElement?.closest?.("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.querySelector("q-palette")?.open?.();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (shortcutsOff() || document.querySelector("dialog[open]")) return;
  if (event.key === "?") showShortcuts();
  if (event.key === "/") {
    const field = document.querySelector("[data-shortcut='/']") ?? document.querySelector("[data-nav-filter]");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  }
});
