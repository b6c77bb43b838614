// Runs before the page is drawn, without the program: what people do meanwhile is kept, and done by
// start.js when the program is there.
(() => {
  const root = document.documentElement;
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

  if (location.hash.length < 2) return;
  // A link that carries a run: not the usual cluster, but the name of its preset and its first line.
  root.classList.add("linked");
  const script = (async () => {
    const [, form, text] = /^#([vz])\d+[+.](.*)$/s.exec(location.hash);
    if (form === "v") return decodeURIComponent(text.replace(/\+/g, " ").replace(/;/g, "\n"));
    const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(plain).text();
  })();
  // Not DOMContentLoaded, which comes when the program has been fetched.
  const parsed = new Promise((done) => (window.quorumscopeParsed = done));
  Promise.all([script, parsed]).then(([text]) => {
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
