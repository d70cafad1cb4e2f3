// A page that runs over the server lives on a connection. When it is lost the picture stays, a line says so, and the page
// comes back by itself: on the same connection while the server remembers it, by loading the address again when it does
// not. The session itself is on the server and comes back from its recording.
(() => {
  const box = document.getElementById('components-reconnect-modal');
  const words = box?.querySelector('span');
  let coming = false;
  let hiding = 0;
  if (!box) {
    return;
  }

  // The sheets make room for the line by a name of the document: to look for it in there would cost at each step.
  const tell = () => {
    const { dataset } = document.documentElement;
    if (box.hidden) {
      delete dataset.lost;
    } else {
      dataset.lost = document.querySelector('.wb') ? 'workbench' : 'page';
    }
  };
  new MutationObserver(tell).observe(box, { attributes: true, attributeFilter: ['hidden'] });

  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  // What is pressed while there is no connection is lost, and says so once: nothing is sent later that nobody waits for.
  const lost = () => !box.hidden && words.textContent !== box.dataset.back;
  const notSent = () => say(box.dataset.unsent);
  window.addEventListener('unhandledrejection', event => {
    if (/Cannot send data if the connection is not in the 'Connected' State/.test(event.reason?.message ?? event.reason)) {
      event.preventDefault();
      notSent();
    }
  });
  window.xenvizConnection = { lost, notSent };
  const isReady = async () => {
    try {
      return (await fetch('/health/ready', { cache: 'no-store' })).ok;
    } catch {
      return false;
    }
  };
  const say = text => {
    clearTimeout(hiding);
    words.textContent = text;
    box.hidden = text === '';
    tell();
  };
  const comeBack = async () => {
    if (coming) {
      return;
    }
    coming = true;
    while (!await isReady()) {
      await pause(500);
    }
    window.xenviz?.keepTab();
    try {
      sessionStorage.setItem('xenviz.picture', document.querySelector('.wb')?.outerHTML ?? '');
    } catch {
      // It is larger than what may be kept: the page comes without it.
    }
    location.reload();
  };

  // What was on screen lies over the page until the page has drawn the same again. It is a picture only: a document of its own,
  // where nothing finds it, with the rules that hold at the moment.
  const take = key => {
    const value = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return value;
  };
  const cover = html => {
    const frame = document.createElement('iframe');
    frame.className = 'kept';
    frame.inert = true;
    frame.setAttribute('aria-hidden', 'true');
    document.body.append(frame);
    say(box.dataset.lost);
    const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules].map(rule => rule.cssText)).join('\n');
    const { contentDocument: inner } = frame;
    inner.open();
    inner.write(`<!DOCTYPE html><title></title><style>${rules}</style><body>${html}${box.outerHTML}`);
    inner.close();
    for (const { name, value } of document.documentElement.attributes) {
      inner.documentElement.setAttribute(name, value);
    }
    // It rests: what moved has arrived.
    for (const motion of inner.getAnimations()) {
      if (motion.effect.getComputedTiming().endTime < Infinity) {
        motion.finish();
      }
    }
    return frame;
  };
  const picture = take('xenviz.picture');
  const focus = take('xenviz.focus');
  if (picture) {
    const frame = cover(picture);
    const until = performance.now() + 20000;
    const look = () => {
      const drawn = document.querySelector('[data-testid="scrubber"], [data-testid="problem"]');
      if (!drawn && performance.now() < until) {
        requestAnimationFrame(look);
        return;
      }
      frame.remove();
      say(drawn ? box.dataset.back : '');
      hiding = setTimeout(() => say(''), 4000);
      if (focus) {
        // The name of a tab stands within it.
        const named = document.querySelector(`[data-testid="${CSS.escape(focus)}"]`);
        (named?.closest('[role=tab]') ?? named)?.focus({ preventScroll: true });
      }
    };
    look();
  }

  box.addEventListener('components-reconnect-state-changed', event => {
    switch (event.detail.state) {
      case 'hide':
        say(box.dataset.back);
        hiding = setTimeout(() => say(''), 4000);
        break;
      case 'failed':
      case 'rejected':
      case 'resume-failed':
        say(box.dataset.lost);
        comeBack();
        break;
      default:
        if (![box.dataset.lost, box.dataset.unsent].includes(words.textContent)) {
          say(box.dataset.lost);
        }
    }
  });
})();
