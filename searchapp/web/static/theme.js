// Before the first paint: the theme that was chosen here, else the system's.
{
  let chosen = "";
  try { chosen = localStorage.getItem("theme") || ""; } catch { /* storage is off: the system's theme */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
