// What needs no server: the byte that is pointed at lights wherever it is shown, arrow keys walk over the objects of a drawing,
// and whatever had the focus before the details were opened gets it back.
window.xenvizDetails = (() => {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const most = 128;
  let opener = null;
  let pinned = false;
  let lit = '';

  // A rule, not classes: it holds for bytes that are drawn later too, and no component loses what it has drawn.
  const light = (mfn, from, length) => {
    const key = `${mfn}:${from}:${length}`;
    if (key === lit) {
      return;
    }
    lit = key;
    // Many bytes are one field, and carry its name.
    const bytes = length > most ? [`[data-of="${key}"]`] : [];
    for (let at = from; at < from + Math.min(length, most); at++) {
      bytes.push(`[data-b="${mfn}:${at}"]`);
    }
    const fields = new Set();
    for (const element of document.querySelectorAll(`[data-f^="${mfn}:"]`)) {
      const [, start, count] = element.dataset.f.split(':').map(Number);
      if (start < from + length && from < start + count) {
        fields.add(`[data-f="${element.dataset.f}"]`);
      }
    }
    sheet.replaceSync(
      `${bytes.join()} { --lit-fill: var(--now); --lit-ink: var(--nowink); }`
      + (fields.size > 0 ? `${[...fields].join()} { --lit-line: var(--ink); --lit-width: 3; }` : ''));
    tellAddresses(mfn, from);
  };
  const dark = () => {
    if (lit) {
      lit = '';
      sheet.replaceSync('');
      for (const cell of document.querySelectorAll('[data-lens] :is([data-lens-offset], [data-lens-base])')) {
        cell.textContent = '';
      }
    }
  };

  const hex = (value, digits = 0) => `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
  const tellAddresses = (mfn, at) => {
    for (const slider of document.querySelectorAll(`[data-lens-mfn="${mfn}"]`)) {
      const lens = slider.closest('section');
      const addresses = [];
      lens.querySelector('[data-lens-offset]').textContent = hex(at, 3);
      for (const cell of lens.querySelectorAll('[data-lens-base]')) {
        const base = cell.dataset.lensBase;
        cell.textContent = base ? hex(BigInt(base) + BigInt(at)) : '–';
        addresses.push(cell.textContent);
      }
      slider.value = at;
      slider.setAttribute('aria-valuetext', `${slider.dataset.say.replace('{0}', hex(at, 3))}: ${addresses.join(', ')}`);
    }
  };

  const placeOf = element => {
    const found = element?.closest?.('[data-b], [data-f]');
    const [mfn, from, length = 1] = (found?.dataset.b ?? found?.dataset.f ?? '').split(':');
    return found ? { mfn, from: Number(from), length: Number(length) } : null;
  };
  const point = event => {
    const place = placeOf(event.target);
    if (place) {
      pinned = false;
      light(place.mfn, place.from, place.length);
    } else if (!pinned) {
      dark();
    }
  };
  document.addEventListener('pointerover', point, { passive: true });
  document.addEventListener('focusin', event => {
    if (placeOf(event.target)) {
      point(event);
    }
    if (event.target.matches('.walks button')) {
      place(event.target);
    }
  });
  document.addEventListener('input', event => {
    const mfn = event.target.dataset?.lensMfn;
    if (mfn) {
      pinned = true;
      light(mfn, Number(event.target.value), 1);
    }
  });

  // The button in focus lies over what is drawn of its object, so that the focus is seen there.
  const place = button => {
    for (const other of button.closest('.walks').querySelectorAll('button')) {
      other.tabIndex = other === button ? 0 : -1;
      if (other !== button) {
        other.removeAttribute('style');
      }
    }
    const scope = button.closest('.walks').parentElement;
    const boxes = [...scope.querySelectorAll(`svg ${button.dataset.over}`)].map(drawn => drawn.getBoundingClientRect());
    const box = boxes.sort((a, b) => b.width * b.height - a.width * a.height)[0];
    const frame = scope.getBoundingClientRect();
    if (box && box.width > 0) {
      button.style.left = `${box.left - frame.left + scope.scrollLeft}px`;
      button.style.top = `${box.top - frame.top + scope.scrollTop}px`;
      button.style.width = `${Math.max(24, box.width)}px`;
      button.style.height = `${Math.max(24, box.height)}px`;
    }
  };
  const walk = event => {
    const button = event.target.closest?.('.walks button');
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!button || !by || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const all = [...button.closest('.walks').querySelectorAll('button')];
    const next = Math.min(all.length - 1, Math.max(0, all.indexOf(button) + by));
    event.preventDefault();
    all[next].focus({ preventScroll: true });
  };
  // A tree is one stop of Tab: up and down, first and last. Left and right are the tree's own.
  const climb = event => {
    const item = event.target.closest?.('[role=treeitem]');
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!item || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === ' ') {
      event.preventDefault();
    }
    if (by) {
      const all = [...item.closest('[role=tree]').querySelectorAll('[role=treeitem]')];
      const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(item) + by))];
      event.preventDefault();
      item.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  };
  // So are the rows and fields of a panel. Of a list that is not all drawn, the items say their places: its first and its last
  // are always there. An arrow leads to the neighbour only: where that is not drawn yet, it waits until it is, and a second arrow
  // meanwhile goes one further. Whatever else takes the focus ends the wait.
  const nth = item => Number(item.closest('[aria-posinset]')?.getAttribute('aria-posinset') ?? NaN);
  const sizeOf = item => Number(item.closest('[aria-setsize]').getAttribute('aria-setsize'));
  let awaited = null;
  const enter = (group, item) => {
    awaited = null;
    item.focus();
    if (group.dataset.roves === 'choose') {
      item.click();
    }
  };
  // Blazor draws what is near once an end of what is drawn comes into sight. Sent from one end of the list to the other before it
  // has answered, it can rest where it was: an end that is touched is looked at again.
  const draw = (group, place, isOver, act) => {
    let patience = performance.now() + 300;
    when(() => {
      const found = isOver() || group.querySelector(`[aria-posinset="${place}"] button`);
      if (!found && performance.now() > patience) {
        patience += 300;
        for (const end of group.querySelectorAll(':scope > li:not([aria-posinset])')) {
          end.dataset.touched = Math.round(patience);
        }
      }
      return found;
    }, found => found === true || act(found));
  };
  const seek = (group, item, place, act = enter) => {
    const mine = awaited = { item, place };
    const top = (place - 1) * item.offsetHeight;
    group.scrollTop = Math.min(top, Math.max(group.scrollTop, top + item.offsetHeight - group.clientHeight));
    draw(group, place, () => awaited !== mine, found => act(group, found));
  };
  document.addEventListener('focusin', event => awaited = awaited?.item === event.target ? awaited : null);
  // The item with the focus may be drawn away while the list catches up: the nearest one holds the focus until its place is drawn
  // again, or the one that was asked for meanwhile.
  const keep = (group, place) => {
    const all = [...group.querySelectorAll('[aria-posinset] button')];
    const aim = Math.min(awaited?.place ?? place, all.length > 0 ? sizeOf(all[0]) : 0);
    const act = awaited ? enter : (_, found) => found.focus();
    const nearest = all.sort((a, b) => Math.abs(nth(a) - aim) - Math.abs(nth(b) - aim))[0];
    nearest?.focus({ preventScroll: true });
    if (nearest) {
      seek(group, nearest, aim, act);
    }
    return Boolean(nearest);
  };
  const rove = event => {
    const group = event.target.closest?.('[data-roves]');
    const item = event.target.closest?.('[data-roves] button');
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!item || !by || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const all = [...group.querySelectorAll('button')];
    const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(item) + by))];
    const aim = (awaited?.item === item ? awaited.place : nth(item)) + by;
    if (Number.isFinite(aim) && aim !== nth(next)) {
      seek(group, item, Math.min(sizeOf(item), Math.max(1, aim)));
    } else if (next !== item) {
      enter(group, next);
      if (!Number.isFinite(by) && nth(next)) {
        draw(group, nth(next) - Math.sign(by), () => document.activeElement !== next, () => { });
      }
    }
  };
  // What has the focus may go: the focus then stays at its place, with what stands there now.
  const reachable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [tabindex="0"], [role=treeitem]';
  let last = null;
  document.addEventListener('focusin', event => {
    const around = [];
    for (let outer = event.target.parentElement; outer && !outer.matches('body, .wb, .cmp, main'); outer = outer.parentElement) {
      around.push({ outer, at: [...outer.querySelectorAll(reachable)].indexOf(event.target) });
    }
    last = { element: event.target, around, group: event.target.closest('[data-roves]'), place: nth(event.target) };
  });
  new MutationObserver(() => {
    if (!last || last.element.isConnected) {
      return;
    }
    const { around, group, place } = last;
    last = null;
    if ((document.activeElement && document.activeElement !== document.body) || (place && group.isConnected && keep(group, place))) {
      return;
    }
    for (const { outer, at } of around.filter(one => one.outer.isConnected)) {
      const all = [...outer.querySelectorAll(reachable)].filter(element => element.getClientRects().length > 0);
      if (all.length > 0) {
        all[Math.min(Math.max(at, 0), all.length - 1)].focus({ preventScroll: true });
        return;
      }
    }
    // Nothing is left of what was around it: the controls are where one goes on, and each page has its heading.
    const home = document.getElementById('controls') ?? document.querySelector('h1');
    home?.setAttribute('tabindex', '-1');
    home?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
  // What is drawn anew knows nothing of where one was: before Tab goes on, each group has one stop.
  const oneStop = () => {
    for (const group of document.querySelectorAll('[data-roves], .walks, [role=tree]')) {
      const items = [...group.querySelectorAll('button, [role=treeitem]')];
      const stops = items.filter(item => item.tabIndex === 0);
      const kept = items.find(item => item === document.activeElement)
        ?? (stops.length === 1 ? stops[0] : items.find(item => item.getAttribute('aria-pressed') === 'true') ?? stops[0] ?? items[0]);
      for (const item of items) {
        item.tabIndex = item === kept ? 0 : -1;
      }
    }
  };
  document.addEventListener('keydown', event => {
    if (event.key === 'Tab') {
      oneStop();
    }
    rove(event);
    walk(event);
    climb(event);
    // What lies over the inspector closes wherever one is; from within, it closes itself.
    const over = document.querySelector(':is(.details, .find, .paths):not(.gallery *)');
    if (event.key === 'Escape' && over && !event.defaultPrevented && !event.target.closest?.('.details, .find, .paths, .mud-dialog')
      && !document.querySelector('.mud-dialog, :popover-open')) {
      over.querySelector(':is([data-testid="details-close"], [data-testid="find-close"], [data-testid="paths-close"])').click();
    }
  }, { capture: true });

  // What is to be shown may be drawn a moment later.
  const when = (find, act) => {
    const until = performance.now() + 3000;
    const look = () => {
      const found = find();
      if (found) {
        act(found);
      } else if (performance.now() < until) {
        requestAnimationFrame(look);
      }
    };
    look();
  };
  // A run that was refused leads to what is wrong with it, unless one has gone on meanwhile.
  document.addEventListener('click', event => {
    const run = event.target.closest?.('[data-testid="scenario-run"]');
    if (run) {
      when(() => document.activeElement !== run || document.querySelector('.mud-dialog [aria-invalid="true"]'), found => {
        if (found !== true) {
          found.focus();
          // What is wrong stands below the field.
          found.closest('.mud-input-control')?.scrollIntoView({ block: 'nearest' });
        }
      });
    }
  });
  const toPane = pane => {
    pane.focus({ preventScroll: true });
    if (pane.getBoundingClientRect().top > innerHeight || pane.getBoundingClientRect().top < 0) {
      pane.scrollIntoView();
    }
  };

  return {
    // From one card to the next it is still what opened the first.
    hold() {
      const now = document.activeElement;
      if (!now?.closest('.details')) {
        opener = now === document.body ? null : now;
      }
    },
    back() {
      const heir = opener?.isConnected ? opener : document.querySelector(`[data-pick="${opener?.dataset.pick}"]`);
      heir?.focus({ preventScroll: true });
      opener = null;
    },
    pane() {
      opener = null;
      when(
        () => document.querySelector('.details') ? null : document.querySelector('.insp .mud-tab-panel:not(.mud-tab-panel-hidden) .pane'),
        toPane);
    },
    show(area, mfn, from, length) {
      opener = null;
      when(() => document.querySelector('.details') ? null : document.querySelector(`.insp [data-testid="bytes-${area}"]`), found => {
        toPane(found.closest('.pane'));
        found.scrollIntoView({ block: 'nearest' });
        pinned = true;
        light(mfn, from, length);
      });
    },
  };
})();
