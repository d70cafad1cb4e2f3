// Before the first paint: the theme that was chosen here. Without one the style sheet follows the system.
(() => {
  try {
    const theme = localStorage.getItem('xenviz.theme');
    if (theme) {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // Storage may be forbidden; then the system decides.
  }
})();
