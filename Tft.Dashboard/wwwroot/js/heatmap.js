// The heatmap: ten thousand cells on one canvas. Sliding through the leads asks nobody; the values of all are here.
const states = new WeakMap();
const header = 22, space = 10;

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const rgb = text => {
  const c = document.createElement('canvas').getContext('2d');
  c.fillStyle = text;
  const n = parseInt(c.fillStyle.slice(1), 16);
  return [n >> 16, n >> 8 & 255, n & 255];
};
const mix = (a, b, t) => a.map((v, i) => Math.round(v + (b[i] - v) * t));

function palette() {
  const stops = [rgb(css('--tft-healthy-bg')), rgb(css('--tft-watch-bg')), rgb(css('--tft-warning')), rgb(css('--tft-critical'))];
  const colours = [];
  for (let i = 0; i <= 100; i++) {
    const at = i / 100 * (stops.length - 1), k = Math.min(stops.length - 2, Math.floor(at));
    const c = mix(stops[k], stops[k + 1], at - k);
    const bright = (c[0] * 299 + c[1] * 587 + c[2] * 114) / 1000;
    colours.push([`rgb(${c.join(' ')})`, bright > 140 ? '#1b1b1b' : '#f5f5f5']);
  }
  return colours;
}

// The largest cell with which all groups fit the height; below 7 px the page scrolls instead.
function layout(state) {
  const { data, element } = state;
  const width = Math.max(120, element.clientWidth), room = element.parentElement.clientHeight - 40;
  const counts = data.groups.map((_, g) => data.group.filter(x => x === g).length);
  let size = 96, columns, height;
  for (; size >= 7; size--) {
    columns = Math.max(1, Math.floor(width / size));
    height = counts.reduce((sum, n) => sum + header + Math.ceil(n / columns) * size + space, 0);
    if (height <= room) break;
  }
  const cells = new Float32Array(data.names.length * 2), tops = [];
  let y = 0, i = 0;
  counts.forEach((n, g) => {
    tops.push([y, `${data.groups[g]}  ${n}`]);
    y += header;
    for (let k = 0; k < n; k++, i++) {
      cells[2 * i] = (k % columns) * size;
      cells[2 * i + 1] = y + Math.floor(k / columns) * size;
    }
    y += Math.ceil(n / columns) * size + space;
  });
  Object.assign(state, { size: Math.max(7, size), columns, cells, tops, width, height: y });
}

function paint(state) {
  const { data, element, lead, cells, size } = state;
  const canvas = element.querySelector('canvas'), scale = devicePixelRatio || 1;
  canvas.width = state.width * scale;
  canvas.height = state.height * scale;
  canvas.style.width = `${state.width}px`;
  canvas.style.height = `${state.height}px`;
  const pen = canvas.getContext('2d'), values = data.values[Math.min(lead, data.values.length - 1)], colours = palette();
  pen.scale(scale, scale);
  pen.textBaseline = 'middle';
  pen.fillStyle = css('--tft-dim');
  pen.font = '600 12px system-ui, sans-serif';
  for (const [y, text] of state.tops) pen.fillText(text, 0, y + header / 2);
  pen.textAlign = 'center';
  const small = `${Math.min(12, size * 0.4)}px system-ui, sans-serif`;
  pen.font = small;
  const gap = size > 14 ? 2 : 1, line = css('--tft-line');
  for (let i = 0; i < values.length; i++) {
    const x = cells[2 * i], y = cells[2 * i + 1], v = values[i];
    if (v == null) {
      pen.strokeStyle = line;
      pen.strokeRect(x + 0.5, y + 0.5, size - gap - 1, size - gap - 1);
      continue;
    }
    const [fill, ink] = colours[Math.round(100 * Math.min(1, Math.max(0, (v - data.calm) / (data.full - data.calm))))];
    pen.fillStyle = fill;
    pen.fillRect(x, y, size - gap, size - gap);
    if (size >= 24) {
      const named = size >= 72, middle = x + (size - gap) / 2;
      pen.fillStyle = ink;
      pen.font = named ? '600 20px system-ui, sans-serif' : small;
      pen.fillText(v >= 10 ? v.toFixed(0) : v.toFixed(data.full > 10 ? 0 : 1), middle, y + (size - gap) * (named ? 0.4 : 0.5) + 0.5);
      if (named) {
        pen.font = small;
        pen.fillText(fit(pen, data.names[i], size - gap - 8), middle, y + (size - gap) * 0.72);
      }
    }
  }
}

function fit(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  while (text.length > 1 && pen.measureText(text + '…').width > width) text = text.slice(0, -1);
  return text + '…';
}

function hit(state, event) {
  const box = state.element.querySelector('canvas').getBoundingClientRect();
  const x = event.clientX - box.left, y = event.clientY - box.top, { size, columns, cells, data } = state;
  const column = Math.floor(x / size);
  if (column < 0 || column >= columns) return -1;
  for (let g = state.tops.length - 1; g >= 0; g--) {
    const top = state.tops[g][0] + header;
    if (y < state.tops[g][0]) continue;
    if (y < top) return -1;
    const first = data.group.indexOf(g), i = first + Math.floor((y - top) / size) * columns + column;
    return data.group[i] === g && y < cells[2 * i + 1] + size ? i : -1;
  }
  return -1;
}

function watch(state) {
  const { element } = state;
  const layer = element.querySelector('.tft-layer');
  const tip = document.createElement('div');
  tip.className = 'tft-heat-tip';
  tip.hidden = true;
  layer.append(tip);
  element.addEventListener('pointermove', event => {
    const i = state.data ? hit(state, event) : -1;
    tip.hidden = i < 0;
    element.style.cursor = i < 0 ? '' : 'pointer';
    if (i < 0) return;
    const { data, lead } = state, v = data.values[Math.min(lead, data.values.length - 1)][i];
    tip.textContent = `${data.names[i]}\n${data.groups[data.group[i]]}\n${v == null ? '–' : v} ${data.unit}`;
    tip.style.left = `${Math.min(state.cells[2 * i] + state.size + 4, element.clientWidth - 180)}px`;
    tip.style.top = `${state.cells[2 * i + 1] + state.size}px`;
  });
  element.addEventListener('pointerleave', () => { tip.hidden = true; });
  element.addEventListener('click', event => {
    const i = state.data ? hit(state, event) : -1;
    if (i >= 0) Blazor.navigateTo(`/server?name=${encodeURIComponent(state.data.names[i])}`);
  });
  const again = () => { if (state.data && element.isConnected) { layout(state); paint(state); } };
  new ResizeObserver(again).observe(element.parentElement);
  const theme = new MutationObserver(() => element.isConnected ? again() : theme.disconnect());
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  // The slider is followed while it moves; the address changes when it is let go.
  document.querySelector('[data-heatmap-lead]')?.addEventListener('input', event => {
    state.lead = +event.target.value;
    const text = element.dataset.leads.split('|')[state.lead];
    event.target.previousElementSibling.firstChild.data = text ?? '';
    if (state.data) paint(state);
  });
}

export async function draw(element, source, lead) {
  let state = states.get(element);
  if (!state) {
    states.set(element, state = { element, lead });
    watch(state);
  }
  state.lead = lead;
  const answer = await fetch(source);
  if (!answer.ok) return;
  state.data = await answer.json();
  layout(state);
  paint(state);
}
