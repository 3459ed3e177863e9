// Makes a book of the one page: what belongs on paper, in the order of a book.
(leftOut) => {
  for (const name of leftOut) {
    const mark = document.getElementById(`document-chapters/${name}`);
    if (!mark) throw new Error(`no page ${name} to leave out`);
    entryOf(mark).closest("li").remove();
    mark.nextElementSibling.remove();
    mark.remove();
  }
  document.getElementById("the-map")?.remove(); // the contents again
  const site = document.querySelector("meta[property='og:url']")?.content.split("#")[0];
  document.getElementById("jb-print-toc").append(element("p", `The book's site${site ? `, ${site},` : ""} \
has more: figures that answer, the library's functions, the list of what is proven, what has changed, and plans \
for a class.`));

  for (const mark of document.querySelectorAll("span[id^='document-']")) {
    const chapter = mark.nextElementSibling;
    const head = JSON.stringify(entryOf(mark).textContent);
    chapter.prepend(mark);
    chapter.classList.add("chapter");
    chapter.style.page = chapter.id;
    style(`@page ${chapter.id} { @top-right { content: ${head} } }`);
    gather("Solution", chapter.querySelectorAll("details[id^='solution-']"), chapter);
    gather("Answer", chapter.querySelectorAll(".questions > details"), chapter);
  }
  for (const hint of document.querySelectorAll(".exercise > details:not(.fold) > p:first-of-type"))
    hint.prepend(element("em", "Hint: "));
  for (const link of document.querySelectorAll("a[href]")) keepWithin(link);

  function entryOf(mark) {
    return document.querySelector(`#jb-print-toc a[href="#${mark.id}"]`);
  }

  function gather(name, folded, chapter) {
    if (!folded.length) return;
    const section = element("section", "");
    section.append(element("h3", `${name}s`));
    folded.forEach((part, i) => {
      part.classList.add("fold"); // which paper shows
      const number = part.id ? part.id.split("-").slice(1).join(".").toUpperCase() : i + 1;
      section.append(element("h4", `${name} ${number}`), part);
    });
    chapter.append(section);
  }

  // On paper there is no other file.
  function keepWithin(link) {
    const {protocol, hash} = new URL(link.href);
    if (protocol !== "file:") return;
    if (hash && document.getElementById(hash.slice(1))) link.setAttribute("href", hash);
    else link.replaceWith(...link.childNodes);
  }

  function style(rule) {
    document.head.append(element("style", rule));
  }

  function element(name, textContent) {
    return Object.assign(document.createElement(name), {textContent});
  }
}
