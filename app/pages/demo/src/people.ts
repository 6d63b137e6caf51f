// Who may be chosen in a demonstration, and which lawyers of this page a question may name.
import { reactive } from 'vue';

interface Person {
  readonly role: string;
  readonly number: number;
  readonly token: string;
}

/** Their tokens, the first ones first; none while the city is still being made. */
export async function tokensOf(role: 'RESIDENT' | 'LAWYER'): Promise<string[]> {
  const people: Person[] = await (await fetch('./demo/people.json')).json();
  return people.filter((one) => one.role === role).map((one) => one.token);
}

export interface Guest {
  readonly id: string;
  readonly name: string;
}

/** The lawyers who are signed in on this page. */
export const guests = reactive<Guest[]>([]);

export function come(guest: Guest): void {
  if (!guests.some((one) => one.id === guest.id)) guests.push(guest);
}

export function go(id: string): void {
  const at = guests.findIndex((one) => one.id === id);
  if (at >= 0) guests.splice(at, 1);
}
