/** In the browser: takes events from the server and draws what they say. Runs under way come first; of the others the latest few. */
const SHOWN = 12;
const WIDTH = 300;
const runs = new Map();
const byId = (id) => document.getElementById(id);

const source = new EventSource('/events');
source.addEventListener('state', ({ data }) => showState(JSON.parse(data)));
source.addEventListener('run', ({ data }) => {
  const run = JSON.parse(data);
  runs.set(run.id, run);
  drawRuns();
});
source.addEventListener('end', ({ data }) => {
  source.close();
  const { message, report } = JSON.parse(data);
  const end = byId('end');
  end.hidden = false;
  end.textContent = message;
  if (!report) return;
  const link = document.createElement('a');
  link.href = '/report';
  link.textContent = 'Open the report';
  end.append('. ', link);
});

function showState({ done, total, runsDone, runs: all, elapsedSeconds, perSecond, secondsLeft, chip, seed }) {
  byId('all').value = total === 0 ? 0 : Math.min(1, done / total);
  const facts = [
    ['samples', total === 0 ? '–' : `${done} of ${total}`],
    ['runs', `${runsDone} of ${all}`],
    ['now', chip === '' ? '–' : `${chip}, seed ${seed}`],
    ['throughput', perSecond === null ? '–' : `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)} samples/s`],
    ['elapsed', duration(elapsedSeconds)],
    ['left', secondsLeft === null ? '–' : duration(secondsLeft)],
  ];
  byId('facts').replaceChildren(
    ...facts.map(([name, value]) => {
      const part = document.createElement('span');
      const strong = document.createElement('b');
      strong.textContent = value;
      part.dataset.fact = name;
      part.append(`${name} `, strong);
      return part;
    }),
  );
}

function duration(seconds) {
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function drawRuns() {
  const rank = ({ done, total }) => (done < total ? 0 : 1);
  const order = [...runs.values()].sort((a, b) => rank(a) - rank(b) || b.id - a.id);
  byId('runs').replaceChildren(...order.slice(0, SHOWN).map(card));
  const hidden = order.length - SHOWN;
  byId('more').textContent = hidden > 0 ? `and ${hidden} more that have ended` : '';
}

function card({ id, chip, seed, done, total, curve, picture }) {
  const box = document.createElement('div');
  box.className = 'card';
  box.dataset.run = id;
  const title = document.createElement('h3');
  const count = document.createElement('small');
  count.textContent = `${done} of ${total}`;
  title.append(`${chip}, seed ${seed}`, count);
  const bar = document.createElement('progress');
  bar.max = total;
  bar.value = done;
  bar.setAttribute('aria-label', `Progress of ${chip}, seed ${seed}`);
  box.append(title, bar);
  if (curve.samples.length > 1) {
    const last = curve.values[curve.values.length - 1];
    box.append(...figure(`right answers while learning: ${Math.round(100 * last)} % lately`, 110, curvePath(curve, total), 'line'));
  }
  if (picture === undefined) return box;
  const { histogram, raster } = picture;
  box.append(...figure(`weights, ${short(histogram.low)} to ${short(histogram.high)}`, 80, histogramPath(histogram.counts), 'bars'));
  if (raster.neurons > 0 && raster.ticks > 0) {
    box.append(...figure(`spikes of ${raster.neurons} neurons in ${raster.ticks} ticks`, 110, rasterPath(raster), 'dots'));
  }
  return box;
}

const short = (value) => String(Number(value.toPrecision(3)));

/** A heading, and a drawing of one path in a frame. */
function figure(name, height, path, className) {
  const heading = document.createElement('h4');
  heading.textContent = name;
  const svg = shape('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': name });
  svg.append(
    shape('rect', { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, class: 'frame' }),
    shape('path', { d: path(height), class: className }),
  );
  return [heading, svg];
}

function shape(name, attributes) {
  const one = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  return one;
}

const point = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;

function curvePath({ samples, values }, total) {
  return (height) =>
    samples.map((at, k) => `${k === 0 ? 'M' : 'L'}${point((at / total) * WIDTH, height - 2 - values[k] * (height - 4))}`).join('');
}

function histogramPath(counts) {
  const most = Math.max(1, ...counts);
  const width = WIDTH / counts.length;
  return (height) =>
    counts
      .map((count, k) =>
        count === 0
          ? ''
          : `M${point(k * width, height)}v${(-(count / most) * (height - 4)).toFixed(1)}h${(width - 0.5).toFixed(1)}V${height}z`,
      )
      .join('');
}

function rasterPath({ t, i, ticks, neurons }) {
  return (height) => t.map((tick, k) => `M${point((tick / (ticks + 1)) * WIDTH, 3 + ((i[k] + 0.5) / neurons) * (height - 6))}h0`).join('');
}
