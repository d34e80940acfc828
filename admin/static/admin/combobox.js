// <q-combobox> turns a plain input (one key) or select (many keys) into a search over a JSON endpoint.
// The plain control stays in the form, hidden, and holds the value.

let serial = 0;

class Combobox extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.control = this.querySelector("input, select");
    this.multiple = this.control.multiple === true;
    this.id_ = `combobox-${++serial}`;
    this.text = this.dataset.text ?? this.control.dataset.text ?? "";
    this.build();
  }

  build() {
    const { control } = this;
    this.input = document.createElement("input");
    this.input.type = "text";
    this.input.className = "input";
    this.input.value = this.multiple ? "" : this.text;
    this.input.placeholder = "Search…";
    const set = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${this.id_}-list`, autocomplete: "off", spellcheck: "false" };
    for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
      if (control.hasAttribute(name)) set[name] = control.getAttribute(name);
    }
    for (const [name, value] of Object.entries(set)) this.input.setAttribute(name, value);
    // The label still refers to the input that the user types into.
    this.input.id = control.id;
    control.removeAttribute("id");
    if (!this.multiple) control.type = "hidden";
    else control.hidden = true;
    this.list = document.createElement("ul");
    this.list.id = `${this.id_}-list`;
    this.list.className = "combobox-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.dataset.label);
    this.list.hidden = true;
    this.chips = document.createElement("div");
    this.chips.className = "combobox-chips";
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(...(this.multiple ? [this.chips] : []), this.input, this.list, this.status);
    if (this.multiple) this.drawChips();
    this.input.addEventListener("input", () => this.search(this.input.value));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.search(this.changed ? this.input.value : ""));
    this.input.addEventListener("keydown", (event) => this.keys(event));
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget)) this.leave();
    });
  }

  search(text) {
    this.changed = true;
    this.request?.abort();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(text, 1), text ? 150 : 0);
  }

  async load(text, page) {
    if (!this.dataset.url) {
      this.draw(this.own(text), 1, false, text);
      return;
    }
    this.request = new AbortController();
    const url = new URL(this.dataset.url, location.href);
    url.searchParams.set("q", text);
    url.searchParams.set("p", page);
    try {
      const answer = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { results, more } = await answer.json();
      this.draw(results, page, more, text);
    } catch (error) {
      if (error.name !== "AbortError") this.note("The search did not answer. Try again.");
    }
  }

  // own finds among the select's own options.
  own(text) {
    const wanted = text.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return [...this.control.options]
      .filter((option) => option.value && !option.selected && wanted.every((word) => option.textContent.toLocaleLowerCase().includes(word)))
      .slice(0, 200).map((option) => ({ id: option.value, text: option.textContent }));
  }

  draw(results, page, more, text) {
    if (page === 1) this.list.replaceChildren();
    this.list.querySelector("[data-more]")?.remove();
    const offered = page === 1 && !this.multiple && !this.input.required && !text && this.control.getAttribute("aria-required") !== "true" ? [{ id: "", text: "– none –" }] : [];
    for (const one of [...offered, ...results]) this.list.append(this.option(String(one.id), one.text));
    if (more) {
      const next = this.option("", "More…");
      next.dataset.more = page + 1;
      next.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.append(next);
    }
    if (!this.list.children.length) return this.note("Nothing found.");
    this.open(true);
    if (page === 1) this.mark(text ? 0 : -1);
    this.status.textContent = `${results.length} results`;
  }

  note(text) {
    this.list.replaceChildren();
    this.open(false);
    this.status.className = "combobox-status";
    this.status.textContent = text;
  }

  option(value, text) {
    const option = document.createElement("li");
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.id = `${this.id_}-${this.list.children.length}`;
    option.dataset.value = value;
    option.textContent = text;
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.choose(option));
    return option;
  }

  choose(option) {
    if (option.dataset.more) {
      this.load(this.input.value, Number(option.dataset.more));
      return;
    }
    if (this.multiple) this.add(option.dataset.value, option.textContent);
    else {
      this.control.value = option.dataset.value;
      this.text = option.dataset.value ? option.textContent : "";
      this.input.value = this.text;
    }
    this.changed = false;
    this.open(false);
    this.control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  add(value, text) {
    let option = [...this.control.options].find((one) => one.value === value);
    if (!option) {
      option = new Option(text, value);
      this.control.append(option);
    }
    option.selected = true;
    this.input.value = "";
    this.drawChips();
    this.status.textContent = `${text} added`;
  }

  drawChips() {
    this.chips.replaceChildren(...[...this.control.selectedOptions].map((option) => {
      const chip = document.createElement("span");
      chip.className = "chip";
      const label = document.createElement("span");
      label.textContent = option.textContent;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.setAttribute("aria-label", `Remove ${option.textContent}`);
      remove.textContent = "×";
      remove.addEventListener("click", () => {
        option.selected = false;
        this.drawChips();
        this.status.textContent = `${option.textContent} removed`;
        this.input.focus();
      });
      chip.append(label, remove);
      return chip;
    }));
  }

  open(open) {
    this.list.hidden = !open;
    this.status.className = "visually-hidden";
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) {
      this.at = -1;
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  mark(index) {
    const options = [...this.list.children];
    if (!options.length) return;
    this.at = index < 0 ? (index === -1 ? -1 : options.length - 1) : index % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    const current = options[this.at];
    if (!current) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  }

  keys(event) {
    const shown = !this.list.hidden;
    if (event.key === "ArrowDown") shown ? this.mark((this.at ?? -1) + 1) : this.search("");
    else if (event.key === "ArrowUp" && shown) this.mark((this.at ?? 0) <= 0 ? -2 : this.at - 1);
    else if (event.key === "Enter" && shown) {
      const current = this.list.children[this.at];
      if (current) this.choose(current);
    } else if (event.key === "Escape" && shown) {
      event.stopPropagation();
      this.leave();
    } else if (event.key === "Backspace" && this.multiple && !this.input.value) {
      const last = [...this.control.selectedOptions].at(-1);
      if (last) last.selected = false;
      this.drawChips();
      return;
    } else return;
    event.preventDefault();
  }

  leave() {
    this.request?.abort();
    clearTimeout(this.timer);
    this.open(false);
    this.status.textContent = "";
    if (this.multiple) this.input.value = "";
    else if (this.input.value.trim() === "" && this.control.getAttribute("aria-required") !== "true") {
      this.control.value = "";
      this.text = "";
    } else this.input.value = this.text;
    this.changed = false;
  }
}

customElements.define("q-combobox", Combobox);
