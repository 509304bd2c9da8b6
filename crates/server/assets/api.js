// The page that describes the API: shows the answers to requests below their form.
"use strict";

for (const form of document.querySelectorAll("form[data-path]")) {
  const answer = document.createElement("pre");
  answer.tabIndex = 0;
  answer.setAttribute("role", "status");
  answer.hidden = true;
  form.after(answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let path = form.dataset.path;
    const query = new URLSearchParams();
    for (const input of form.elements) {
      if (!input.name || input.value === "") continue;
      if (input.dataset.in === "path") {
        path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
      } else {
        query.append(input.name, input.value);
      }
    }
    const address = query.size > 0 ? `${path}?${query}` : path;
    answer.hidden = false;
    answer.textContent = `GET ${address}\n\n…`;
    try {
      const response = await fetch(address);
      const text = (await response.text()).slice(0, 200_000);
      let body = text;
      if ((response.headers.get("content-type") ?? "").includes("json")) {
        try {
          body = JSON.stringify(JSON.parse(text), null, 2);
        } catch {
          // Several documents, one per line, or the beginning of a long one.
        }
      }
      answer.textContent = `GET ${address}\n${response.status}\n\n${body}`;
    } catch (error) {
      answer.textContent = `GET ${address}\n\n${error}`;
    }
  });
}
