// What makes pages better where scripts run; every page works without.
"use strict";

// One box that checks all of a name in its form; without scripts it is not there.
for (const all of document.querySelectorAll("input[data-all]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const one of all.form.querySelectorAll(`input[name="${all.dataset.all}"]`)) one.checked = all.checked;
  });
}

// Forms that are kept cell by cell. What could not be sent waits in this tab, until the form is seen again after signing in.
for (const form of document.querySelectorAll("form[data-cells]")) {
  const status = form.querySelector("[data-status]");
  const key = `cells:${form.getAttribute("action")}`;
  const waiting = new Map(JSON.parse(sessionStorage.getItem(key) || "[]"));
  const remember = () => sessionStorage.setItem(key, JSON.stringify([...waiting]));
  let sending = false;

  const send = async () => {
    if (sending || waiting.size === 0) return;
    sending = true;
    const now = [...waiting];
    const body = new URLSearchParams([["csrf", form.elements.csrf.value], ["do", "cell"], ...now]);
    let kept = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      kept = answer.status === 204;
    } catch {
      // Without a network it waits.
    }
    for (const [name, value] of now) if (kept && waiting.get(name) === value) waiting.delete(name);
    remember();
    status.textContent = kept ? "✓" : "…";
    sending = false;
    if (kept) send();
  };

  for (const [name, value] of waiting) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
    else waiting.delete(name);
  }
  form.addEventListener("change", ({ target }) => {
    if (!target.name || !target.name.startsWith("v/")) return;
    waiting.set(target.name, target.value);
    remember();
    send();
  });
  // Where the session is over by now, the form's own way of sending would lose what was just typed.
  form.addEventListener("submit", () => {
    const changed = ({ name, value, defaultValue, selectedOptions }) =>
      name.startsWith("v/") && (selectedOptions ? !selectedOptions[0]?.defaultSelected : value !== defaultValue);
    for (const field of [...form.elements].filter(changed)) waiting.set(field.name, field.value);
    remember();
  });
  send();
}
