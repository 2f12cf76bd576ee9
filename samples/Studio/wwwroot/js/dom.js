// Small helpers around the document. Nothing is ever parsed as HTML.
export const $ = id => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// Shows the values of sliders beside them.
export function bindOutputs(root = document) {
  for (const output of root.querySelectorAll('output')) {
    const input = $(output.htmlFor.value);
    const show = () => { output.value = input.dataset.text ?? input.value; };
    input.addEventListener('input', show);
    show();
  }
}

export function setRange(input, { min = input.min, max = input.max, value = input.value, text }) {
  Object.assign(input, { min, max, value });
  if (text === undefined) {
    delete input.dataset.text;
    input.removeAttribute('aria-valuetext');
  } else {
    input.dataset.text = text;
    input.setAttribute('aria-valuetext', text);
  }
  for (const output of document.querySelectorAll(`output[for="${input.id}"]`)) output.value = text ?? input.value;
}

export function showProblem(error) {
  const problem = $('problem');
  problem.hidden = !error;
  problem.textContent = error ? error.message ?? String(error) : '';
  if (error) problem.scrollIntoView({ block: 'nearest' });
}

export const urlOf = blob => URL.createObjectURL(blob);

export async function drawBlob(canvas, blob) {
  const bitmap = await createImageBitmap(blob);
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  bitmap.close();
}

// A canvas of noise, before there is anything else to see.
export function drawNoise(canvas, size = 64) {
  canvas.width = canvas.height = size;
  const context = canvas.getContext('2d');
  const image = context.createImageData(size, size);
  for (let i = 0; i < image.data.length; i += 4) {
    for (let c = 0; c < 3; c++) {
      const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
      image.data[i + c] = 128 + 52 * normal;
    }
    image.data[i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// Moves a slider by itself, unless it is touched.
export function player(button, slider) {
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = 'Play';
  };
  button.addEventListener('click', () => {
    if (timer) return stop();
    if (+slider.value >= +slider.max) slider.value = slider.min;
    button.textContent = 'Pause';
    timer = setInterval(() => {
      if (+slider.value >= +slider.max) return stop();
      slider.value = +slider.value + 1;
      slider.dispatchEvent(new Event('input'));
    }, Math.max(60, 3000 / (+slider.max || 1)));
  });
  slider.addEventListener('pointerdown', stop);
  slider.addEventListener('keydown', stop);
  return stop;
}
