// Runs once for the page: on paper, where no quote can be opened, each answer has its quotes below it.

const quoteItem = ({ number, quote, source }) => {
  const item = document.createElement("li");
  item.dir = "auto";
  item.append(`[${number}] “${quote}” `, Object.assign(document.createElement("small"), { textContent: source }));
  return item;
};

addEventListener("beforeprint", () => {
  for (const answer of document.querySelectorAll(".exchange .answer")) {
    const cites = [...answer.querySelectorAll(".cite")].map((each) => each.dataset);
    const quotes = [...new Map(cites.map((each) => [Number(each.number), each]))].sort(([a], [b]) => a - b);
    const list = Object.assign(document.createElement("ul"), { className: "printed" });
    list.append(...quotes.map(([, each]) => quoteItem(each)));
    (answer.querySelector("ul:has(.cite)") ?? answer.lastElementChild).after(list);
  }
});

addEventListener("afterprint", () => document.querySelectorAll(".printed").forEach((each) => each.remove()));
