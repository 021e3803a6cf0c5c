// Saves what is written in a long form as its writer's own draft: every ten seconds while it changes, and when the page
// is left. Without it the form has «Lagre utkast». The words are on the [data-autosave] element in the form.
const EVERY = 10_000;
const LONGEST_WAIT = 3_000;
const MOST_LEAVING = 60_000; // what browsers send of a page that is being left

const written = (form) => {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  return new URLSearchParams(fields);
};

const watch = (status) => {
  const form = status.closest("form");
  const { autosave: url, failed, leftOut } = status.dataset;
  const isRejected = form.querySelector(".p-errors") !== null;
  let saved = isRejected ? "" : String(written(form));
  const first = isRejected || form.querySelector("[data-restored]") ? null : saved; // as before anything was written
  let saving = null;
  let isSent = false;
  let isAtRisk = false; // something is typed that leaving the page would lose

  const tell = (words) => {
    if (status.textContent !== words) status.textContent = words;
  };

  const send = async (fields) => {
    const text = String(fields);
    const options = {
      method: "POST",
      body: fields,
      headers: { "X-Autosave": text === first ? "0" : "1" },
      redirect: "manual",
      keepalive: text.length < MOST_LEAVING,
    };
    const answer = await fetch(url, options).catch(() => null);
    const isKept = answer !== null && answer.ok;
    isAtRisk = !isKept || answer.status === 202;
    if (isKept) saved = text;
    // A sign-in that has ended is answered with a redirect: the button leads there, and back with the text.
    if (answer?.type === "opaqueredirect") clearInterval(timer);
    tell(!isKept ? failed : answer.status === 202 ? leftOut : await answer.text());
  };

  const save = () => {
    const fields = written(form);
    if (isSent || saving || String(fields) === saved) return;
    saving = send(fields).finally(() => {
      saving = null;
    });
  };

  const timer = setInterval(save, EVERY);
  addEventListener("pagehide", save);
  addEventListener("pageshow", () => {
    isSent = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  addEventListener("beforeunload", (event) => {
    const text = String(written(form));
    if (!isSent && text !== first && (isAtRisk || (text !== saved && text.length >= MOST_LEAVING))) event.preventDefault();
  });
  // What is sent is no draft. One that is being saved must not arrive after it.
  form.addEventListener("submit", (event) => {
    isSent = true;
    if (!saving) return;
    event.preventDefault();
    const { submitter } = event;
    const wait = new Promise((go) => setTimeout(go, LONGEST_WAIT));
    Promise.race([saving, wait]).then(() => {
      saving = null;
      form.requestSubmit(submitter);
    });
  });
};

document.querySelectorAll("[data-autosave]").forEach(watch);
