/** What went wrong with a request as a whole; see contract.d.ts. */
export class Fault extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ retryAfter?: number, status?: number, data?: unknown }} [more]
   */
  constructor(code, message, more = {}) {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.retryAfter = more.retryAfter;
    this.status = more.status;
    this.data = more.data;
  }
}

export const NOT_REACHED = 'NOT_REACHED';
const WORDS = { 'zh-CN': '网络不可用，请稍后再试。', en: 'The service cannot be reached. Please try again.' };

/** @param {import('./contract').Options} options @returns {import('./contract').Language} */
export function languageOf({ language = 'zh-CN' }) {
  return typeof language === 'function' ? language() : language;
}

/** @param {import('./contract').Options} options @param {number} [status] */
export function notReached(options, status) {
  return new Fault(NOT_REACHED, WORDS[languageOf(options)], { status });
}

/** @param {ReadonlyArray<{ message: string, extensions?: any }>} errors @param {number} [status] @param {unknown} [data] */
export function faultOf(errors, status, data) {
  const [{ message, extensions = {} }] = errors;
  return new Fault(extensions.code ?? 'INTERNAL', message, { retryAfter: extensions.retryAfter, status, data });
}

/** @param {import('./contract').Refusal | null} refused */
export function refusalOf(refused) {
  const [{ code, message }] = refused?.reasons ?? [{ code: 'INTERNAL', message: '' }];
  return new Fault(code, message);
}

/** @param {number} milliseconds @returns {Promise<void>} */
export const rest = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** 1, 2, 4 ... 30 seconds, and never all clients at once. @param {number} tries @returns {number} milliseconds */
export const patience = (tries) => Math.min(30_000, 1000 * 2 ** tries) * (0.5 + Math.random() / 2);
