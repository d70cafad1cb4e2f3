// Any key and any press finishes the motion on the stage at once: whoever goes on has seen enough of it.
(() => {
  const finish = () => {
    for (const stage of document.querySelectorAll('[data-testid="stage"]')) {
      for (const animation of stage.getAnimations({ subtree: true })) {
        animation.finish();
      }
    }
  };
  document.addEventListener('keydown', finish, { capture: true, passive: true });
  document.addEventListener('pointerdown', finish, { capture: true, passive: true });
})();
