// Runs before the page is drawn, without the program: what people do meanwhile is kept, and done by
// arrived.js when the program is there.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  // A script that cannot be fetched: the static sentence of the page says that nothing runs.
  addEventListener("error", (event) => event.target instanceof HTMLScriptElement && root.classList.remove("scripted"), true);
  try {
    const theme = localStorage.getItem("quorumscope-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // A page whose storage is forbidden remembers nothing.
  }
  if (/[?&]embed([=&]|$)/.test(location.search)) root.classList.add("embedded");

  // What was pressed, each as a selector that finds it again.
  const kept = (window.quorumscopeKept = []);
  const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  const named = (element) => {
    for (const name of ["data-node", "data-client", "data-link", "id", "aria-label", "title"]) {
      if (element.hasAttribute(name)) return `[${name}=${quoted(element.getAttribute(name))}]`;
    }
    return [...element.classList].map((name) => `.${name}`).join("");
  };
  const keep = (event) => {
    if (root.dataset.ready !== undefined) return;
    // The sentences stay as they came until the second module is there.
    const pressed = event.target.closest?.(".came button, .came [role=button], .came summary, .say button");
    if (!pressed) return;
    event.preventDefault();
    // The program plays by itself as soon as it is there.
    if (pressed.matches(".play")) return root.classList.add("waits");
    const selector = named(pressed);
    if (!selector || kept.length >= 20) return;
    kept.push(selector);
    root.classList.add("waits");
  };
  addEventListener("click", keep, true);

  // A run of a link, or the one that was here before a reload: not the usual cluster, but the name of its
  // preset and its first line.
  const here = () => {
    const state = JSON.parse(history.state?.["quorumscope-run"] ?? "null");
    return state?.branches[state.current].script;
  };
  const linked = async () => {
    const [, form, text] = /^#([vz])\d+[+.](.*)$/s.exec(location.hash);
    if (form === "v") return decodeURIComponent(text.replace(/\+/g, " ").replace(/;/g, "\n"));
    const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(plain).text();
  };
  const script = (async () => here() ?? (location.hash.length > 1 ? linked() : undefined))();
  if (location.hash.length > 1 || history.state?.["quorumscope-run"]) root.classList.add("linked");
  // Called by start.js, which runs when the markup is there. Not DOMContentLoaded, which comes later.
  const parsed = new Promise((done) => (window.quorumscopeParsed = done));
  Promise.all([script, parsed]).then(([text]) => {
    if (text === undefined) return;
    const line = text.split("\n").map((line) => line.trim()).find((line) => line) ?? "";
    const preset = /^cluster\s+([a-z-]+)/.exec(line)?.[1];
    for (const page of document.querySelectorAll(".came")) {
      const option = page.querySelector(`select option[value="${preset}"]`);
      if (option) option.parentElement.value = preset;
      const said = page.querySelector(".say .big");
      said.textContent = line;
      if (option) said.prepend(Object.assign(document.createElement("b"), { textContent: `${option.textContent}. ` }));
      page.querySelector(".say .small").textContent = "";
    }
  }).catch(() => {
    // The program says what is wrong with a link.
  });
})();
