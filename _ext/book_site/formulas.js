// A few formulas at a time, so that the page answers meanwhile.
MathJax.config.startup.pageReady = async () => {
  const formulas = [...document.querySelectorAll(".math")];
  while (formulas.length) {
    await new Promise((done) => setTimeout(done));
    await MathJax.typesetPromise(formulas.splice(0, 3));
  }
  for (const wide of document.querySelectorAll("mjx-container[display]")) wide.tabIndex = 0; // to scroll
  MathJax.config.drawn();
};
MathJax.startup.defaultReady();
