import { Fault, NOT_REACHED, faultOf, patience } from './fault.js';
import { Socket } from './socket.js';

/** Connections in vain after which news are asked for instead. */
const IN_VAIN = 3;
/** Milliseconds between two questions for news, and between two tries for a socket meanwhile. */
const POLL = 5_000;
const TRY_AGAIN = 60_000;
/** Milliseconds for which a socket that nobody needs is kept: the next page may want one. */
const LINGER = 10_000;
/** Milliseconds within which a token that was renewed for a socket should not be refused. */
const FRESH = 60_000;
/** What an operation is sent again for. */
const LATER = new Set(['RATE_LIMITED', 'BUSY', 'TIMED_OUT', NOT_REACHED]);

/**
 * @typedef {object} Stream One subscription that somebody follows.
 * @property {any} document
 * @property {any} variables
 * @property {import('./contract').Watcher<any>} watcher
 * @property {string} id Of its operation on the socket, "" where it has none.
 * @property {string | undefined} cursor Of its last frame, undefined where frames have none: each is whole in itself.
 * @property {string} last Its last frame, "" before the first.
 * @property {boolean} whole Whether the house must be sent the text.
 * @property {number} tries In vain, one after the other.
 * @property {import('./contract').Way | undefined} way As was last told.
 * @property {ReturnType<typeof setTimeout> | undefined} timer
 */

/** All subscriptions, on one socket; each goes on from its last cursor whenever that is another. */
export class Live {
  /** @type {Set<Stream>} */
  #streams = new Set();
  /** @type {Socket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} Until the next try for a socket. */
  #timer;
  #connecting = false;
  #inVain = 0;
  /** When the token was last renewed because a socket was closed for it. */
  #renewed = -Infinity;
  #polling = false;
  #ids = 0;
  /** When it went to the background; 0 while it is shown. */
  #hidden = 0;
  /** @type {Array<() => void>} */
  #waiting = [];

  /**
   * @param {import('./contract').Platform<any>} platform
   * @param {import('./contract').Options} options
   * @param {import('./session').Session} session
   * @param {(document: any, variables: any) => Promise<any>} run
   */
  constructor(platform, options, session, run) {
    this.#platform = platform;
    this.#options = options;
    this.#session = session;
    this.#run = run;
    this.#unwatch = platform.watch({ hidden: () => this.#hide(), shown: () => this.#show() });
  }

  #platform;
  #options;
  #session;
  #run;
  #unwatch;

  /** @param {any} document @param {any} variables @param {import('./contract').Watcher<any>} watcher */
  follow(document, variables, watcher) {
    /** @type {Stream} */
    const stream = {
      document, variables, watcher, id: '', cursor: undefined, last: '', whole: false, tries: 0, way: undefined, timer: undefined,
    };
    this.#streams.add(stream);
    this.#tell(stream, 'waiting');
    this.#begin(stream);
    this.#connect();
    return () => this.#end(stream);
  }

  /** Resolves at once, unless the page is where requests are interrupted. @returns {Promise<void>} */
  shown() {
    const away = this.#hidden && this.#platform.cutAfter;
    return away ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  /** Somebody else is signed in (null), or nobody any more. @param {Fault | null} why */
  changed(why) {
    this.#renewed = -Infinity;
    this.#drop();
    if (why) this.#endAll(why);
    else this.#connect();
  }

  close() {
    this.#unwatch();
    for (const stream of [...this.#streams]) this.#end(stream);
    this.#drop();
  }

  // The socket -----------------------------------------------------------------------------------------------------

  async #connect() {
    clearTimeout(this.#timer);
    if (this.#socket || this.#connecting || this.#hidden || !this.#streams.size) return;
    this.#connecting = true;
    let token;
    try {
      token = await this.#session.token();
    } catch {
      this.#connecting = false;
      this.#lost({});
      return;
    }
    this.#connecting = false;
    if (this.#hidden || !this.#streams.size) return;
    const owner = {
      ready: () => this.#ready(),
      message: (/** @type {any} */ message) => this.#message(message),
      lost: (/** @type {import('./socket').End} */ end) => this.#lost(end, token),
    };
    this.#socket = new Socket(this.#platform, this.#options, this.#session, owner, token);
  }

  #ready() {
    this.#inVain = 0;
    this.#polling = false;
    for (const stream of this.#streams) this.#begin(stream);
  }

  /** @param {import('./socket').End} end @param {string} [token] */
  #lost(end, token) {
    this.#drop();
    const fault = end.fault;
    if (end.renew && fault && token && this.#session.renewable) {
      // Once: whoever is refused with the new one as well is signed out.
      if (Date.now() - this.#renewed < FRESH) return this.#session.leave(fault);
      const again = () => {
        this.#renewed = Date.now();
        this.#connect();
      };
      this.#session.renew(token).then(again, () => this.#lost({}));
    } else if (fault) {
      if (fault.code === 'SESSION_ENDED' && this.#session.renewable) this.#session.leave(fault);
      else this.#endAll(fault);
    } else if (end.wait !== undefined) {
      this.#timer = setTimeout(() => this.#connect(), end.wait);
    } else {
      const poll = end.poll || ++this.#inVain >= IN_VAIN;
      if (poll && !this.#polling) {
        this.#polling = true;
        for (const stream of this.#streams) this.#begin(stream);
      }
      this.#timer = setTimeout(() => this.#connect(), poll ? TRY_AGAIN : patience(this.#inVain - 1));
    }
  }

  /** Without a socket nothing has an id on it. */
  #drop() {
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
    for (const stream of this.#streams) {
      stream.id = '';
      if (!this.#polling) this.#tell(stream, 'waiting');
    }
  }

  #hide() {
    this.#hidden ||= Date.now();
  }

  #show() {
    const away = this.#hidden ? Date.now() - this.#hidden : 0;
    this.#hidden = 0;
    for (const go of this.#waiting.splice(0)) go();
    if (this.#socket && this.#platform.cutAfter && away >= this.#platform.cutAfter) this.#drop();
    if (this.#socket?.ready) this.#socket.check();
    else {
      this.#inVain = Math.min(this.#inVain, IN_VAIN - 1);
      this.#connect();
    }
  }

  // Streams --------------------------------------------------------------------------------------------------------

  /** By whatever way there is. @param {Stream} stream */
  #begin(stream) {
    clearTimeout(stream.timer);
    if (this.#socket?.ready) {
      stream.id = String(++this.#ids);
      const { name, hash, text } = stream.document;
      const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
      const variables = { ...stream.variables, after: stream.cursor };
      const payload = { operationName: name, variables, extensions, ...(stream.whole ? { query: text } : {}) };
      this.#socket.send({ type: 'subscribe', id: stream.id, payload });
    } else if (this.#polling) this.#poll(stream);
  }

  /** @param {Stream} stream */
  async #poll(stream) {
    const { document, variables, cursor } = stream;
    try {
      const twin = { ...document, ...document.twin, kind: 'query' };
      const data = await this.#run(twin, { ...variables, after: cursor });
      if (!this.#polling || !this.#streams.has(stream)) return;
      this.#tell(stream, 'polling');
      this.#frame(stream, data, cursor);
    } catch (error) {
      if (!(error instanceof Fault && LATER.has(error.code))) return this.#end(stream, /** @type {Fault} */ (error));
      this.#tell(stream, 'waiting');
    }
    if (this.#polling && this.#streams.has(stream)) stream.timer = setTimeout(() => this.#poll(stream), POLL);
  }

  /** @param {any} message */
  #message(message) {
    const stream = [...this.#streams].find(({ id }) => id === message.id);
    if (!stream) return;
    const errors = message.type === 'error' ? message.payload : message.payload?.errors;
    if (errors) this.#fault(stream, faultOf(errors));
    else if (message.type === 'next') {
      this.#tell(stream, 'socket');
      this.#frame(stream, message.payload.data);
    } else if (message.type === 'complete') {
      stream.id = '';
      this.#end(stream, undefined, true);
    }
  }

  /** @param {Stream} stream @param {Fault} fault */
  #fault(stream, fault) {
    this.#complete(stream);
    if (fault.code === 'PERSISTED_QUERY_NOT_FOUND' && !stream.whole) {
      stream.whole = true;
      this.#begin(stream);
    } else if (LATER.has(fault.code)) {
      this.#tell(stream, 'waiting');
      const wait = 1000 * (fault.retryAfter ?? 0) + patience(stream.tries++);
      stream.timer = setTimeout(() => this.#begin(stream), wait);
    } else this.#end(stream, fault);
  }

  /** @param {Stream} stream @param {any} data @param {string} [asked] The cursor that was asked with, of a poll. */
  #frame(stream, data, asked) {
    const [value] = Object.values(data);
    if (value?.reasons) {
      if (value.reasons[0].code !== 'BAD_CURSOR' || !stream.cursor) return this.#end(stream, value);
      stream.cursor = undefined; // of a time before a backup was restored, say: from the beginning
      stream.last = '';
      this.#complete(stream);
      return this.#begin(stream);
    }
    const [first, last] = [!stream.last, JSON.stringify(data)];
    stream.tries = 0;
    if (value?.cursor ? value.cursor === asked && !value.resync : last === stream.last) return; // nothing new
    stream.cursor = value?.cursor;
    stream.last = last;
    stream.watcher.frame(data, { first, resync: Boolean(value?.resync) });
  }

  /** @param {Stream} stream @param {any} [why] @param {boolean} [told] Whether its watcher hears of it, be there a reason or not. */
  #end(stream, why, told = Boolean(why)) {
    if (!this.#streams.delete(stream)) return;
    clearTimeout(stream.timer);
    this.#complete(stream);
    if (!this.#streams.size) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#drop(), LINGER);
    }
    if (told) stream.watcher.end?.(why);
  }

  /** @param {Fault} why */
  #endAll(why) {
    for (const stream of [...this.#streams]) this.#end(stream, why);
  }

  /** @param {Stream} stream */
  #complete(stream) {
    if (stream.id) this.#socket?.send({ type: 'complete', id: stream.id });
    stream.id = '';
  }

  /** @param {Stream} stream @param {import('./contract').Way} way */
  #tell(stream, way) {
    if (stream.way !== way) stream.watcher.live?.(way);
    stream.way = way;
  }
}
