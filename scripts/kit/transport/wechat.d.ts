import type { House, Options } from './contract';
export { Fault } from './contract';
export type * from './contract';

/** A file as `wx.chooseMedia` and the recorder give it: its path. */
export type Path = string;

/** The house for a mini-program. */
export declare function wechat(options: Options): House<Path>;

/**
 * Asks for leave to send messages, which WeChat shows only after a tap; at most three templates at once. What it gives
 * is `answers` of `recordSubscriptionConsent`; empty where she said nothing.
 */
export declare function askForMessages(
  templates: ReadonlyArray<{ readonly template: string; readonly templateId: string | null }>,
): Promise<Array<{ template: any; accepted: boolean }>>;
