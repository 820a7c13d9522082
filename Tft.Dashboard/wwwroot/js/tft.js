// What only the browser can do: cookies before the next request, the clock beside a time, keys, the crosshair of a chart.
(() => {
  const year = 31536000;
  const cookie = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=${year};samesite=lax`; };

  // Asked by the first interactive render: from then on the page answers.
  function zone() {
    const name = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
    cookie('tft-zone', name);
    document.documentElement.dataset.interactive = 'true';
    return name;
  }

  function keep(theme, utc, cost, name) {
    cookie('tft-theme', theme);
    cookie('tft-utc', utc ? '1' : '0');
    cookie('tft-cost', cost);
    cookie('tft-name', name);
    document.documentElement.dataset.theme = theme;
  }

  const span = seconds => seconds < 60 ? `${seconds} s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
    : seconds < 86400 ? `${Math.floor(seconds / 3600)} h${seconds % 3600 < 60 ? '' : ` ${Math.floor(seconds % 3600 / 60)} min`}`
    : `${Math.floor(seconds / 86400)} d`;

  // The one text node that the server rendered is changed in place: replacing it would take it away from Blazor.
  setInterval(() => {
    for (const element of document.querySelectorAll('time[data-ago]')) {
      const seconds = Math.max(0, Math.round((Date.now() - Date.parse(element.dateTime)) / 1000));
      if (element.firstChild) element.firstChild.data = `${span(seconds)} ago`;
    }
  }, 1000);

  const typing = element => element?.closest?.('input,textarea,select,[contenteditable],fluent-select,fluent-text-field');

  function moveRow(from, step) {
    const rows = [...(from?.closest?.('[data-rows]') ?? document.querySelector('[data-rows]'))?.querySelectorAll('[data-row]') ?? []];
    const at = rows.indexOf(from?.closest?.('[data-row]') ?? from?.querySelector?.('[data-row]'));
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    next?.focus();
    return !!next;
  }

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    if (event.key === 'Escape') {
      if (typing(target)) target.blur?.();
      else document.querySelector('[data-close]')?.click();
      return;
    }
    if (typing(target)) return;
    if (document.querySelector('fluent-dialog:not([hidden])')) return;
    if (event.key === '/') {
      const search = document.querySelector('[data-search]');
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!event.target.closest?.('fluent-tabs,[role=tablist],input') && moveRow(event.target, event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
      return;
    }
    const element = [...document.querySelectorAll('[data-shortcut]')].find(e => e.dataset.shortcut === event.key);
    if (element) { event.preventDefault(); element.click(); }
  });

  document.addEventListener('click', event => {
    const skip = event.target.closest?.('[data-skip]');
    if (skip) { event.preventDefault(); document.getElementById('content')?.focus(); }
    const copy = event.target.closest?.('[data-copy]');
    if (copy) navigator.clipboard?.writeText(location.href).then(() => {
      copy.dataset.copied = 'true';
      setTimeout(() => delete copy.dataset.copied, 1500);
    });
  });

  // Crosshair: the numbers of the chart lie beside it as data, so that moving the pointer asks nobody.
  const charts = new WeakMap();
  function dataOf(plot) {
    const json = plot.dataset.points;
    let known = charts.get(plot);
    if (known?.json !== json) charts.set(plot, known = { json, points: JSON.parse(json) });
    return known.points;
  }

  function readout(plot, clientX) {
    const box = plot.getBoundingClientRect();
    const d = dataOf(plot);
    const from = +plot.dataset.from, to = +plot.dataset.to;
    const at = from + (clientX - box.left) / box.width * (to - from);
    const past = Math.round((at - d.measuredFrom) / d.step), ahead = Math.round((at - d.forecastFrom) / d.step);
    const isAhead = ahead >= 0 || past >= d.measured.length;
    const i = isAhead ? Math.min(d.p50.length - 1, Math.max(0, ahead)) : Math.max(0, past);
    if ((isAhead ? d.p50 : d.measured).length === 0) return;
    const time = isAhead ? d.forecastFrom + i * d.step : d.measuredFrom + i * d.step;
    const number = v => v == null ? '–' : (Math.abs(v) >= 100 ? v.toFixed(0) : v.toFixed(1)) + (d.unit ? ' ' + d.unit : '');
    const day = to - from > 3 * 86400 ? { day: 'numeric', month: 'short' } : {};
    const clock = new Date(time * 1000).toLocaleString('en-GB', { timeZone: d.zone, weekday: 'short', ...day, hour: '2-digit', minute: '2-digit' });
    const lines = isAhead ? [clock, `p90  ${number(d.p90[i])}`, `p50  ${number(d.p50[i])}`, `p10  ${number(d.p10[i])}`] : [clock, number(d.measured[i])];
    if (!isAhead && d.before && d.before50[i] != null) lines.push(`${d.before} before:`, `p90  ${number(d.before90[i])}`, `p50  ${number(d.before50[i])}`, `p10  ${number(d.before10[i])}`);
    const layer = plot.querySelector('.tft-layer');
    let cross = layer.querySelector('.tft-cross');
    if (!cross) {
      cross = document.createElement('div');
      cross.className = 'tft-cross';
      cross.append(document.createElement('span'));
      layer.append(cross);
    }
    const x = (time - from) / (to - from) * 100;
    cross.style.left = `${x}%`;
    cross.classList.toggle('tft-cross-left', x > 70);
    cross.firstChild.textContent = lines.join('\n');
  }

  const clear = () => document.querySelectorAll('.tft-cross').forEach(c => c.remove());
  document.addEventListener('pointermove', event => {
    const plot = event.target.closest?.('.tft-plot[data-points]');
    if (!plot) { clear(); return; }
    document.querySelectorAll('.tft-plot[data-points] .tft-cross').forEach(c => { if (!plot.contains(c)) c.remove(); });
    readout(plot, event.clientX);
  }, { passive: true });

  window.tft = { zone, keep, typing, readout, dataOf };
})();
