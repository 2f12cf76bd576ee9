// The library's subject: a picture dissolves into noise, and another comes out of it.
import * as api from './api.js';
import { drawChart } from './chart.js';
import { $, drawNoise, el, player, setRange, showProblem } from './dom.js';
import { model, without } from './model.js';
import * as store from './store.js';

let frames = [], steps = [], running = null;

export function startProcess() {
  startForward();
  startBack();
}

function startForward() {
  idle($('forward-view'));
  $('forward-form').addEventListener('submit', event => { event.preventDefault(); dissolve(); });
  const redraw = () => { if (!$('process').hidden) drawChart($('forward-chart'), frames, +$('forward-at').value); };
  const stop = player($('forward-play'), $('forward-at'));
  $('forward-at').addEventListener('input', showFrame);
  addEventListener('resize', redraw);
  addEventListener('hashchange', () => { stop(); redraw(); });
  document.addEventListener('themechange', redraw);
  store.onChange(listPictures);
  listPictures();
}

async function listPictures() {
  const select = $('forward-picture');
  const chosen = select.value;
  const pictures = await store.all();
  select.replaceChildren(...pictures.map(picture => el('option', { value: picture.id, textContent: `${picture.title} (${picture.id})` })), el('option', { value: '', textContent: 'a red apple, newly drawn' }));
  if ([...select.options].some(option => option.value === chosen)) select.value = chosen;
}

async function dissolve() {
  if (running) return;
  await work('forward', async signal => {
    const id = +$('forward-picture').value;
    const picture = id ? (await store.all()).find(one => one.id === id).blob : await newPicture(signal);
    frames = await api.forward(picture, { model: model.name, space: $('forward-space').value, frames: 41 }, signal);
    for (const frame of frames) frame.bitmap = await createImageBitmap(frame.blob);
    setRange($('forward-at'), { max: frames.length - 1, value: 0 });
    $('forward-at').disabled = $('forward-play').disabled = $('forward-chart').hidden = false;
    showFrame();
    return `${frames.length} moments, from t = ${frames[0].timestep} to ${frames.at(-1).timestep}.`;
  });
}

async function newPicture(signal) {
  for await (const event of api.draw({ model: model.name, prompt: 'a red apple', seed: 1 }, { signal })) {
    if (event.kind === 'picture') return event.blob;
  }
}

function showFrame() {
  const frame = frames[+$('forward-at').value];
  show($('forward-view'), frame.bitmap);
  setRange($('forward-at'), { text: `t = ${frame.timestep}: ${percent(frame.signal)} picture, ${percent(frame.noise)} noise` });
  drawChart($('forward-chart'), frames, +$('forward-at').value);
}

function startBack() {
  idle($('back-noisy'));
  idle($('back-clean'));
  $('back-prompt').value = 'a red apple';
  $('back-form').addEventListener('submit', event => { event.preventDefault(); draw(); });
  $('back-cancel').addEventListener('click', () => running?.abort());
  const stop = player($('back-play'), $('back-at'));
  $('back-at').addEventListener('input', showStep);
  addEventListener('hashchange', stop);
}

async function draw() {
  if (running) return;
  $('back-strip').replaceChildren();
  steps = [];
  await work('back', async signal => {
    const wish = without({ model: model.name, prompt: $('back-prompt').value.trim(), seed: +$('back-seed').value, steps: +$('back-steps').value, scheduler: $('back-scheduler').value });
    for await (const step of api.denoise(wish, signal)) {
      steps.push({ ...step, noisy: await createImageBitmap(step.noisy), clean: await createImageBitmap(step.clean) });
      addToStrip(steps.length - 1);
      setRange($('back-at'), { max: steps.length - 1, value: steps.length - 1 });
      showStep();
    }
    $('back-at').disabled = $('back-play').disabled = false;
    return `${steps.length} steps.`;
  });
}

function addToStrip(index) {
  const canvas = el('canvas', { ariaHidden: 'true' });
  show(canvas, steps[index].clean);
  $('back-strip').append(el('button', { type: 'button', 'aria-label': `Step ${index + 1}`, onclick: () => { $('back-at').value = index; showStep(); } }, canvas));
}

function showStep() {
  const at = +$('back-at').value;
  const step = steps[at];
  show($('back-noisy'), step.noisy);
  show($('back-clean'), step.clean);
  setRange($('back-at'), { text: `${at + 1} of ${step.count}, t = ${step.timestep}: ${percent(step.noise)} noise before it` });
  [...$('back-strip').children].forEach((button, i) => button.setAttribute('aria-pressed', i === at));
  const strip = $('back-strip');
  strip.scrollLeft = strip.children[at].offsetLeft - strip.offsetLeft - strip.clientWidth / 2;
}

// Runs one thing at a time, and says how it went.
async function work(name, run) {
  showProblem(null);
  running = new AbortController();
  const submit = $(`${name}-form`).querySelector('.primary');
  const cancel = $(`${name}-cancel`);
  submit.disabled = true;
  if (cancel) cancel.hidden = false;
  $(`${name}-status`).textContent = 'Working.';
  try {
    $(`${name}-status`).textContent = await run(running.signal);
  } catch (error) {
    $(`${name}-status`).textContent = running.signal.aborted ? 'Cancelled.' : 'It failed.';
    if (!running.signal.aborted) showProblem(error);
  } finally {
    running = null;
    submit.disabled = false;
    if (cancel) cancel.hidden = true;
  }
}

function idle(canvas) {
  drawNoise(canvas);
  canvas.classList.add('noise');
}

function show(canvas, bitmap) {
  canvas.classList.remove('noise');
  Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
}

const percent = share => `${Math.round(100 * share)} %`;
