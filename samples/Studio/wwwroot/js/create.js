// Pictures from prompts, pictures and masks.
import * as api from './api.js';
import { $, el, setRange, showProblem } from './dom.js';
import { MaskEditor } from './mask.js';
import { model, randomSeed, without } from './model.js';
import { Stage } from './stage.js';
import * as store from './store.js';

const Ideas = ['a red apple', 'a rocket on a teal background', 'cat face as pixel art', 'a red heart', 'crescent moon', 'a taxi'];
const LargestStart = 1024;

// Pictures are above the form there.
const isNarrow = matchMedia('(max-width: 900px)');

let stage, editor, running = null, start = null;

export function startCreate() {
  stage = new Stage();
  editor = new MaskEditor(showStart);
  $('prompt').value = Ideas[0];
  $('ideas').replaceChildren(...Ideas.map(idea => el('button', { type: 'button', textContent: idea, onclick: () => { $('prompt').value = idea; $('prompt').focus(); } })));
  $('create-form').addEventListener('submit', event => { event.preventDefault(); run(); });
  $('prompt').addEventListener('keydown', event => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) $('create-form').requestSubmit(); });
  $('cancel').addEventListener('click', () => running?.abort());
  $('seed').addEventListener('input', () => { $('seed-random').checked = false; });
  $('format').addEventListener('change', () => { $('quality-field').hidden = $('format').value === 'png'; });
  listenForPictures();
  $('paint').addEventListener('click', () => paint($('editor').hidden));
  $('start-remove').addEventListener('click', () => setStart(null));
  $('create').classList.add('idle');
}

// Takes what a picture was made with, as GenerationParameters has it.
export function useSettings(parameters) {
  $('prompt').value = parameters.prompt;
  $('negative').value = parameters.negativePrompt ?? '';
  if (parameters.steps) setRange($('steps'), { value: parameters.steps });
  if (parameters.guidanceScale) setRange($('guidance'), { value: parameters.guidanceScale });
  if (parameters.seed !== null && parameters.seed !== undefined) {
    $('seed').value = parameters.seed;
    $('seed-random').checked = false;
  }
  if (parameters.width && parameters.height) {
    $('width').value = parameters.width;
    $('height').value = parameters.height;
  }
  useScheduler(parameters.sampler);
  setStart(null);
  location.hash = '#/create';
  $('prompt').focus();
}

// Files may have another of a sampler's names than the list, which the server knows as well.
function useScheduler(name) {
  const select = $('scheduler');
  const isModels = !name || name === model.details.scheduler;
  if (!isModels && ![...select.options].some(option => option.value === name)) select.append(el('option', { value: name, textContent: name }));
  select.value = isModels ? '' : name;
}

// Takes a picture to start from; null for none.
export async function setStart(blob) {
  paint(false);
  start = null;
  if (blob) {
    try {
      start = await scaled(blob);
      editor.show(start);
      showStart();
      showProblem(null);
    } catch {
      start = null;
      showProblem(new Error('This file is no picture that the browser reads.'));
    }
  }
  $('start-set').hidden = !start;
  $('start-file').value = '';
}

function fields() {
  const size = `${$('width').value}x${$('height').value}`;
  const isOwnSize = +$('width').value === model.details.width && +$('height').value === model.details.height;
  return without({
    model: model.name,
    prompt: $('prompt').value.trim(),
    negative_prompt: $('negative').value.trim(),
    n: +$('count').value,
    steps: +$('steps').value,
    guidance_scale: +$('guidance').value,
    seed: +$('seed').value,
    scheduler: $('scheduler').value,
    size: start && isOwnSize ? null : size,
    partial_images: +$('previews').value,
    output_format: $('format').value,
    output_compression: $('format').value === 'png' ? null : +$('quality').value,
    strength: start ? +$('strength').value : null,
  });
}

async function run() {
  if (running) return;
  showProblem(null);
  if ($('seed-random').checked) $('seed').value = randomSeed();
  const wish = fields();
  running = new AbortController();
  const began = performance.now();
  setRunning(true);
  try {
    const picture = start ? { image: await blobOf(start), mask: editor.isEmpty ? null : await editor.toBlob() } : {};
    paint(false);
    if (isNarrow.matches) scrollTo(0, 0);
    stage.begin(wish.n, start?.width ?? +$('width').value, start?.height ?? +$('height').value);
    const warnings = new Set();
    for await (const event of api.draw(wish, { ...picture, signal: running.signal })) {
      if (event.kind === 'progress') {
        $('progress').value = event.step / event.steps;
      } else if (event.kind === 'preview') {
        stage.preview(event.index, event.step, event.steps, event.blob, `${wish.prompt}, coming out of noise`);
      } else {
        event.warnings.forEach(warning => warnings.add(warning));
        await store.add(event.blob, wish.prompt);
        stage.picture(event.index, event.blob, wish.prompt, caption(wish, event));
      }
    }
    stage.end();
    say([`Done in ${((performance.now() - began) / 1000).toFixed(1)} s.`, ...warnings].join(' '));
  } catch (error) {
    const isCancelled = running.signal.aborted;
    say(isCancelled ? 'Cancelled.' : 'It failed.');
    if (!isCancelled) showProblem(error);
    stage.begin(1);
  } finally {
    running = null;
    setRunning(false);
  }
}

function caption(wish, event) {
  const name = `${wish.prompt.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'picture'}-${event.seed}.${wish.output_format}`;
  return [
    el('strong', { textContent: wish.prompt }),
    el('span', { textContent: `seed ${event.seed}` }),
    el('div', { className: 'print-actions' },
      el('a', { className: 'button', textContent: 'Save', href: stage.keep(event.blob), download: name }),
      ...(model.details.reads_pictures ? [el('button', { type: 'button', textContent: 'Start from it', onclick: () => setStart(event.blob).then(() => $('paint').focus()) })] : [])),
  ];
}

function setRunning(is) {
  $('cancel').hidden = !is;
  $('generate').disabled = is;
  $('progress').hidden = !is;
  $('progress').value = 0;
  $('create').classList.remove('idle');
  $('create').setAttribute('aria-busy', is);
  if (is) say('Drawing.');
}

const say = text => { $('status').textContent = text; };

// Opens the mask's editor in place of the pictures, or closes it; the mask stays.
function paint(is) {
  $('paint').setAttribute('aria-pressed', is);
  $('editor').hidden = !is;
  $('wall').hidden = $('under').hidden = is;
  if (is) {
    $('create').classList.remove('idle');
    $('editor').scrollIntoView({ block: 'nearest' });
  }
}

// The picture to start from and its mask, small; what is painted starts from noise alone, unless somebody says otherwise.
function showStart() {
  const isMasked = !editor.isEmpty;
  const thumb = $('start-thumb');
  Object.assign(thumb, { width: start.width, height: start.height });
  const context = thumb.getContext('2d');
  context.drawImage(start, 0, 0);
  context.globalAlpha = .65;
  context.drawImage(editor.mask, 0, 0);
  if (String(isMasked) !== $('start-note').dataset.isMasked) setRange($('strength'), { value: isMasked ? 1 : 0.8 });
  $('start-note').dataset.isMasked = isMasked;
  $('start-note').textContent = isMasked ? 'Only the painted part is drawn anew.' : 'The whole picture is drawn anew, as far as the strength says.';
}

const blobOf = canvas => new Promise(resolve => canvas.toBlob(resolve, 'image/png'));

// As a canvas, no larger than a model needs.
async function scaled(blob) {
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LargestStart / Math.max(bitmap.width, bitmap.height));
  const canvas = el('canvas', { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

function listenForPictures() {
  const drop = $('drop');
  const take = files => {
    const file = [...files ?? []].find(one => one.type.startsWith('image/'));
    if (file && !$('start').disabled && !$('create').hidden) setStart(file);
    return Boolean(file);
  };
  $('start-file').addEventListener('change', event => take(event.target.files));
  for (const type of ['dragenter', 'dragover']) drop.addEventListener(type, event => { event.preventDefault(); drop.classList.add('over'); });
  for (const type of ['dragleave', 'drop']) drop.addEventListener(type, () => drop.classList.remove('over'));
  drop.addEventListener('drop', event => { event.preventDefault(); take(event.dataTransfer.files); });
  document.addEventListener('paste', event => { if (take(event.clipboardData?.files)) event.preventDefault(); });
}
