import { Fault, NOT_REACHED, faultOf, languageOf, notReached, patience, rest } from './fault.js';
import { Live } from './live.js';
import { Session } from './session.js';

const TRIES = 4;
/** Nothing was done, or the same key gives the same answer: a moment later it may go. */
const LATER = new Set([NOT_REACHED, 'BUSY', 'TIMED_OUT']);
/** Of an upload: the next ticket goes on where this one stopped. */
const ANEW = new Set(['BUSY', 'UPLOAD_BUSY', 'UPLOAD_SLOW', 'UPLOAD_OFFSET', 'CHECK_AWAY', 'LINK_GONE']);
/** Seconds that are waited for without asking the caller. */
const SOON = 10;

/** The house, as a client sees it, on whatever platform. */
export class Client {
  /** @type {Map<string, string>} What was sent and not answered yet, and the key it went by. */
  #keys = new Map();
  #running = 0;
  /** @type {Array<() => void>} */
  #waiting = [];

  /** @param {import('./contract').Platform<any>} platform @param {import('./contract').Options} options */
  constructor(platform, options) {
    this.#platform = platform;
    this.#options = options;
    const asNobody = (/** @type {any} */ document, /** @type {any} */ variables) => this.#send(document, variables, async () => undefined);
    this.#session = new Session(platform, options, asNobody, (why) => this.#live.changed(why));
    this.#live = new Live(platform, options, this.#session, (document, variables) => this.run(document, variables));
  }

  #platform;
  #options;
  #session;
  #live;

  get signedIn() {
    return this.#session.signedIn;
  }

  /** @param {import('./contract').Tokens | import('./contract').Refusal | null} session */
  signIn(session) {
    return this.#session.enter(session);
  }

  /** @param {any} document */
  async signOut(document) {
    try {
      if (this.signedIn) await this.run(document, {});
    } finally {
      this.#session.leave(null);
    }
  }

  /** @param {any} document @param {any} [variables] @returns {Promise<any>} */
  async run(document, variables = {}) {
    const [attempt, filled] = await this.#keyed(document, variables);
    try {
      const data = await this.#send(document, filled, () => this.#session.token());
      this.#keys.delete(attempt);
      return data;
    } catch (error) {
      // Whoever sends the same again after she heard nothing, or not what came of it, sends it by the same key.
      if (!(error instanceof Fault && (LATER.has(error.code) || error.code === 'INTERNAL'))) this.#keys.delete(attempt);
      throw error;
    }
  }

  /** @param {any} document @param {any} variables @param {any} watcher */
  follow(document, variables, watcher) {
    return this.#live.follow(document, variables, watcher);
  }

  /** @param {any} document @param {import('./contract').Upload<any>} upload @returns {Promise<any>} */
  async upload(document, { kind, contentType, file, progress = () => {} }) {
    const input = { kind, contentType, bytes: await this.#platform.size(file), idempotencyKey: await this.#platform.random() };
    for (let tries = 0; ; tries++) {
      const { createUpload: ticket } = await this.run(document, { input });
      if (ticket.__typename === 'Refused') return ticket;
      if (ticket.file.state === 'READY') return { __typename: 'Uploaded', id: ticket.file.id };
      const said = await this.#sendFile(ticket, input, file, progress);
      if (said?.id) return { __typename: 'Uploaded', id: said.id };
      if (said && !ANEW.has(said.reasons[0].code)) return { __typename: 'Refused', reasons: said.reasons };
      if (tries === TRIES) {
        if (said) return { __typename: 'Refused', reasons: said.reasons };
        throw notReached(this.#options);
      }
      await rest(patience(tries));
      await this.#live.shown();
    }
  }

  close() {
    this.#live.close();
  }

  /** What the house says of the bytes; null where it says nothing. @returns {Promise<any>} */
  async #sendFile(/** @type {any} */ ticket, /** @type {any} */ input, /** @type {any} */ file, /** @type {any} */ progress) {
    const to = {
      url: ticket.url,
      headers: { 'accept-language': languageOf(this.#options) },
      contentType: input.contentType,
      bytes: input.bytes,
      received: ticket.received,
    };
    try {
      const said = JSON.parse((await this.#platform.send(to, file, progress)).text);
      return said.state === 'READY' || said.reasons ? said : null;
    } catch {
      return null;
    }
  }

  /** The variables with an idempotency key, where one is needed. @returns {Promise<[string, any]>} */
  async #keyed(/** @type {any} */ document, /** @type {any} */ variables) {
    if (!document.keyed || variables.input?.idempotencyKey) return ['', variables];
    const attempt = JSON.stringify([document.name, variables]);
    const key = this.#keys.get(attempt) ?? (await this.#platform.random());
    this.#keys.set(attempt, key);
    return [attempt, { ...variables, input: { ...variables.input, idempotencyKey: key } }];
  }

  /** Sends it until there is an answer, or nothing to hope for. @param {() => Promise<string | undefined>} token */
  async #send(/** @type {any} */ document, /** @type {any} */ variables, token) {
    const again = document.kind !== 'mutation' || Boolean(variables.input?.idempotencyKey);
    let renewed = false;
    for (let tries = 0; ; tries++) {
      await this.#live.shown();
      const shownAs = await token();
      try {
        return await this.#once(document, variables, shownAs);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        if (error.code === 'SESSION_ENDED' && shownAs) this.#session.leave(error);
        if (error.code === 'UNAUTHENTICATED' && shownAs && this.#session.renewable && !renewed) {
          renewed = true;
          await this.#session.renew(shownAs);
        } else if (tries + 1 < TRIES && LATER.has(error.code) && again) {
          await rest(patience(tries));
        } else if (tries + 1 < TRIES && error.code === 'RATE_LIMITED' && (error.retryAfter ?? SOON) <= SOON) {
          await rest(1000 * (error.retryAfter ?? 1));
        } else throw error;
      }
    }
  }

  /** By its hash, and with its text where the house does not know that. */
  async #once(/** @type {any} */ document, /** @type {any} */ variables, /** @type {string | undefined} */ token) {
    const extensions = { persistedQuery: { version: 1, sha256Hash: document.hash } };
    const body = { operationName: document.name, variables, extensions };
    try {
      return await this.#post(body, token);
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'PERSISTED_QUERY_NOT_FOUND')) throw error;
      return this.#post({ ...body, query: document.text }, token);
    }
  }

  /** @param {object} body @param {string | undefined} token @returns {Promise<any>} */
  async #post(body, token) {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      'accept-language': languageOf(this.#options),
      'x-client': this.#options.client,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
    const { status, text, date } = await this.#inTurn(() => this.#platform.post(this.#options.url, headers, JSON.stringify(body)));
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      throw notReached(this.#options, status); // a proxy's page
    }
    this.#session.heard(date);
    if (answer.errors) throw faultOf(answer.errors, status, answer.data);
    return answer.data;
  }

  /** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  async #inTurn(act) {
    if (this.#running >= this.#platform.most) await new Promise((turn) => this.#waiting.push(() => turn(null)));
    else this.#running++;
    try {
      return await act();
    } catch {
      throw notReached(this.#options);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
