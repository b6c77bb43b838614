// Runs when the program is there: does what people did before, and keeps the page for the next visit
// without a network.
const root = document.documentElement;
await window.quorumscope.ready;
root.classList.remove("waits", "linked");
root.dataset.ready = "";
for (const selector of window.quorumscopeKept?.splice(0) ?? []) {
  const found = document.querySelector(`.page :is(button, [role=button], summary)${selector}`);
  const { x, y, width, height } = found?.getBoundingClientRect() ?? {};
  found?.dispatchEvent(
    new MouseEvent("click", { bubbles: true, cancelable: true, clientX: x + width / 2, clientY: y + height / 2 }),
  );
}

// A word about a new version, and the button that takes it.
function tell(waiting) {
  const news = Object.assign(document.createElement("div"), { className: "news" });
  news.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Reload" });
  button.addEventListener("click", () => waiting.postMessage("take over"));
  news.append("A new version of this page is here. ", button);
  document.body.append(news);
}

// A frame in a sandbox throws when it is asked for its service worker.
try {
  const worker = navigator.serviceWorker;
  const had = worker?.controller;
  worker?.addEventListener("controllerchange", () => had && location.reload());
  const registered = await worker?.register(new URL("../offline.js", import.meta.url));
  const told = () => had && registered.waiting && tell(registered.waiting);
  told();
  registered?.addEventListener("updatefound", () => {
    registered.installing?.addEventListener("statechange", told);
  });
} catch {
  // Without it the page works as long as there is a network.
}
