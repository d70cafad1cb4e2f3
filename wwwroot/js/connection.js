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
    location.reload();
  };

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
