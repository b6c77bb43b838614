// The page at its first moment, as markup: without what comes with the second module, and without what
// only the program needs. `cargo xtask dist` writes it into index.html, and a test compares the two.
function firstMoment(document) {
  const page = document.querySelector(".page").cloneNode(true);
  page.classList.add("came");
  for (const within of page.querySelectorAll("#side, #bottom, .overlays, .flights, .compared")) {
    within.replaceChildren();
  }
  page.querySelectorAll(".overlays ~ *, .legend > :not(summary), .skips").forEach((found) => found.remove());
  page.querySelector("#side")?.setAttribute("aria-busy", "true");
  // Drawn by the painter, a few times a second.
  page.querySelectorAll(".motion > g").forEach((drawn) => drawn.replaceChildren());
  // A strict Content-Security-Policy allows no style in markup: a rule for each value replaces it.
  for (const styled of [page, ...page.querySelectorAll("[style]")]) {
    styled.dataset.style = styled.style.cssText;
    styled.removeAttribute("style");
  }
  return page.outerHTML;
}
