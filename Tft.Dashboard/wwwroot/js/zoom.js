// A range of a chart, by dragging or by keys. Only its end, a new address, reaches the server.
(() => {
  const least = 3, slack = 5, deepest = 50; // steps of a range, pixels until a press is a drag, ranges to go back to
  const memory = 'tft-zoom';
  const keyed = new WeakMap();
  let drag = null, swallow = false;

  const plotOf = target => target?.closest?.('.tft-plot[data-zoom]');

  function frameOf(plot) {
    const { step, zone } = window.tft.dataOf(plot), d = plot.dataset;
    return { from: +d.from, to: +d.to, earliest: +d.earliest, latest: +d.latest, step, zone };
  }

  const clamp = (v, low, high) => Math.min(Math.max(v, low), high);
  const snap = (time, f) => clamp(Math.round(time / f.step) * f.step, f.from, f.to);
  const timeAt = (plot, x, f) => {
    const box = plot.getBoundingClientRect();
    return snap(f.from + clamp((x - box.left) / box.width, 0, 1) * (f.to - f.from), f);
  };
  const iso = time => new Date(time * 1000).toISOString().slice(0, 19) + 'Z';

  function words(a, b, f) {
    const day = f.to - f.from > 86400 ? { day: 'numeric', month: 'short' } : {};
    const clock = t => new Date(t * 1000).toLocaleString('en-GB', { timeZone: f.zone, ...day, hour: '2-digit', minute: '2-digit' });
    const minutes = Math.round((b - a) / 60), h = Math.floor(minutes / 60), m = minutes % 60;
    return `${clock(a)} – ${clock(b)}  ${h ? `${h} h` : ''}${h && m ? ' ' : ''}${m || !h ? `${m} min` : ''}`;
  }

  // The layer is the browser's own: what is in it, the server does not know.
  function mark(plot, a, b, f) {
    const layer = plot.querySelector('.tft-layer');
    let box = layer.querySelector('.tft-select');
    if (!box) {
      box = document.createElement('div');
      box.className = 'tft-select';
      const text = document.createElement('span');
      text.setAttribute('role', 'status');
      box.append(text);
      layer.append(box);
    }
    const [low, high] = a < b ? [a, b] : [b, a], share = t => (t - f.from) / (f.to - f.from) * 100;
    box.style.left = `${share(low)}%`;
    box.style.width = `${share(high) - share(low)}%`;
    box.classList.toggle('tft-select-none', high - low < least * f.step);
    box.classList.toggle('tft-select-left', share(low) > 60);
    box.firstChild.textContent = words(low, high, f);
  }

  const unmark = () => document.querySelectorAll('.tft-select').forEach(e => e.remove());
  const clear = () => document.querySelectorAll('.tft-select, .tft-cross').forEach(e => e.remove());

  // Ranges to go back to: of this window, of this page and server.
  const place = () => location.pathname + '?' + (new URLSearchParams(location.search).get('name') ?? '');
  const range = () => { const q = new URLSearchParams(location.search); return [q.get('from'), q.get('to')]; };
  const same = (a, b) => a[0] === b[0] && a[1] === b[1];
  function past() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(memory));
      return kept?.place === place() && Array.isArray(kept.ranges) ? kept.ranges : [];
    } catch { return []; }
  }
  const keep = ranges => sessionStorage.setItem(memory, JSON.stringify({ place: place(), ranges: ranges.slice(-deepest) }));

  function go(plot, [from, to]) {
    const address = new URL(plot.dataset.zoom, location.href);
    for (const [name, value] of [['from', from], ['to', to]]) if (value) address.searchParams.set(name, value);
    const focused = document.activeElement === plot;
    clear(); // the crosshair stood on the old axis
    Blazor.navigateTo(address.pathname + address.search);
    if (focused) follow(plot);
  }

  // A page that waits for numbers draws its chart anew: who uses keys stays on it.
  function follow(plot) {
    const content = document.getElementById('content'), label = plot.getAttribute('aria-label');
    const watch = new MutationObserver(() => {
      if (document.activeElement !== document.body && document.activeElement !== content) { if (document.activeElement !== plot) watch.disconnect(); return; }
      const next = [...content.querySelectorAll('.tft-plot[data-zoom][tabindex]')].find(p => p.getAttribute('aria-label') === label);
      if (next) { next.focus(); watch.disconnect(); }
    });
    watch.observe(content, { childList: true, subtree: true });
    setTimeout(() => watch.disconnect(), 20000);
  }

  function show(plot, a, b) {
    const f = frameOf(plot), next = [iso(a), iso(b)];
    if (b - a < least * f.step || same(next, range())) return false;
    keep([...past(), { was: range(), now: next }]);
    go(plot, next);
    return true;
  }

  function back() {
    const plot = document.querySelector('.tft-plot[data-zoom]');
    if (!plot) return false;
    const ranges = past(), last = ranges.pop();
    if (last && same(last.now, range())) {
      keep(ranges);
      go(plot, last.was);
      return true;
    }
    // Somebody went elsewhere meanwhile, or opened a link to a range.
    keep([]);
    if (!document.querySelector('[data-zoom-out]')) return false;
    go(plot, [null, null]);
    return true;
  }

  document.addEventListener('pointerdown', event => {
    swallow = false;
    const plot = plotOf(event.target);
    if (!plot || event.button !== 0 || !event.isPrimary || event.ctrlKey || event.metaKey) return;
    drag = { plot, x: event.clientX, y: event.clientY, id: event.pointerId, from: timeAt(plot, event.clientX, frameOf(plot)), on: false };
  });

  document.addEventListener('pointermove', event => {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.plot.isConnected) { drag = null; unmark(); return; }
    const far = Math.abs(event.clientX - drag.x);
    if (!drag.on) {
      if (far < slack || far < Math.abs(event.clientY - drag.y)) return;
      drag.on = true;
      drag.plot.setPointerCapture(event.pointerId);
    }
    const f = frameOf(drag.plot);
    mark(drag.plot, drag.from, timeAt(drag.plot, event.clientX, f), f);
  }, { passive: true });

  document.addEventListener('pointerup', event => {
    if (!drag || event.pointerId !== drag.id) return;
    const { plot, on, from } = drag;
    drag = null;
    if (!on) return;
    swallow = true;
    unmark();
    if (!plot.isConnected) return;
    const to = timeAt(plot, event.clientX, frameOf(plot));
    show(plot, Math.min(from, to), Math.max(from, to));
  });

  document.addEventListener('pointercancel', () => { if (drag) { drag = null; unmark(); } });

  // A small chart is a link: a drag over it is no click on it, and drags no link away.
  document.addEventListener('click', event => {
    if (swallow && plotOf(event.target)) { event.preventDefault(); event.stopPropagation(); }
    swallow = false;
  }, true);
  document.addEventListener('dragstart', event => { if (plotOf(event.target) || event.target.querySelector?.('.tft-plot[data-zoom]')) event.preventDefault(); });
  document.addEventListener('dblclick', event => { const plot = plotOf(event.target); if (plot && !plot.closest('a')) back(); });

  function read(plot, f, at) {
    const box = plot.getBoundingClientRect();
    window.tft.readout(plot, box.left + (at - f.from) / (f.to - f.from) * box.width);
  }

  function key(plot, event) {
    const f = frameOf(plot), state = keyed.get(plot) ?? { at: snap((f.from + f.to) / 2, f), anchor: null };
    keyed.set(plot, state);
    state.at = snap(state.at, f);
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -Infinity, End: Infinity };
    if (event.key in moves) {
      if (event.shiftKey) state.anchor ??= state.at;
      else state.anchor = null;
      const to = state.at + moves[event.key] * f.step;
      state.at = to <= f.from ? f.from : to >= f.to ? f.to : snap(to, f);
      if (state.anchor === null) unmark();
      else mark(plot, state.anchor, state.at, f);
      read(plot, f, state.at);
      return true;
    }
    if (event.key === 'Enter' && state.anchor !== null) {
      const [a, b] = [Math.min(state.anchor, state.at), Math.max(state.anchor, state.at)];
      if (show(plot, a, b)) state.anchor = null;
      return true;
    }
    if (event.key === 'Escape' && state.anchor !== null) {
      state.anchor = null;
      unmark();
      return true;
    }
    if (event.key === '+' || event.key === '=' || event.key === '-') {
      const length = (f.to - f.from) * (event.key === '-' ? 2 : 0.5);
      const low = event.key === '-' ? f.earliest : f.from, high = event.key === '-' ? f.latest : f.to;
      const grid = t => Math.round(t / f.step) * f.step;
      const from = grid(clamp((event.key === '-' ? (f.from + f.to) / 2 : state.at) - length / 2, low, Math.max(low, high - length)));
      const to = Math.min(grid(from + length), Math.max(high, f.to));
      state.anchor = null;
      show(plot, from, to);
      return true;
    }
    return false;
  }

  // Before the page's own keys: what is used here is used up.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    if (window.tft.typing(target) || document.querySelector('fluent-dialog:not([hidden])')) return;
    if (event.key === 'Escape' && drag) {
      swallow = drag.on;
      drag = null;
      unmark();
      event.preventDefault();
      return;
    }
    const plot = target.matches?.('.tft-plot[data-zoom][tabindex]') ? target : null;
    if (plot ? key(plot, event) : false) event.preventDefault();
    else if (event.key === 'Escape' && !document.querySelector('[data-close]') && back()) event.preventDefault();
  }, true);

  document.addEventListener('focusout', event => {
    const plot = plotOf(event.target);
    if (plot && event.target === plot) {
      keyed.delete(plot);
      if (!drag) plot.querySelectorAll('.tft-select, .tft-cross').forEach(e => e.remove());
    }
  });
})();
