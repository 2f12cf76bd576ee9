// The model that everything here is drawn with, and what it takes where nothing is said.
import * as api from './api.js';
import { $, el, setRange } from './dom.js';

export const model = { name: '', details: null };

const listeners = [];
export const onModel = listener => listeners.push(listener);

export async function startModels() {
  const select = $('model');
  select.replaceChildren(...(await api.models()).map(known => el('option', { value: known.id, textContent: known.id })));
  select.addEventListener('change', () => choose(select.value));
  await choose(select.value);
}

async function choose(name) {
  const details = await api.details(name);
  Object.assign(model, { name, details });
  for (const id of ['steps', 'back-steps', 'compare-steps']) setRange($(id), { value: Math.min($(id).max, id === 'steps' ? details.steps : $(id).value) });
  setRange($('guidance'), { value: details.guidance_scale });
  for (const [id, value] of [['width', details.width], ['height', details.height]]) {
    Object.assign($(id), { min: details.size_multiple, step: details.size_multiple, max: 8 * value, value });
  }
  for (const id of ['scheduler', 'back-scheduler']) {
    $(id).replaceChildren(el('option', { value: '', textContent: `${details.scheduler} (the model's)` }), ...details.schedulers.map(known => el('option', { value: known, textContent: known })));
  }
  $('start').disabled = !details.reads_pictures;
  listeners.forEach(listener => listener(details));
}

// What is sent of the form: only what was said.
export function without(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null && value !== undefined));
}

export const randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] >>> 1;
