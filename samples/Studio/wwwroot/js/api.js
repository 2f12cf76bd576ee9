// The web API of this server: https://github.com/DiffusionSharp/DiffusionSharp/blob/main/docs/web-api.md
async function call(path, options = {}) {
  const response = await fetch(path, options);
  if (response.ok) return response;
  const text = await response.text();
  let message = text || `The server answered ${response.status}.`;
  try {
    const body = JSON.parse(text);
    message = body.error?.message ?? (typeof body === 'string' ? body : message);
  } catch { /* not JSON, so it is told as it is */ }
  throw new Error(message);
}

const json = body => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export function blobOf(base64, type = 'image/png') {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return new Blob([bytes], { type });
}

export const models = async () => (await (await call('/v1/models')).json()).data;

export const details = async name => (await (await call(`/v1/models/${encodeURIComponent(name)}`)).json()).details;

// The data of server-sent events, as they come.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    for (let end; (end = buffer.indexOf('\n\n')) >= 0; buffer = buffer.slice(end + 2)) {
      const data = buffer.slice(0, end).split('\n').filter(line => line.startsWith('data:')).map(line => line.slice(5)).join('\n');
      if (data) yield JSON.parse(data);
    }
  }
}

// What happens in a generation: { kind: 'progress' | 'preview' | 'picture', ... }. With a picture it is an edit.
export async function* draw(fields, { image, mask, signal } = {}) {
  const wanted = { ...fields, stream: true, progress: true };
  let options = json(wanted);
  if (image) {
    const body = new FormData();
    for (const [name, value] of Object.entries(wanted)) body.append(name, value);
    body.append('image', image, 'image.png');
    if (mask) body.append('mask', mask, 'mask.png');
    options = { method: 'POST', body };
  }
  const response = await call(image ? '/v1/images/edits' : '/v1/images/generations', { ...options, signal });
  for await (const event of events(response)) {
    const type = `image/${event.output_format ?? 'png'}`;
    switch (event.type.split('.').at(-1)) {
      case 'progress': yield { kind: 'progress', step: event.step, steps: event.steps }; break;
      case 'partial_image': yield { kind: 'preview', index: event.image_index, step: event.step, steps: event.steps, blob: blobOf(event.b64_json, type) }; break;
      case 'completed': yield { kind: 'picture', index: event.image_index, seed: event.seed, size: event.size, warnings: event.warnings ?? [], blob: blobOf(event.b64_json, type) }; break;
      case 'error': throw new Error(event.error.message);
    }
  }
}

// What a picture says of how it was made; null where it says nothing.
export async function parameters(blob) {
  const response = await call('/studio/parameters', { method: 'POST', headers: { 'Content-Type': blob.type || 'application/octet-stream' }, body: blob });
  return response.status === 204 ? null : response.json();
}

export async function forward(blob, query, signal) {
  const response = await call(`/studio/forward?${new URLSearchParams(query)}`, { method: 'POST', headers: { 'Content-Type': blob.type }, body: blob, signal });
  return (await response.json()).map(frame => ({ ...frame, blob: blobOf(frame.picture) }));
}

export async function* denoise(wish, signal) {
  for await (const step of events(await call('/studio/denoise', { ...json(wish), signal }))) {
    yield { ...step, noisy: blobOf(step.noisy), clean: blobOf(step.clean) };
  }
}
