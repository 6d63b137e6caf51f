// How a view speaks with the house: by the kit's transport, on a connection and in a session of its own.
import { browser } from '@kit/transport/browser.js';
import { SignOut } from '@kit/documents.js';
import { ref, shallowRef, type ShallowRef } from 'vue';
import { language } from './words';

export const CLIENT = 'demo/1.0.0';
const url = new URL('./graphql', location.href).href;

export type House = ReturnType<typeof browser>;
export interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string;
}
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly field?: string | null;
}
export interface Refused {
  readonly __typename: 'Refused';
  readonly reasons: readonly Reason[];
}

/** A session: `house` while somebody is signed in. Tokens are in memory alone, and go with the page. */
export interface Session {
  readonly house: ShallowRef<House | null>;
  /** A person of the demonstration, by her token. */
  be(token: string): void;
  enter(tokens: Tokens): void;
  leave(): Promise<void>;
}

export function useSession(): Session {
  const house = shallowRef<House | null>(null);
  let brought = false;
  const open = (token?: string): House => {
    house.value?.close();
    const opened = browser({
      url,
      client: CLIENT,
      language: () => language.value,
      token,
      signedOut: () => {
        if (house.value === opened) house.value = null;
      },
    });
    return opened;
  };
  return {
    house,
    be(token) {
      brought = true;
      house.value = open(token);
    },
    enter(tokens) {
      brought = false;
      const opened = open();
      opened.signIn(tokens);
      house.value = opened;
    },
    async leave() {
      const left = house.value;
      house.value = null;
      // A token of the demonstration is others' too: only a session of this page is ended.
      if (left && !brought) await left.signOut(SignOut).catch(() => {});
      left?.close();
    },
  };
}

/** For what anybody may ask. */
export const anybody: House = browser({ url, client: CLIENT, language: () => language.value });

interface Failure {
  readonly code?: string;
  readonly message?: string;
}

const isRefused = (said: unknown): said is Refused =>
  typeof said === 'object' && said !== null && '__typename' in said && said.__typename === 'Refused';

/** One thing that is being done: whether it is under way, and why it was refused. */
export function useDoing() {
  const busy = ref(false);
  const reasons = ref<readonly Reason[]>([]);
  /** What came of it; null where it was refused or failed, and `reasons` say why. */
  async function doing<T>(what: () => Promise<T>): Promise<Exclude<T, Refused | null> | null> {
    if (busy.value) return null;
    busy.value = true;
    reasons.value = [];
    try {
      const said = await what();
      if (!isRefused(said)) return said as Exclude<T, Refused | null>;
      reasons.value = said.reasons;
    } catch (failure) {
      const { code = 'UNREACHABLE', message = '' } = failure as Failure;
      reasons.value = [{ code, message }];
    } finally {
      busy.value = false;
    }
    return null;
  }
  return { busy, reasons, doing };
}

/** Reading what changes meanwhile. Asked while it reads, it reads once more: the news may not be in what is on its way. */
export function useReading() {
  const { reasons, doing } = useDoing();
  let again = false;
  let underWay: Promise<void> | null = null;
  async function overAndOver(read: () => Promise<void>) {
    while (again) {
      again = false;
      await doing(read);
    }
    underWay = null;
  }
  /** Done when what was read is not older than the call. */
  function reading(read: () => Promise<void>): Promise<void> {
    again = true;
    return (underWay ??= overAndOver(read));
  }
  return { reasons, reading };
}
