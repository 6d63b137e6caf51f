// The clock of the house, which the promise runs by. Frames tell it; between them the page counts on.
import { computed, ref } from 'vue';

const ahead = ref(0); // ms by which it is ahead of this device's
const here = ref(Date.now());
setInterval(() => {
  here.value = Date.now();
}, 500);

export const now = computed(() => here.value + ahead.value);

export function hear(serverTime: string): void {
  ahead.value = Date.parse(serverTime) - Date.now();
}

/** `m:ss`, of a span in ms; never below zero. */
export function minutes(span: number): string {
  const seconds = Math.max(0, Math.round(span / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
