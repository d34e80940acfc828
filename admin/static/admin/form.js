// Forms: a guard for unsaved changes, protection from sending twice, Ctrl/⌘ S to save, focus on the error summary.

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
    // If the page stays (a download, a network error), the form can be sent again.
    setTimeout(() => { this.sent = false; }, 4000);
  }
}

customElements.define("q-guard", Guard);
