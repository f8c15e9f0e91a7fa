// Runs before the first paint, so that a chosen colour scheme does not flash the other one. Same key and attribute as Mantine's.
try {
  const chosen = localStorage.getItem("mantine-color-scheme-value");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
} catch {
  // Storage is barred in this browser: the page follows the system once it has loaded.
}
