// Runs the lines that a page of the kit begins with, as they stand there.
// argv: {kit, page, url, answers: {question: answer}, codes: file, login, lines}; ends when so many lines were said.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { online } from './online.js';

const { kit, page, url, answers, codes, login, lines } = JSON.parse(process.argv[2]);
const [, code] = readFileSync(join(kit, page), 'utf8').match(/```js\n(.*?)```/s);
const program = join(kit, '..', `${page}.mjs`);
writeFileSync(program, code.replace('https://law.example/graphql', url));

const phone = online();
phone.code = login;
globalThis.wx = phone.wx;
const kept = new Map();
Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, text) => kept.set(name, text),
  removeItem: (name) => kept.delete(name),
} });
globalThis.ask = async (what) => {
  for (;;) {
    if (answers[what]) return answers[what];
    const came = JSON.parse(readFileSync(codes, 'utf8'))[answers['手机号']];
    if (came) return came;
    await pause(50);
  }
};
const said = [];
console.log = (...words) => {
  said.push(words.join(' '));
  if (said.length < lines) return;
  process.stdout.write(said.join('\n'), () => process.exit(0));
};
await import(program);
