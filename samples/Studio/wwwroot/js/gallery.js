// Pictures that were made here or elsewhere, with what they say of themselves.
import * as api from './api.js';
import { setStart, useSettings } from './create.js';
import { $, el, showProblem, urlOf } from './dom.js';
import { model } from './model.js';
import * as store from './store.js';

const Names = { prompt: 'Prompt', negativePrompt: 'Kept out', seed: 'Seed', steps: 'Steps', sampler: 'Sampler', guidanceScale: 'Guidance', strength: 'Strength' };

let urls = [], shown = null;

export function startGallery() {
  store.onChange(list);
  addEventListener('hashchange', list);
  $('import').addEventListener('change', take);
  $('gallery-clear').addEventListener('click', () => store.clear());
  $('detail-close').addEventListener('click', () => $('detail').close());
  $('detail-delete').addEventListener('click', async () => { await store.remove(shown.picture.id); $('detail').close(); });
  $('detail-reuse').addEventListener('click', () => { $('detail').close(); useSettings(shown.parameters); });
  $('detail-start').addEventListener('click', () => { $('detail').close(); location.hash = '#/create'; setStart(shown.picture.blob); });
  $('detail').addEventListener('click', event => { if (event.target === $('detail')) $('detail').close(); });
  list();
}

async function list() {
  if ($('gallery').hidden) return;
  urls.forEach(url => URL.revokeObjectURL(url));
  urls = [];
  const pictures = await store.all();
  $('gallery-empty').hidden = pictures.length > 0;
  $('gallery-clear').hidden = pictures.length === 0;
  $('gallery-cards').replaceChildren(...pictures.map(picture => {
    const url = urlOf(picture.blob);
    urls.push(url);
    return el('li', { className: 'card' }, el('button', { type: 'button', className: 'open', onclick: () => open(picture) }, el('img', { src: url, alt: '' }), el('span', { textContent: picture.title })));
  }));
}

async function take(event) {
  showProblem(null);
  let count = 0;
  for (const file of event.target.files) {
    try {
      (await createImageBitmap(file)).close();
      const found = await api.parameters(file);
      await store.add(file, found?.prompt || file.name);
      count++;
    } catch (error) {
      showProblem(new Error(`${file.name}: ${error.message}`));
    }
  }
  event.target.value = '';
  $('gallery-status').textContent = `${count} ${count === 1 ? 'picture' : 'pictures'} added.`;
}

async function open(picture) {
  showProblem(null);
  const url = urlOf(picture.blob);
  urls.push(url);
  let found = null;
  try {
    found = await api.parameters(picture.blob);
  } catch (error) {
    showProblem(error);
  }
  shown = { picture, parameters: found };
  $('detail-title').textContent = found?.prompt || picture.title;
  Object.assign($('detail-picture'), { src: url, alt: found?.prompt || picture.title });
  $('detail-list').replaceChildren(...rows(found));
  $('detail-reuse').hidden = !found;
  $('detail-start').hidden = !model.details.reads_pictures;
  Object.assign($('detail-save'), { href: url, download: `${picture.title.replace(/[^\p{L}\p{N}]+/gu, '-')}.${picture.blob.type.split('/')[1] || 'png'}` });
  $('detail').showModal();
}

function rows(found) {
  if (!found) return [el('dt', { textContent: 'Parameters' }), el('dd', { textContent: 'This file says nothing of how it was made.' })];
  const pairs = Object.entries(Names).filter(([key]) => key !== 'prompt' && found[key] !== null && found[key] !== '').map(([key, name]) => [name, found[key]]);
  if (found.width) pairs.push(['Size', `${found.width} × ${found.height}`]);
  pairs.push(...Object.entries(found.other ?? {}));
  return pairs.flatMap(([name, value]) => [el('dt', { textContent: name }), el('dd', { textContent: String(value) })]);
}
