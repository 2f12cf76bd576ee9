// Where a picture is drawn anew, painted over it.
import { $ } from './dom.js';

const MostUndos = 30;

// Hardly a picture has it.
const Paint = '#ff2bd6';

export class MaskEditor {
  // What is called after each change.
  constructor(onChange) {
    this.onChange = onChange;
    this.picture = $('editor-picture');
    this.mask = $('editor-mask');
    this.brush = $('brush');
    this.context = this.mask.getContext('2d', { willReadFrequently: true });
    this.undos = [];
    this.isErasing = false;
    this.at = null;
    this.listen();
  }

  get radius() { return +$('brush-size').value / 100 * Math.min(this.mask.width, this.mask.height) / 2; }

  // A picture to paint over, as a canvas.
  show(canvas) {
    for (const own of [this.picture, this.mask]) {
      own.width = canvas.width;
      own.height = canvas.height;
    }
    this.picture.getContext('2d').drawImage(canvas, 0, 0);
    this.undos = [];
    this.at = { x: canvas.width / 2, y: canvas.height / 2 };
  }

  get isEmpty() { return !this.context.getImageData(0, 0, this.mask.width, this.mask.height).data.some((value, i) => i % 4 === 3 && value > 127); }

  // As the web API wants it: transparent where the picture is drawn anew.
  toBlob() {
    const canvas = new OffscreenCanvas(this.mask.width, this.mask.height);
    const context = canvas.getContext('2d');
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.globalCompositeOperation = 'destination-out';
    context.drawImage(this.mask, 0, 0);
    return canvas.convertToBlob({ type: 'image/png' });
  }

  listen() {
    let last = null;
    this.mask.addEventListener('pointerdown', event => {
      this.mask.setPointerCapture(event.pointerId);
      this.remember();
      last = this.moveTo(event);
      this.line(last, last);
    });
    this.mask.addEventListener('pointermove', event => {
      const next = this.moveTo(event);
      if (last) this.line(last, next);
      if (last) last = next;
    });
    const end = () => { last = null; };
    this.mask.addEventListener('pointerup', end);
    this.mask.addEventListener('pointercancel', end);
    this.mask.addEventListener('pointerleave', () => { if (document.activeElement !== this.mask) this.brush.hidden = true; });
    this.mask.addEventListener('focus', () => this.placeBrush());
    this.mask.addEventListener('blur', () => { this.brush.hidden = true; });
    this.mask.addEventListener('keydown', event => this.press(event));
    $('brush-size').addEventListener('input', () => this.placeBrush());
    $('erase').addEventListener('click', () => {
      this.isErasing = !this.isErasing;
      $('erase').setAttribute('aria-pressed', this.isErasing);
    });
    $('undo').addEventListener('click', () => this.undo());
    $('clear').addEventListener('click', () => {
      this.remember();
      this.context.clearRect(0, 0, this.mask.width, this.mask.height);
      this.onChange();
    });
    $('area').addEventListener('change', event => {
      this.fill(event.target.value);
      event.target.value = '';
    });
  }

  press(event) {
    const step = Math.max(1, this.radius / (event.shiftKey ? 4 : 1));
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [0, 0];
    if (dx || dy) {
      const from = this.at;
      this.at = { x: Math.min(this.mask.width, Math.max(0, from.x + dx)), y: Math.min(this.mask.height, Math.max(0, from.y + dy)) };
    } else if (event.key === ' ') {
      if (!event.repeat) this.remember();
      this.line(this.at, this.at);
    } else if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)) {
      this.undo();
    } else {
      return;
    }
    event.preventDefault();
    this.placeBrush();
  }

  moveTo(event) {
    const box = this.mask.getBoundingClientRect();
    this.at = { x: (event.clientX - box.left) / box.width * this.mask.width, y: (event.clientY - box.top) / box.height * this.mask.height };
    this.placeBrush();
    return this.at;
  }

  placeBrush() {
    if (!this.at) return;
    const scale = this.mask.clientWidth / this.mask.width;
    Object.assign(this.brush.style, {
      left: `${this.mask.offsetLeft + this.at.x * scale}px`,
      top: `${this.mask.offsetTop + this.at.y * scale}px`,
      width: `${2 * this.radius * scale}px`,
      height: `${2 * this.radius * scale}px`,
    });
    this.brush.hidden = false;
  }

  line(from, to) {
    this.prepare();
    this.context.lineWidth = 2 * this.radius;
    this.context.lineCap = 'round';
    this.context.beginPath();
    this.context.moveTo(from.x, from.y);
    this.context.lineTo(to.x, to.y);
    this.context.stroke();

    // A line without length is nothing.
    this.context.beginPath();
    this.context.arc(to.x, to.y, this.radius, 0, 2 * Math.PI);
    this.context.fill();
    this.onChange();
  }

  fill(area) {
    const { width, height } = this.mask;
    const boxes = {
      left: [0, 0, width / 2, height],
      right: [width / 2, 0, width / 2, height],
      top: [0, 0, width, height / 2],
      bottom: [0, height / 2, width, height / 2],
      centre: [width / 4, height / 4, width / 2, height / 2],
      all: [0, 0, width, height],
    };
    if (!(area in boxes)) return;
    this.remember();
    this.prepare();
    this.context.fillRect(...boxes[area]);
    this.onChange();
  }

  prepare() {
    this.context.globalCompositeOperation = this.isErasing ? 'destination-out' : 'source-over';
    this.context.strokeStyle = this.context.fillStyle = Paint;
  }

  remember() {
    this.undos.push(this.context.getImageData(0, 0, this.mask.width, this.mask.height));
    if (this.undos.length > MostUndos) this.undos.shift();
  }

  undo() {
    const before = this.undos.pop();
    if (before) this.context.putImageData(before, 0, 0);
    this.onChange();
  }
}
