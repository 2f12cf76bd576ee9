import { startCompare } from './compare.js';
import { startCreate } from './create.js';
import { $, bindOutputs, showProblem } from './dom.js';
import { startGallery } from './gallery.js';
import { startModels } from './model.js';
import { startProcess } from './process.js';
import { startTheme } from './theme.js';

const Views = ['create', 'compare', 'process', 'gallery'];

// Each view has an address, so that the browser's back button works.
function showView() {
  const wanted = location.hash.replace('#/', '');
  if (wanted === '#main' && document.querySelector('.view:not([hidden])')) return;
  const view = Views.includes(wanted) ? wanted : Views[0];
  for (const name of Views) $(name).hidden = name !== view;
  for (const link of document.querySelectorAll('.views a')) {
    if (link.hash === `#/${view}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${view[0].toUpperCase()}${view.slice(1)} – DiffusionSharp Studio`;
  scrollTo(0, 0);
}

// First of all listeners, so that the others find the view shown.
addEventListener('hashchange', showView);
showView();
startTheme();
bindOutputs();
startCreate();
startCompare();
startProcess();
startGallery();

// Nothing can be drawn before the model is there.
const drawing = document.querySelectorAll('form .primary');
drawing.forEach(button => { button.disabled = true; });
$('status').textContent = 'Loading the model.';
startModels().then(() => {
  drawing.forEach(button => { button.disabled = false; });
  $('status').textContent = '';
  document.body.dataset.ready = 'true';
}, error => {
  $('status').textContent = '';
  showProblem(error);
});
