import { RefreshSession } from '../documents/anyone.js';
import { Fault, refusalOf } from './fault.js';

/** Milliseconds before its end at which a token is changed for the next. */
const EARLY = 60_000;
/** A token is believed to be good for so long where the device's clock says otherwise. */
const AT_LEAST = 120_000;

/**
 * @typedef {object} Kept What lies on the device.
 * @property {string} access
 * @property {number} until By the device's clock, in milliseconds.
 * @property {string} refresh
 * @property {string} key Kept with the refresh token: if an answer is lost, the same call gives it again.
 */

/** Who is signed in on this device, and the tokens that say so. */
export class Session {
  /** @type {Kept | null} */
  #kept = null;
  /** @type {Promise<void> | null} */
  #renewing = null;
  /** How far the house's clock is ahead of the device's, in milliseconds. */
  #ahead = 0;

  /**
   * @param {import('./contract').Platform<any>} platform
   * @param {import('./contract').Options} options
   * @param {(document: any, variables: any) => Promise<any>} ask Sends an operation as nobody.
   * @param {(why: Fault | null) => void} changed Somebody else is signed in now, or nobody any more.
   */
  constructor(platform, options, ask, changed) {
    this.#platform = platform;
    this.#options = options;
    this.#ask = ask;
    this.#changed = changed;
    this.#read();
  }

  #platform;
  #options;
  #ask;
  #changed;

  get signedIn() {
    return Boolean(this.#kept ?? this.#options.token);
  }

  /** Whether a token that is not good any more can be changed for one that is. */
  get renewable() {
    return this.#kept !== null;
  }

  /** Milliseconds for which the access token is good. */
  get left() {
    return this.#kept ? this.#kept.until - Date.now() : Infinity;
  }

  /** @param {string | null | undefined} date The header Date of an answer. */
  heard(date) {
    const theirs = Date.parse(date ?? '');
    if (theirs) this.#ahead = theirs - Date.now();
  }

  /** The access token, a new one where its end is near; undefined where nobody is signed in. */
  async token() {
    if (this.#kept && this.left < EARLY) await this.renew(this.#kept.access);
    return this.#kept?.access ?? this.#options.token;
  }

  /** @param {import('./contract').Tokens | import('./contract').Refusal | null} said */
  async enter(said) {
    if (!said || 'reasons' in said) throw refusalOf(said);
    await this.#keep(said);
    this.#changed(null);
  }

  /** @param {Fault | null} why null: by her own wish. */
  leave(why) {
    if (!this.#kept) return;
    this.#write(null);
    this.#changed(why ?? new Fault('SESSION_ENDED', ''));
    if (why) this.#options.signedOut?.(why);
  }

  /** Changes the refresh token for the next pair, unless `stale` was changed already. @param {string} stale */
  renew(stale) {
    this.#renewing ??= this.#alone(stale).finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** @param {string} stale */
  #alone(stale) {
    return this.#platform.alone(`${this.#options.keep ?? ''}/session`, async () => {
      this.#read(); // another page may have been here
      const kept = this.#kept;
      if (!kept || kept.access !== stale) return;
      const input = { refreshToken: kept.refresh, idempotencyKey: kept.key };
      const { refreshSession: got } = await this.#ask(RefreshSession, { input });
      if (got?.__typename === 'Session') await this.#keep(got);
      else this.leave(refusalOf(got));
    });
  }

  /** @param {import('./contract').Tokens} tokens */
  async #keep(tokens) {
    const until = Math.max(Date.parse(tokens.accessTokenExpiresAt) - this.#ahead, Date.now() + AT_LEAST);
    const key = await this.#platform.random();
    this.#write({ access: tokens.accessToken, until, refresh: tokens.refreshToken, key });
  }

  #read() {
    const said = this.#options.keep && this.#platform.read(this.#options.keep);
    if (this.#options.keep) this.#kept = said ? JSON.parse(said) : null;
  }

  /** @param {Kept | null} kept */
  #write(kept) {
    this.#kept = kept;
    if (this.#options.keep) this.#platform.write(this.#options.keep, kept && JSON.stringify(kept));
  }
}

