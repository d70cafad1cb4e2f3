// What a page cannot do without the browser: keys, dragging on the timeline, settings, clipboard, upload, scrolling.
window.xenviz = (() => {
  const keys = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', ' ', '.', '[', ']', 'r', 'R', '?', '/', 'n', 'N',
    '+', '=', '-', 'b', 'B', 'c', 'C', 'i', 'I', 't', 'T',
    '1', '2', '3', '4', '5', '6', '7']);
  // Two runs beside each other take the keys that move a run; those that scroll a page only on the timeline.
  const moving = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', '1', '2', '3', '4', '5', '6', '7']);
  const held = event => document.querySelector('.wb') ? keys.has(event.key)
    : document.querySelector('.cmp') && moving.has(event.key)
      && (event.key === 'ArrowLeft' || event.key === 'ArrowRight' ? !event.target.closest('.cmp-table') : event.target.closest('[role=slider]'));
  const walking = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']);
  const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');
  let page = null;
  let busy = false;
  let tabbed = false;

  const read = name => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  };

  const takeTab = () => {
    const kept = Number(sessionStorage.getItem('xenviz.tab') ?? 0);
    sessionStorage.removeItem('xenviz.tab');
    return Math.max(0, kept);
  };
  const works = () => {
    try {
      const kept = JSON.parse(read('xenviz.works') ?? '[]');
      return Array.isArray(kept) ? kept.filter(work => /^[\w-]{1,64}$/.test(work?.id) && work.link?.startsWith('/?')) : [];
    } catch {
      return [];
    }
  };

  // One call at a time while a key repeats or a pointer moves: what comes meanwhile is replaced by what comes last.
  const tell = async (method, ...values) => {
    if (window.xenvizConnection?.lost()) {
      window.xenvizConnection.notSent();
      return;
    }
    busy = true;
    try {
      await page.invokeMethodAsync(method, ...values);
    } catch {
      // The page is going away, or the connection is being made again.
    } finally {
      busy = false;
    }
  };

  const typing = element => element.isContentEditable || element.matches('textarea, select')
    || (element.matches('input') && !element.matches('[type=radio], [type=checkbox], [type=button]'));

  // Widgets keep the keys that work inside them, but not for having been clicked: who points with a mouse still steps.
  const isKept = (element, key) => typing(element) || (walking.has(key) && element.matches('.picbox'))
    || (walking.has(key) && tabbed && element.closest('[role=tab], [type=radio], [role=menu], [role=listbox], [role=tree]'))
    || (key === ' ' && (element.closest('button, a, summary, input, [role=treeitem]')
      || (tabbed && element.closest('[role=tab], [role=button]'))));

  // What was looked for before is selected when one comes back to it, as in every search: typing replaces it. So is the
  // name that a branch had.
  let opener = null;
  document.addEventListener('focusin', event => {
    if (event.target.matches('.rename input')) {
      event.target.select();
    }
    if (event.target.id === 'find-text') {
      event.target.select();
      const from = event.relatedTarget;
      opener = from?.closest('.find') ? opener : from?.matches('button, a, input, select, [tabindex="0"]') ? from : null;
    }
  });
  // Esc closes the search and keeps what it asks for; a browser would empty the field first.
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && event.target.id === 'find-text') {
      event.preventDefault();
    }
  });

  // The search opens by a key, and who opens it types on: what comes before its field is there goes into it.
  let ahead = null;
  const catchUp = (field, text) => {
    field.focus();
    if (text) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };
  const openFind = () => {
    ahead = '';
    const until = performance.now() + 5000;
    const look = () => {
      const field = document.getElementById('find-text');
      if (field || performance.now() > until) {
        const text = ahead;
        ahead = null;
        if (field) {
          catchUp(field, text);
        }
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  };

  // A panel that opens has the focus with its first picture. Sent for, it would come a way to the server and back later, and take
  // it from who has gone on to a field and types.
  new MutationObserver(changes => {
    for (const { addedNodes } of changes) {
      for (const added of addedNodes) {
        if (added instanceof Element && added.matches('.wb > .find')) {
          added.querySelector('[data-opening]')?.focus({ preventScroll: true });
        }
      }
    }
  }).observe(document.body, { childList: true, subtree: true });

  document.addEventListener('pointerdown', () => {
    tabbed = false;
  }, { capture: true, passive: true });
  document.addEventListener('keydown', event => {
    tabbed ||= event.key === 'Tab';
    if (ahead !== null && event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      ahead += event.key;
      return;
    }
    // A dialog that has just opened does not hold the focus yet: its way out works all the same.
    if (page && event.key === 'Escape' && document.querySelector('.mud-dialog') && !event.target.closest('.mud-dialog')) {
      tell('OnKey', event.key, false);
      return;
    }
    const skip = !page || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || !held(event)
      || document.querySelector('.mud-dialog') || isKept(event.target, event.key);
    if (skip) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (event.key === '/') {
      openFind();
    }
    if (!(event.repeat && busy)) {
      tell('OnKey', event.key, event.shiftKey);
    }
  }, { capture: true });

  document.addEventListener('click', event => {
    const target = document.getElementById(event.target.closest?.('[data-skip]')?.dataset.skip);
    if (target) {
      event.preventDefault();
      event.stopPropagation();
      target.focus();
      target.scrollIntoView();
    }
  }, { capture: true });

  const scrub = (track, event) => {
    const box = track.getBoundingClientRect();
    const fraction = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return tell('OnScrub', track.dataset.scrub, fraction);
  };
  document.addEventListener('pointerdown', event => {
    const track = event.target.closest?.('[data-scrub]');
    if (!track || !page || event.button !== 0) {
      return;
    }
    scrub(track, event);
    if (event.pointerType !== 'mouse') {
      return;
    }
    let last = null;
    const move = moved => {
      if (busy) {
        last = moved;
      } else {
        last = null;
        scrub(track, moved);
      }
    };
    const up = () => {
      document.removeEventListener('pointermove', move);
      if (last) {
        scrub(track, last);
      }
    };
    document.addEventListener('pointermove', move);
    document.addEventListener('pointerup', up, { once: true });
  });

  // Only the picture that the style sheet shows has to be drawn: Pages/Workbench.Wall.cs says how it is drawn.
  const widths = new ResizeObserver(entries => {
    const width = entries.at(-1).contentRect.width;
    if (page && width > 0) {
      page.invokeMethodAsync('OnStageWidth', width).catch(() => { });
    }
  });
  let measured = null;
  const measure = () => {
    const stage = document.querySelector('.wb .stagebox .xv-stage');
    if (stage && stage !== measured) {
      widths.disconnect();
      measured = stage;
      widths.observe(stage);
    }
  };

  // Keeps the marker of the timeline and the row just run in sight, inside their own boxes only.
  const smallest = matchMedia('(max-width: 419.98px)'); // Where css/panels.css has drawings scroll.
  let following = 0;
  const offer = (box, more) => {
    if (more) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute('tabindex');
    }
  };
  const keepInSight = () => {
    // What must be scrolled to be read can be reached by Tab, and only then.
    for (const box of document.querySelectorAll('.cap .said, .cap .why')) {
      offer(box, box.scrollHeight > box.clientHeight + 1);
    }
    if (smallest.matches) {
      for (const box of document.querySelectorAll('.picbox')) {
        offer(box, box.scrollWidth > box.clientWidth + 1);
      }
    }
    measure();
    const scroller = document.querySelector('.tl-scroll');
    const marker = scroller?.querySelector('.here');
    if (marker && scroller.scrollWidth > scroller.clientWidth) {
      const at = marker.getBoundingClientRect().left - scroller.getBoundingClientRect().left;
      scroller.scrollLeft += at - scroller.clientWidth / 2;
    }
    const pane = document.querySelector('.pane');
    const row = pane?.querySelector('[data-current]');
    if (row && pane.scrollHeight > pane.clientHeight) {
      const [inner, outer] = [row.getBoundingClientRect(), pane.getBoundingClientRect()];
      if (inner.top < outer.top || inner.bottom > outer.bottom) {
        pane.scrollTop += inner.top - outer.top - outer.height / 3;
      }
    }
  };

  // The wheel with Ctrl is zoom everywhere; over the timeline it is the timeline's own.
  let turned = 0;
  document.addEventListener('wheel', event => {
    if (!page || !event.ctrlKey || !event.target.closest?.('.wb .tl-track')) {
      return;
    }
    event.preventDefault();
    turned += event.deltaY;
    if (Math.abs(turned) >= 60 && !busy) {
      tell('OnZoom', turned < 0 ? 1 : -1);
      turned = 0;
    }
  }, { passive: false });

  lessMotion.addEventListener('change', () => {
    if (page && document.querySelector('.wb') && !read('xenviz.motion')) {
      tell('OnSystemMotion', lessMotion.matches);
    }
  });

  const send = (file, progress) => new Promise(resolve => {
    const request = new XMLHttpRequest();
    let shown = -1;
    request.open('POST', '/api/images');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', event => {
      const percent = Math.floor(event.loaded / event.total * 100);
      if (percent >= shown + 2) {
        shown = percent;
        progress(percent);
      }
    });
    request.addEventListener('loadend', () => {
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // Not ours: the status alone has to do.
      }
      const message = body.detail ?? '';
      resolve({
        name: file.name, id: request.status >= 200 && request.status < 300 ? body.id ?? null : null, message,
        status: request.status,
      });
    });
    request.send(file);
  });

  // Chromium leaves lines that are measured in em where they were when the letters change their size: drawn anew they are right.
  const redraw = () => {
    for (const drawing of document.querySelectorAll('.tl-pic')) {
      drawing.style.display = 'none';
      drawing.getBoundingClientRect();
      drawing.style.display = '';
    }
  };

  return {
    start(reference) {
      page = reference;
      const theme = document.documentElement.dataset.theme
        ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
      const motion = read('xenviz.motion');
      // The place that is kept for the stage is as wide as the stage will be: its first picture is the right one.
      const stageWidth = document.querySelector('.wb .stagebox > :is(.waiting, .xv-stage)')?.getBoundingClientRect().width;
      return { stageWidth, theme, lessMotion: motion ? motion === 'less' : lessMotion.matches, tab: takeTab(), ...window.xenvizTheme.inspector() };
    },
    // The first call of a method takes the longest: a key that means nothing makes it.
    rehearse() {
      page?.invokeMethodAsync('OnKey', '', false).catch(() => { });
    },
    // A long list is drawn where it is looked at: the place of a hit is known before the hit is there.
    showHit(index) {
      const until = performance.now() + 2000;
      const look = () => {
        const hits = document.querySelector('.find-hits');
        const height = hits?.querySelector('li:has(.hit)')?.offsetHeight ?? 0;
        if (height > 0 && hits.scrollHeight > index * height) {
          hits.scrollTop = index * height;
        } else if (performance.now() < until) {
          requestAnimationFrame(look);
        }
      };
      look();
    },
    // Who walks through them has the one at the position in sight. A list that has the focus stays: what is scrolled away
    // leaves it, and the focus would be lost.
    followHit(index) {
      const hits = document.querySelector('.find-hits');
      const height = hits?.querySelector('li:has(.hit)')?.offsetHeight ?? 0;
      const top = index * height;
      const seen = top >= hits?.scrollTop && top + height <= hits?.scrollTop + hits?.clientHeight;
      if (height > 0 && !seen && !hits.contains(document.activeElement)) {
        hits.scrollTop = Math.max(0, top - height);
      }
    },
    // The open tab outlives a reload that the page does by itself.
    keepTab() {
      const named = document.activeElement?.closest('[data-testid]') === document.activeElement ? document.activeElement
        : document.activeElement?.querySelector('[data-testid]');
      sessionStorage.setItem('xenviz.focus', named?.dataset.testid ?? '');
      const tabs = [...document.querySelectorAll('.insp [role=tab]')];
      sessionStorage.setItem('xenviz.tab', tabs.findIndex(tab => tab.getAttribute('aria-selected') === 'true'));
    },
    // The last works, newest first. Each is a session and the link that makes it again.
    remember(work) {
      const others = works().filter(other => other.id !== work.id);
      write('xenviz.works', JSON.stringify([work, ...others].slice(0, 10)));
    },
    recall(id) {
      return works().find(work => !id || work.id === id) ?? null;
    },
    setTheme(theme) {
      window.xenvizTheme.choose(theme);
      redraw();
      write('xenviz.theme', theme);
    },
    setMotion(less) {
      write('xenviz.motion', less ? 'less' : 'full');
    },
    // What had the focus in there passes it on to the button that brings it back.
    setInspector(shown) {
      const wall = document.documentElement.dataset.theme === 'projector';
      const within = document.activeElement?.closest('.insp');
      window.xenvizTheme.keep(wall, shown);
      window.xenvizTheme.apply();
      redraw();
      if (within && !shown) {
        this.focus('inspector-open');
      }
    },
    focus(id) {
      document.querySelector(`[data-testid="${id}"]`)?.focus();
    },
    // A panel is closed: who was in it goes on where they came from, else with the button that opens it; all others stay where
    // they are.
    leave(id) {
      if (document.activeElement !== document.body && !document.activeElement?.closest('.find, .paths')) {
        return;
      }
      const back = id === 'find' && opener?.isConnected && opener.checkVisibility() ? opener : null;
      opener = null;
      if (back) {
        back.focus({ preventScroll: true });
      } else {
        this.focus(id);
      }
    },
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        return false;
      }
    },
    async upload(id) {
      const file = document.getElementById(id)?.files?.[0];
      return file ? send(file, percent => page.invokeMethodAsync('OnUploadProgress', percent)) : null;
    },
    // Work that is worth keeping comes along, so that it is kept without another way there and back. What is looked at
    // only for the next picture waits for it: asked at once, the browser would lay the page out twice.
    follow(work) {
      if (work) {
        this.remember(work);
      }
      cancelAnimationFrame(following);
      following = requestAnimationFrame(keepInSight);
    },
  };
})();
