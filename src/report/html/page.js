"use strict";
const groups = [...document.querySelectorAll("main > details")].map((element) => ({
  element,
  status: element.dataset.status,
  name: element.querySelector(".name").textContent.toLowerCase(),
  findings: [...element.querySelectorAll("article, .same")].map((article) => ({
    element: article,
    severity: article.dataset.severity,
    text: article.textContent.toLowerCase(),
  })),
}));
const search = document.getElementById("search");
const status = document.getElementById("status");
const severities = [...document.querySelectorAll("input[name=severity]")];
const count = document.getElementById("count");

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(severities.filter((box) => box.checked).map((box) => box.value));
  const all = wanted.size === severities.length;
  let shown = 0;
  for (const group of groups) {
    let visible = 0;
    for (const finding of group.findings) {
      const text = group.name + " " + finding.text;
      const fits = wanted.has(finding.severity) && words.every((word) => text.includes(word));
      finding.element.hidden = !fits;
      visible += fits ? 1 : 0;
    }
    const named = words.every((word) => group.name.includes(word));
    const fits = visible > 0 || (group.findings.length === 0 && all && named);
    group.element.hidden = !(fits && (!status.value || status.value === group.status));
    shown += group.element.hidden ? 0 : 1;
  }
  count.textContent = shown + " of " + groups.length + " shown";
}
for (const input of [search, status, ...severities]) input.addEventListener("input", filter);
filter();
