// Selection in a list: all rows of the page, ranges with Shift, an announced count; and a sticky header if the table fits.

class Selection extends HTMLElement {
  connectedCallback() {
    this.all = this.querySelector("[data-pick-all]");
    this.output = this.querySelector("output");
    this.all?.addEventListener("change", () => {
      for (const box of this.boxes()) box.checked = this.all.checked;
      this.update();
    });
    this.addEventListener("click", (event) => {
      if (event.target.matches(".pick")) this.pick(event);
    });
    const area = this.querySelector(".scroll");
    if (area) new ResizeObserver(() => this.fit(area)).observe(area);
    // Going back in the browser restores the checked boxes.
    addEventListener("pageshow", () => this.update());
    this.update();
  }

  boxes() {
    return [...this.querySelectorAll(".pick")];
  }

  pick(event) {
    const boxes = this.boxes();
    const at = boxes.indexOf(event.target);
    if (event.shiftKey && this.last !== undefined) {
      const [from, to] = [Math.min(at, this.last), Math.max(at, this.last)];
      for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
    }
    this.last = at;
    this.update();
  }

  update() {
    const boxes = this.boxes();
    const count = boxes.filter((box) => box.checked).length;
    if (this.all) {
      this.all.checked = count > 0 && count === boxes.length;
      this.all.indeterminate = count > 0 && count < boxes.length;
    }
    if (this.output) this.output.textContent = count ? `${count} selected` : "";
  }

  fit(area) {
    const fits = area.firstElementChild.scrollWidth <= area.clientWidth;
    area.toggleAttribute("data-fits", fits);
    if (fits) area.removeAttribute("tabindex");
    else area.tabIndex = 0;
  }
}

customElements.define("q-selection", Selection);
