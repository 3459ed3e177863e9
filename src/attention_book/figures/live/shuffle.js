const swaps = all(".af-swaps button"), coded = one("input"), words = all(".af-words>div"), says = one("output");
const given = data.words.map((_, i) => i), order = [...given];
const out = (order) => {
  const rows = order.map((word, place) =>
    data.vectors[word].map((x, j) => x + (coded.checked ? data.codes[place][j] : 0)),
  );
  const made = rows.map((row) => mix(softmax(rows.map((other) => dot(row, other) / Math.sqrt(row.length))), rows));
  return given.map((word) => made[order.indexOf(word)]);
};
const draw = () => {
  const first = out(given), now = out(order);
  const gaps = now.map((row, word) => Math.max(...row.map((x, j) => Math.abs(x - first[word][j]))));
  words.forEach((word, i) => {
    const changed = gaps[i] > 1e-9;
    word.style.setProperty("--at", order.indexOf(i));
    word.classList.toggle("af-changed", changed);
    word.lastChild.textContent = changed ? "changed" : "the same";
    word.querySelectorAll("li").forEach((cell, j) => (cell.textContent = now[i][j].toFixed(2).replace("-", "−")));
  });
  const count = gaps.filter((gap) => gap > 1e-9).length, most = Math.max(...gaps).toFixed(2);
  const what = count ? `${count} of ${words.length} vectors have changed, by up to ${most}.` : "no vector has changed.";
  says.textContent = `${order.map((i) => data.words[i]).join(" ")}: ${what}`;
};
swaps.forEach((button, i) =>
  button.addEventListener("click", () => {
    [order[i], order[i + 1]] = [order[i + 1], order[i]];
    draw();
  }),
);
coded.addEventListener("input", draw);
draw();
