/** What the transports of both platforms have in common. */

/** An operation, and the types of what it gives and takes. */
export interface TypedDocument<Result, Variables> {
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** The role that it is for, or ANYONE. */
  readonly role: string;
  /** SHA-256 of `text`, by which the house knows it. */
  readonly hash: string;
  readonly text: string;
  /** Whether its input has an idempotency key: only then may it be sent again when no answer came. */
  readonly keyed?: boolean;
  /** Of a subscription: the query of the same fields, for who has to poll. */
  readonly twin?: { readonly hash: string; readonly text: string };
  /** For the compiler alone; never there. */
  readonly types?: (variables: Variables) => Result;
}

/** Variables as a caller gives them: the kit fills in `input.idempotencyKey` where it is left out. */
export type Given<Variables> = Variables extends { input: infer Input }
  ? Omit<Variables, 'input'> & { input: Keyless<Input> }
  : Variables;
type Keyless<Input> = Input extends { idempotencyKey: string }
  ? Omit<Input, 'idempotencyKey'> & { idempotencyKey?: string }
  : Input;

/** As `signInWithWechat`, `signInWithSms`, `signInStaff`, `refreshSession` and `bindPhone` give it. */
export interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string;
}

/** One of the reasons of a refusal; `refusalCodes` says what to do about each code. */
export interface Reason {
  readonly code: string;
  /** For people, in their language. */
  readonly message: string;
  readonly field: string | null;
}
export interface Refusal {
  readonly reasons: ReadonlyArray<Reason>;
}
export interface Refused extends Refusal {
  readonly __typename: 'Refused';
}

/**
 * What went wrong with a request as a whole. (A refusal is an answer, and no fault.) `code` is one of `refusalCodes`, or
 * NOT_REACHED: no answer came, and what was asked for may have been done all the same.
 */
export declare class Fault extends Error {
  constructor(code: string, message: string, more?: { retryAfter?: number; status?: number; data?: unknown });
  readonly code: string;
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number;
  readonly status?: number;
  /** What came all the same. */
  readonly data?: unknown;
}

export type Language = 'zh-CN' | 'en';
export interface Options {
  /** Of the graph: https://.../graphql. The socket's address is the same with wss. */
  readonly url: string;
  /** Who is asking, NAME/VERSION in small letters: by it the house counts who still uses what is deprecated. */
  readonly client: string;
  /** Read at each request and each connection; zh-CN where nothing is said. */
  readonly language?: Language | (() => Language);
  /** A name under which the session is kept on the device; without one it goes with the page. */
  readonly keep?: string;
  /** An access token instead of a session, for trying things out: it cannot be renewed. */
  readonly token?: string;
  /** Called once when the session ends otherwise than by `signOut`. */
  signedOut?(why: Fault): void;
}

/** How news come: over the socket, by asking again and again, or not at present. */
export type Way = 'socket' | 'polling' | 'waiting';

export interface Watcher<Result> {
  /** `first`: it tells how things stand. `resync`: it does so anew, drop what you have. */
  frame(data: Result, told: { first: boolean; resync: boolean }): void;
  /** No more frames come: refused, failed, or (undefined) at its end. Not called for who stopped by herself. */
  end?(why: Refused | Fault | undefined): void;
  live?(way: Way): void;
}

export interface Upload<File> {
  /** VOICE, PICTURE or DOCUMENT, as the graph has them. */
  readonly kind: string;
  readonly contentType: string;
  readonly file: File;
  /** From 0 to 1. */
  progress?(share: number): void;
}
export interface Uploaded {
  readonly __typename: 'Uploaded';
  /** For `attachments` and the like. */
  readonly id: string;
}

export interface House<File> {
  readonly signedIn: boolean;
  /** Goes on as whoever this session is of. A refusal that came instead is thrown as a Fault. */
  signIn(session: Tokens | Refusal | null): Promise<void>;
  /** Tells the house (`document` is SignOut), and forgets the session whatever it answers. */
  signOut(document: TypedDocument<unknown, any>): Promise<void>;
  /** Throws Fault. Sent again by itself where that does no harm; refusals are part of the result. */
  run<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...variables: Record<string, never> extends Variables ? [variables?: Given<Variables>] : [variables: Given<Variables>]
  ): Promise<Result>;
  /** Follows a subscription until the function it returns is called. */
  follow<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Given<Variables>,
    watcher: Watcher<Result>,
  ): () => void;
  /** `document` is CreateUpload. Goes on where it broke off. Throws Fault. */
  upload(document: TypedDocument<unknown, any>, upload: Upload<File>): Promise<Uploaded | Refused>;
  /** Ends all that goes on. */
  close(): void;
}

/* What a platform has to offer. ------------------------------------------------------------------------------- */

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The house's clock, as the header Date has it. */
  readonly date?: string | null;
}
export interface Wire {
  send(text: string): void;
  close(): void;
}
export interface Ears {
  open(): void;
  message(text: string): void;
  closed(code: number, reason: string): void;
}
export interface Platform<File> {
  /** Requests at once. */
  readonly most: number;
  /** Milliseconds in the background after which sockets are cut; 0 where they are not. */
  readonly cutAfter: number;
  /** Rejects where no answer came. */
  post(url: string, headers: Record<string, string>, body: string): Promise<Answer>;
  open(url: string, protocol: string, ears: Ears): Wire;
  size(file: File): Promise<number>;
  /** The rest of a file from `received` on, or all of it. */
  send(to: Destination, file: File, progress: (share: number) => void): Promise<Answer>;
  read(name: string): string | null;
  write(name: string, text: string | null): void;
  /** 32 hexadecimal digits that nobody can guess. */
  random(): Promise<string>;
  /** One at a time among all pages that share what is kept. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>;
  /** Tells of the background and of the network's return until the function it returns is called. */
  watch(seen: { hidden(): void; shown(): void }): () => void;
}
export interface Destination {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly contentType: string;
  readonly bytes: number;
  readonly received: number;
}
