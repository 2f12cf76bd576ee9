// How much of a picture is left, and how much noise there is, over time; and where we are.
const Margin = { left: 14, right: 14, top: 18, bottom: 26 };

export function drawChart(canvas, points, at) {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth || 640;
  const height = Math.max(120, Math.min(200, width / 3));
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  if (!points.length) return;

  const style = getComputedStyle(document.documentElement);
  const color = name => style.getPropertyValue(name);
  const x = i => Margin.left + (width - Margin.left - Margin.right) * i / Math.max(1, points.length - 1);
  const y = value => height - Margin.bottom - (height - Margin.top - Margin.bottom) * value;
  const curve = (value, paint, line) => {
    context.beginPath();
    points.forEach((point, i) => context.lineTo(x(i), y(value(point))));
    context.strokeStyle = paint;
    context.lineWidth = line;
    context.stroke();
  };

  context.strokeStyle = color('--line');
  context.lineWidth = 1;
  context.strokeRect(Margin.left, Margin.top, width - Margin.left - Margin.right, height - Margin.top - Margin.bottom);
  curve(point => point.noise, color('--edge'), 2.5);
  curve(point => point.signal, color('--accent'), 2.5);

  context.strokeStyle = color('--ink');
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x(at), Margin.top);
  context.lineTo(x(at), height - Margin.bottom);
  context.stroke();
  for (const [value, paint] of [[points[at].signal, color('--accent')], [points[at].noise, color('--edge')]]) {
    context.beginPath();
    context.arc(x(at), y(value), 5, 0, 2 * Math.PI);
    context.fillStyle = paint;
    context.fill();
  }

  context.font = `13px ${style.getPropertyValue('--sans')}`;
  context.textBaseline = 'middle';
  context.fillStyle = color('--accent');
  context.fillText('picture √ᾱ', Margin.left + 10, y(.86));
  context.fillStyle = color('--ink-2');
  context.fillText(`t = ${points[0].timestep}`, Margin.left, height - 11);
  context.textAlign = 'right';
  context.fillText('noise √(1 − ᾱ)', width - Margin.right - 10, y(.86));
  context.fillText(`t = ${points.at(-1).timestep}`, width - Margin.right, height - 11);
}
