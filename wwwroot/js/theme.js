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
  const theme = read('xenviz.theme');
  if (theme) {
    document.documentElement.dataset.theme = theme;
  }
  chosen.wall = read('xenviz.inspector.wall') === 'shown';
  chosen.desk = read('xenviz.inspector') !== 'hidden';

  const apply = () => {
    const root = document.documentElement;
    root.dataset.inspector = (root.dataset.theme === 'projector' ? chosen.wall : chosen.desk) ? 'shown' : 'hidden';
  };
  apply();
  return {
    apply,
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
