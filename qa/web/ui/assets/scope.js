// Runs once in the choice of what is searched, as the body of a function of `element`, `trigger` and `watch`.

element.addEventListener("change", (event) => trigger("choose", { name: event.target.value }));
