import { Client } from './core.js';

export { Fault } from './fault.js';

/** Bytes; a file is kept in multiples of 256 KiB. */
const PIECE = 1 << 20;

/** @type {typeof import('./browser').browser} */
export const browser = (options) => /** @type {any} */ (new Client(platform, options));

/** @type {import('./contract').Platform<Blob>} */
const platform = {
  most: 100,
  cutAfter: 0,

  async post(url, headers, body) {
    // Longer than the house takes for anything.
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) });
    return { status: answer.status, text: await answer.text(), date: answer.headers.get('date') };
  },

  open(url, protocol, ears) {
    const socket = new WebSocket(url, protocol);
    socket.onopen = () => ears.open();
    socket.onmessage = ({ data }) => ears.message(data);
    socket.onclose = ({ code, reason }) => ears.closed(code, reason);
    return { send: (text) => socket.send(text), close: () => socket.close() };
  },

  size: async (file) => file.size,

  async send({ url, headers, contentType, bytes, received }, file, progress) {
    for (let start = received; ; ) {
      const end = Math.min(start + PIECE, bytes);
      const range = start < end ? `${start}-${end - 1}` : '*';
      const answer = await fetch(url, {
        method: 'PUT',
        headers: { ...headers, 'content-type': contentType, 'content-range': `bytes ${range}/${bytes}` },
        body: file.slice(start, end),
      });
      const text = await answer.text();
      start = Number(answer.headers.get('upload-offset') ?? end);
      progress(start / bytes);
      if (!answer.ok || end === bytes) return { status: answer.status, text };
    }
  },

  read: (name) => localStorage.getItem(name),
  write: (name, text) => (text === null ? localStorage.removeItem(name) : localStorage.setItem(name, text)),

  random: async () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join(''),

  alone: (name, act) =>
    globalThis.navigator?.locks ? /** @type {any} */ (navigator.locks.request(name, act)) : act(),

  watch(seen) {
    if (typeof document === 'undefined') return () => {};
    const look = () => (document.visibilityState === 'hidden' ? seen.hidden() : seen.shown());
    const back = () => seen.shown();
    document.addEventListener('visibilitychange', look);
    addEventListener('online', back);
    return () => {
      document.removeEventListener('visibilitychange', look);
      removeEventListener('online', back);
    };
  },
};
