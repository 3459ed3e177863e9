// Draws each chart when it comes into view; until then, and without this script, its picture stays.
(() => {
  const address = new URL("vega-bundle.js", document.currentScript.src).href;
  let loading;
  const load = () => loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.bookVega);
    script.onerror = failed;
    document.head.append(script);
  });
  const draw = async (view) => {
    const embed = await load();
    const spec = JSON.parse(view.nextElementSibling.textContent);
    for (const name of ["role", "aria-label", "style"]) view.removeAttribute(name);
    await embed(view, spec, { renderer: "svg", actions: false });
  };
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      draw(target).catch(console.warn); // then the picture stays
    }
  }, { rootMargin: "200px" });
  document.querySelectorAll(".af-view").forEach((view) => seen.observe(view));
})();
