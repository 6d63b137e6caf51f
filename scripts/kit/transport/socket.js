import { RenewSocket } from '../documents/anyone.js';
import { Fault, languageOf } from './fault.js';

const PROTOCOL = 'graphql-transport-ws';
/** Milliseconds until a connection must be acknowledged, or what was asked of it answered. */
const PATIENCE = 10_000;
/** Milliseconds of silence after which it is asked whether it still stands. */
const SILENCE = 25_000;
/** Milliseconds before the token's end at which the socket is given the next one. */
const EARLY = 45_000;
const RENEWAL = 'renewal';

/**
 * How a connection ended, and what to do about it: come back after `wait` milliseconds or as usual, with a new token
 * (`renew`), ask again and again instead (`poll`), or give up (`fault`).
 * @typedef {{ wait?: number, renew?: boolean, poll?: boolean, fault?: Fault }} End
 */

/** One connection, from its opening to its end. (The protocol: graphql-ws/PROTOCOL.md.) */
export class Socket {
  /** @type {import('./contract').Wire | null} */
  #wire = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #alarm;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #renewal;
  /** Whether operations may be sent. */
  ready = false;

  /**
   * @param {import('./contract').Platform<any>} platform
   * @param {import('./contract').Options} options
   * @param {import('./session').Session} session
   * @param {{ ready(): void, message(message: any): void, lost(end: End): void }} owner
   * @param {string | undefined} token
   */
  constructor(platform, options, session, owner, token) {
    this.#session = session;
    this.#owner = owner;
    this.#token = token;
    this.#expect(PATIENCE);
    this.#wire = platform.open(options.url.replace(/^http/, 'ws'), PROTOCOL, {
      open: () => {
        const said = { client: options.client, language: languageOf(options) };
        this.send({ type: 'connection_init', payload: { ...said, ...(token ? { token } : {}) } });
      },
      message: (text) => this.#heard(JSON.parse(text)),
      closed: (code, reason) => this.#lost(endOf(code, reason)),
    });
  }

  #session;
  #owner;
  #token;

  /** @param {object} message */
  send(message) {
    this.#wire?.send(JSON.stringify(message));
  }

  /** Whether anybody is there still, and soon: after a while in the background nobody tells. */
  check() {
    this.send({ type: 'ping' });
    this.#expect(3000);
  }

  /** Without telling its owner. */
  close() {
    const wire = this.#wire;
    this.#quit();
    wire?.close();
  }

  /** @param {any} message */
  #heard(message) {
    if (!this.#wire) return;
    clearTimeout(this.#alarm);
    if (this.ready || message.type === 'connection_ack') {
      this.#alarm = setTimeout(() => {
        this.send({ type: 'ping' });
        this.#expect(PATIENCE);
      }, SILENCE);
    } else this.#expect(PATIENCE);
    if (message.type === 'ping') this.send({ type: 'pong', payload: message.payload });
    else if (message.type === 'connection_ack') {
      this.ready = true;
      this.#renewIn(message.payload?.expiresIn * 1000 - EARLY);
      this.#owner.ready();
    } else if (message.id && message.id !== RENEWAL) this.#owner.message(message);
  }

  /** Nobody is cut off in the middle of something because a token ends. @param {number} milliseconds */
  #renewIn(milliseconds) {
    if (!this.#session.renewable || Number.isNaN(milliseconds)) return;
    this.#renewal = setTimeout(async () => {
      try {
        const token = await this.#session.token();
        if (!this.#wire || !token || token === this.#token) return;
        this.#token = token;
        const extensions = { persistedQuery: { version: 1, sha256Hash: RenewSocket.hash } };
        const payload = { operationName: RenewSocket.name, query: RenewSocket.text, extensions };
        this.send({ type: 'subscribe', id: RENEWAL, payload: { ...payload, variables: { input: { accessToken: token } } } });
        this.#renewIn(this.#session.left - EARLY);
      } catch {
        // At its end the house closes it, and we come back with another token.
      }
    }, Math.max(1000, milliseconds));
  }

  /** @param {number} milliseconds */
  #expect(milliseconds) {
    clearTimeout(this.#alarm);
    this.#alarm = setTimeout(() => {
      this.#wire?.close();
      this.#lost({});
    }, milliseconds);
  }

  /** @param {End} end */
  #lost(end) {
    if (!this.#wire) return;
    this.#quit();
    this.#owner.lost(end);
  }

  #quit() {
    this.#wire = null;
    this.ready = false;
    clearTimeout(this.#alarm);
    clearTimeout(this.#renewal);
  }
}

/** What `refusalCodes` says to do. @param {number} code @param {string} reason @returns {End} */
function endOf(code, reason) {
  const [name, seconds] = reason.split(' ');
  const fault = new Fault(name || 'SOCKET_CLOSED', reason);
  switch (code) {
    case 1012: // GOING_AWAY 2.7
      return { wait: 1000 * (Number(seconds) || 5 * Math.random()) };
    case 4401:
    case 4403:
      return name === 'SESSION_ENDED' ? { fault } : { renew: true, fault };
    case 4406: // no such protocol
      return { poll: true };
    case 4429: // TOO_MANY_SOCKETS: the newer ones stay
      return name === 'TOO_MANY_SOCKETS' ? { poll: true } : { fault };
    case 4400:
    case 4409:
      return { fault };
    default: // the network, 4408 among it
      return {};
  }
}
