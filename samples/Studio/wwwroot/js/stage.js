// Where pictures appear, and how they came.
import { $, drawNoise, el, setRange, urlOf } from './dom.js';

export class Stage {
  constructor() {
    this.wall = $('wall');
    this.timeline = $('timeline');
    this.prints = [];
    this.urls = [];
    this.timeline.addEventListener('input', () => this.showFrame(+this.timeline.value));
    this.begin(1);
  }

  // Prints without pictures yet, of a width and height.
  begin(count, width = 1, height = 1) {
    this.urls.forEach(url => URL.revokeObjectURL(url));
    this.urls = [];
    this.prints = Array.from({ length: count }, () => {
      const noise = el('canvas', { ariaHidden: 'true', className: 'noise' });
      drawNoise(noise);
      noise.style.aspectRatio = `${width} / ${height}`;
      const caption = el('figcaption', {}, el('em', { textContent: 'Every picture begins as noise.' }));
      const figure = el('figure', { className: 'print' }, noise, caption);
      return { figure, caption, picture: noise, frames: [] };
    });
    this.wall.classList.toggle('one', count === 1);
    this.wall.replaceChildren(...this.prints.map(print => print.figure));
    $('timeline-field').hidden = true;
  }

  // What the model takes for the picture after a step.
  preview(index, step, steps, blob, alt) {
    const print = this.prints[index];
    print.frames.push({ url: this.keep(blob), text: `step ${step} of ${steps}` });
    this.show(print, print.frames.at(-1).url, alt);
  }

  picture(index, blob, alt, caption) {
    const print = this.prints[index];
    print.frames.push({ url: this.keep(blob), text: 'the picture' });
    this.show(print, print.frames.at(-1).url, alt);
    print.caption.replaceChildren(...caption);
  }

  // Makes the way there a slider.
  end() {
    const most = Math.min(...this.prints.map(print => print.frames.length)) - 1;
    $('timeline-field').hidden = most < 1;
    if (most >= 1) setRange(this.timeline, { min: 0, max: most, value: most, text: this.prints[0].frames[most].text });
  }

  showFrame(at) {
    for (const print of this.prints) this.show(print, print.frames[at].url, print.picture.alt);
    setRange(this.timeline, { text: this.prints[0].frames[at].text });
  }

  show(print, url, alt) {
    if (print.picture.tagName !== 'IMG') {
      const image = el('img', { alt });
      print.picture.replaceWith(image);
      print.picture = image;
    }
    print.picture.src = url;
    print.picture.alt = alt;
  }

  keep(blob) {
    const url = urlOf(blob);
    this.urls.push(url);
    return url;
  }
}
