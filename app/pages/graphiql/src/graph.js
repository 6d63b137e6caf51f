// How this page speaks with the graph: one address, and a token that is kept in memory alone.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';

const CLIENT = 'graphiql/5.4.0';
const url = new URL('../graphql', location.href);
const live = new URL(url);
live.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const headersOf = (token) => ({ 'x-client': CLIENT, ...(token && { Authorization: `Bearer ${token}` }) });

const saved = await (await fetch('./operations.json')).json();

/** The saved operations: { role, name, about, document, variables }. */
export { saved };

/** One of them, by its name. Throws with the house's words where it is refused. */
export async function ask(name, variables, token) {
  const query = saved.find((one) => one.name === name).document;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headersOf(token) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors?.length) throw new Error(errors[0].message);
  const refused = Object.values(data).find((value) => value?.__typename === 'Refused');
  if (refused) throw new Error(refused.reasons.map((reason) => reason.message).join(' '));
  return data;
}

/** What GraphiQL asks with: subscriptions over one graphql-transport-ws socket, all else by POST. */
export function fetcherFor(token) {
  const socket = createClient({
    url: live.href,
    connectionParams: { client: CLIENT, ...(token && { token }) },
    retryAttempts: 0,
  });
  const fetcher = createGraphiQLFetcher({ url: url.href, headers: headersOf(token), wsClient: socket });
  return { fetcher, close: () => void socket.dispose() };
}
