const [length, texts] = all(".af-range input"), told = all(".af-range em");
const bars = all(".af-weighed li"), says = one("output"), product = one(".af-product-of");
const grouped = (n, digits = 0) => n.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const chosen = (key) => all(`.af-${key} input`).findIndex((radio) => radio.checked);
const mib = (bytes) => `${grouped(bytes / 2 ** 20, 1)} MiB`;
const weigh = () => {
  const [layers, heads, width, most, parameters] = data.sizes[chosen("m")], each = data.bytes[chosen("b")];
  const before = +length.max;
  length.max = Math.log2(most / data.least);
  if (+length.max > before && +length.value === before) length.value = length.max;
  const words = data.least * 2 ** +length.value, many = +texts.value;
  const sizes = [2 * words * heads * width * layers * each * many, parameters * each];
  told[0].textContent = grouped(words);
  told[1].textContent = many;
  product.textContent = `2 vectors · ${grouped(words)} words · ${heads} heads · ${width} numbers · ${layers} layers · ${each} byte${each > 1 ? "s" : ""} · ${many} text${many > 1 ? "s" : ""} = ${mib(sizes[0])}`;
  bars.forEach((bar, i) => {
    bar.style.setProperty("--share", (100 * sizes[i]) / Math.max(...sizes));
    bar.lastChild.textContent = mib(sizes[i]);
  });
  const [cache, model] = sizes;
  says.textContent = cache > model
    ? `The cache is heavier: ${(cache / model).toFixed(2)} times the model.`
    : `The model is heavier: ${(model / cache).toFixed(2)} times the cache.`;
};
all("input").forEach((input) => input.addEventListener("input", weigh));
weigh();
