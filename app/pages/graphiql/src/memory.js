// What GraphiQL would keep in the browser (documents, variables, headers) goes with the page: the next person at this
// desk finds nothing.
const kept = new Map();

export const memory = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, String(value)),
  removeItem: (name) => void kept.delete(name),
  clear: () => kept.clear(),
  get length() {
    return kept.size;
  },
};
