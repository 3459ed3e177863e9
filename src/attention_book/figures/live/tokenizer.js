const line = one("input"), says = one("output"), counts = all(".af-count"), lists = all(".af-cut");
const chunks = new RegExp(data.chunk, "gu");
const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { fatal: true });
const join = (ids, [a, b], made) => {
  const joined = [];
  for (let i = 0; i < ids.length; i++)
    joined.push(ids[i] === a && ids[i + 1] === b ? (i++, made) : ids[i]);
  return joined;
};
const encode = (text, merges) =>
  (text.match(chunks) ?? []).flatMap((chunk) =>
    merges.reduce((ids, pair, n) => join(ids, pair, 256 + n), [...encoder.encode(chunk)]),
  );
const bytes = (id, merges) => (id < 256 ? [id] : merges[id - 256].flatMap((part) => bytes(part, merges)));
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
const token = (id, merges) => {
  const piece = bytes(id, merges), item = document.createElement("li");
  let text = piece.join(" ");
  try {
    text = decoder.decode(Uint8Array.from(piece)).replaceAll(" ", "␣");
  } catch {
    item.className = "af-byte";
  }
  item.append(element("b", text), element("small", id));
  return item;
};
const draw = () => {
  const text = line.value;
  says.textContent = `${[...text].length} characters, ${encoder.encode(text).length} bytes`;
  data.merges.forEach((merges, row) => {
    const ids = encode(text, merges);
    counts[row].textContent = ids.length;
    lists[row].replaceChildren(...ids.map((id) => token(id, merges)));
  });
};
line.addEventListener("input", draw);
all(".af-moves button").forEach((button) =>
  button.addEventListener("click", () => {
    line.value = button.textContent;
    draw();
  }),
);
draw();
