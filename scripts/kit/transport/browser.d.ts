import type { House, Options } from './contract';
export { Fault } from './contract';
export type * from './contract';

/** The house for a web page. Files are sent in pieces and go on where they broke off. */
export declare function browser(options: Options): House<Blob>;
