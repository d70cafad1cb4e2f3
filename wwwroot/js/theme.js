// Before the first paint: the theme that was chosen here (without one the style sheet follows the system), and whether the
// inspector is shown: not on a wall, unless it was asked for.
window.xenvizTheme = (() => {
  const chosen = { wall: false, desk: true };
  const read = name => {
    try {
      return localStorage.getItem(name);
    } catch {
      // Storage may be forbidden; then a choice lasts as long as the page.
      return null;
    }
  };
  let theme = read('xenviz.theme');
  chosen.wall = read('xenviz.inspector.wall') === 'shown';
  chosen.desk = read('xenviz.inspector') !== 'hidden';

  const apply = () => {
    const root = document.documentElement;
    if (theme && !root.dataset.theme) {
      root.dataset.theme = theme;
    }
    root.dataset.inspector = (root.dataset.theme === 'projector' ? chosen.wall : chosen.desk) ? 'shown' : 'hidden';
  };
  apply();
  // The page takes over the attributes that the server knows of when it gets its address, and these are none of them.
  new MutationObserver(() => {
    if ((theme && !document.documentElement.dataset.theme) || !document.documentElement.dataset.inspector) {
      apply();
    }
  }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-inspector'] });
  return {
    apply,
    choose(chosenTheme) {
      theme = chosenTheme;
      document.documentElement.dataset.theme = theme;
      apply();
    },
    inspector: () => ({ inspector: chosen.desk, wallInspector: chosen.wall }),
    keep(wall, shown) {
      chosen[wall ? 'wall' : 'desk'] = shown;
      try {
        localStorage.setItem(wall ? 'xenviz.inspector.wall' : 'xenviz.inspector', shown ? 'shown' : 'hidden');
      } catch {
        // See above.
      }
    },
  };
})();
