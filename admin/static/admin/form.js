// Forms: unsaved changes are guarded, a form is sent once, Ctrl/⌘ S saves, the error summary takes the focus.

class Guard extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form || this.form.method !== "post") return;
    this.before = this.state();
    this.sent = false;
    this.form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("beforeunload", (event) => {
      if (!this.sent && (this.querySelector("[data-focus]") || this.state() !== this.before)) event.preventDefault();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.sent = false;
    });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.form.requestSubmit(this.querySelector("[data-save]"));
      }
    });
    this.querySelector("[data-focus]")?.focus();
  }

  state() {
    return JSON.stringify([...new FormData(this.form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));
  }

  submit(event) {
    if (this.sent) {
      event.preventDefault();
      return;
    }
    this.sent = true;
    // A page that comes back without a reload (a file, an error of the network) can be sent again.
    setTimeout(() => { this.sent = false; }, 4000);
  }
}

customElements.define("q-guard", Guard);
