// The gallery's pictures, in this browser's own database.
const opening = new Promise((resolve, reject) => {
  const request = indexedDB.open('diffusionsharp-studio', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('pictures', { keyPath: 'id', autoIncrement: true });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function ask(mode, work) {
  const database = await opening;
  return new Promise((resolve, reject) => {
    const request = work(database.transaction('pictures', mode).objectStore('pictures'));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const changes = new EventTarget();
const changed = () => changes.dispatchEvent(new Event('change'));

export const onChange = listener => changes.addEventListener('change', listener);

// Newest first: { id, blob, title }.
export const all = async () => (await ask('readonly', store => store.getAll())).reverse();

export async function add(blob, title) {
  const id = await ask('readwrite', store => store.add({ blob, title, created: Date.now() }));
  changed();
  return id;
}

export async function remove(id) {
  await ask('readwrite', store => store.delete(id));
  changed();
}

export async function clear() {
  await ask('readwrite', store => store.clear());
  changed();
}
