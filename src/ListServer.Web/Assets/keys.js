"use strict";
// Single keys for what stands on the page: data-key names them, data-first a fold that is opened and written into before.
{
  const off = "keys-off";
  const choice = document.querySelector("[data-keys-switch]");
  if (choice) {
    choice.checked = !localStorage.getItem(off);
    choice.addEventListener("change", () => choice.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    if (choice && !choice.checked) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    const first = document.getElementById(target.dataset.first);
    if (first && !first.open) {
      first.open = true;
      first.querySelector("textarea").focus();
    } else if (target.matches("details")) {
      target.open = !target.open;
    } else {
      target.click();
    }
  });
}
