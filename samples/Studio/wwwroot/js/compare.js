// One prompt and one seed with several schedulers.
import * as api from './api.js';
import { $, drawNoise, el, showProblem, urlOf } from './dom.js';
import { model, onModel, without } from './model.js';
import * as store from './store.js';

const Usual = ['DDIM', 'Euler', 'Euler a', 'Heun', 'DPM++ 2M', 'DPM++ SDE', 'UniPC', 'LCM'];

let running = null;

export function startCompare() {
  $('compare-prompt').value = 'a red apple';
  $('compare-form').addEventListener('submit', event => { event.preventDefault(); run(); });
  $('compare-cancel').addEventListener('click', () => running?.abort());
  onModel(details => $('compare-schedulers').replaceChildren(...details.schedulers.map(name =>
    el('label', {}, el('input', { type: 'checkbox', value: name, checked: Usual.includes(name) }), name))));
}

async function run() {
  if (running) return;
  const schedulers = [...$('compare-schedulers').querySelectorAll(':checked')].map(box => box.value);
  const wish = { model: model.name, prompt: $('compare-prompt').value.trim(), seed: +$('compare-seed').value, steps: +$('compare-steps').value, partial_images: 8 };
  showProblem(schedulers.length ? null : new Error('Choose at least one scheduler.'));
  if (!schedulers.length) return;
  running = new AbortController();
  setRunning(true);
  const cards = schedulers.map(name => card(name));
  $('compare-cards').replaceChildren(...cards.map(one => one.item));
  try {
    for (const [i, one] of cards.entries()) {
      $('compare-status').textContent = `${one.name}, ${i + 1} of ${cards.length}.`;
      await draw(one, without({ ...wish, scheduler: one.name }));
    }
    $('compare-status').textContent = `${cards.length} schedulers, ${wish.steps} steps, seed ${wish.seed}.`;
  } catch (error) {
    $('compare-status').textContent = running.signal.aborted ? 'Cancelled.' : 'It failed.';
    if (!running.signal.aborted) showProblem(error);
  } finally {
    running = null;
    setRunning(false);
  }
}

function card(name) {
  const picture = el('canvas', { ariaHidden: 'true', className: 'noise' });
  drawNoise(picture);
  picture.style.aspectRatio = `${model.details.width} / ${model.details.height}`;
  const caption = el('figcaption', {}, el('strong', { textContent: name }), el('span', { textContent: 'waits' }));
  return { name, picture, note: caption.lastChild, item: el('li', { className: 'card' }, el('figure', { className: 'print' }, picture, caption)) };
}

async function draw(one, wish) {
  const began = performance.now();
  let calls = 0;
  for await (const event of api.draw(wish, { signal: running.signal })) {
    if (event.kind === 'progress') {
      calls = event.steps;
      one.note.textContent = `${event.step} of ${event.steps}`;
      continue;
    }
    const image = el('img', { alt: `${wish.prompt}, with ${one.name}`, src: urlOf(event.blob) });
    await image.decode();
    if (one.picture.src) URL.revokeObjectURL(one.picture.src);
    one.picture.replaceWith(image);
    one.picture = image;
    if (event.kind === 'picture') {
      one.note.textContent = `${((performance.now() - began) / 1000).toFixed(1)} s · ${calls} ${calls === 1 ? 'call' : 'calls'}`;
      await store.add(event.blob, `${wish.prompt} · ${one.name}`);
    }
  }
}

function setRunning(is) {
  $('compare-cancel').hidden = !is;
  $('compare-form').querySelector('.primary').disabled = is;
  $('compare').setAttribute('aria-busy', is);
}
