// Keeps a draft while it is written: a form that says `data-autosave` is sent in the background some time after the last change.
// Without this script "Save draft" does the same. A draft saved in another window is never written over: then this one falls silent,
// and the button shows both.
const PAUSE = 15000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const seen = form.elements.namedItem("seen");
  const note = document.getElementById(form.dataset.autosave);
  let timer = 0;
  let sending = false;
  let stopped = false;

  const save = async () => {
    if (sending || stopped) return;
    sending = true;
    const data = new FormData(form);
    data.set("act", "auto");
    try {
      const answer = await fetch(window.location.href, { method: "POST", body: data, redirect: "error" });
      if (answer.ok) {
        seen.value = await answer.text();
        if (note) note.hidden = false;
      } else stopped = true;
    } catch {
      timer = window.setTimeout(save, PAUSE);
    } finally {
      sending = false;
    }
  };

  form.addEventListener("input", () => {
    if (note) note.hidden = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    stopped = true;
    window.clearTimeout(timer);
  });
}
