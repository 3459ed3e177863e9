// Lists the sections that have the words of the query, the best first.
const searcher = ({sections, names}) => {
  const LISTED = 30, AROUND = 110; // sections, letters

  const words = (text) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const singular = (word) => word.length > 3 ? word.replace(/([^s])s$/, "$1") : word;

  // The glossary's other names, among them the Chinese ones, mean the first.
  const meant = (query) => Object.keys(names).sort((a, b) => b.length - a.length)
    .reduce((text, name) => text.replaceAll(name, ` ${names[name]} `), query.toLowerCase());

  // A phrase is found where a word begins, in the plural too, and whatever joins its words.
  const START = "(?<![\\p{L}\\p{N}])", JOINED = "(?:e?s)?[^\\p{L}\\p{N}]+";
  const pattern = (phrase) =>
    new RegExp((/^\p{Script=Han}/u.test(phrase[0]) ? "" : START) + phrase.join(JOINED), "giu");
  const times = (phrase, text) => text.match(pattern(phrase))?.length ?? 0;

  // How much of a name the phrase is, and how often a text has a word for its length.
  const share = (phrase, name) => times(phrase, name) && phrase.length / words(name).length;
  const density = (count, text) => count / (count + 1 + text.length / 2000);

  const search = (phrase) => {
    const has = (word, row) => times([word], `${row.page} ${row.title} ${row.text}`) > 0;
    const rarity = phrase.map((word) =>
      Math.log(1 + sections.length / (1 + sections.filter((row) => has(word, row)).length)));
    const score = ({page, title, terms, text}) => {
      const told = phrase.map((word, i) => rarity[i] * (2 * density(times([word], text), text)
        + 2 * (times([word], title) > 0) + (times([word], page) > 0)));
      const named = share(phrase, title) + Math.max(0, ...terms.map((term) => share(phrase, term)));
      const weight = (/^\d/.test(page) ? 2 : 1) * (title === page ? 1.5 : 1); // chapters, their heads
      return weight * (told.reduce((a, b) => a + b) / phrase.length + 8 * named);
    };
    const counts = sections.map((row) => phrase.filter((word) => has(word, row)).length);
    const most = Math.max(1, ...counts);
    return sections.filter((_, i) => counts[i] === most)
      .map((row) => ({...row, score: score(row)})).sort((a, b) => b.score - a.score);
  };

  // The text around the place that has the phrase, or its first word.
  const excerpt = (text, phrase) => {
    const place = Math.max(0, text.search(pattern(phrase)), text.search(pattern([phrase[0]])));
    const start = place < AROUND ? 0 : text.indexOf(" ", place - AROUND) + 1;
    const end = text.length < place + AROUND ? text.length : text.lastIndexOf(" ", place + AROUND);
    return (start ? "… " : "") + text.slice(start, Math.max(end, place)) + (end < text.length ? " …" : "");
  };

  const element = (tag, attributes, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };
  const marked = (text, phrase) => {
    const hits = phrase.map((word) => `${pattern([word]).source}\\p{L}*`).join("|");
    return text.split(new RegExp(`(${hits}|\\p{Script=Han}+)`, "giu")).map((part, i) => {
      if (i % 2 === 0) return part;
      return /^\p{Script=Han}/u.test(part) ? element("span", {lang: "zh"}, part) : element("mark", {}, part);
    });
  };
  const item = (phrase) => ({href, page, title, text}) => element("li", {},
    element("a", {href}, ...marked(title, phrase)),
    ...(title === page ? [] : [" ", element("small", {}, page)]),
    element("p", {}, ...marked(excerpt(text, phrase), phrase)));

  return (query) => {
    const english = meant(query).trim(), phrase = words(english).map(singular);
    if (!phrase.length) return;
    const found = search(phrase);
    const asked = `“${query}”${english === query.toLowerCase() ? "" : ` (${english})`}`;
    const best = found.length > LISTED ? `; here are the best ${LISTED}` : "";
    const told = found.length ? `Sections with ${asked}: ${found.length}${best}.` : `No section has ${asked}.`;
    document.querySelector("#found > [role=status]").append(...marked(told, phrase));
    document.querySelector("#found > ol").append(...found.slice(0, LISTED).map(item(phrase)));
  };
};

(() => {
  const query = new URLSearchParams(location.search).get("q")?.trim();
  if (!query) return;
  document.querySelector(".bd-search-container input").value = query;
  const texts = document.createElement("script"); // a page from a disk may load nothing else
  texts.src = new URL("search-texts.js", document.currentScript.src);
  texts.onload = () => searcher(searchTexts)(query);
  document.head.append(texts);
})();
