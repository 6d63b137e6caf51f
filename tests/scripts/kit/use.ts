// What a client writes with the kit; tests/scripts/test_client_kit.py has the compiler read it.
import { AskQuestion, Home, NoticeNews, type TypedDocument } from './kit/documents';

declare function run<Result, Variables>(document: TypedDocument<Result, Variables>, variables: Variables): Promise<Result>;

export async function first(): Promise<string> {
  const home = await run(Home, { signedIn: true, from: '2026-11-01', to: '2026-11-28' });
  const open: number | undefined = home.questions?.nodes.length;
  const { askQuestion } = await run(AskQuestion, {
    input: { body: '…', categoryId: 'id', divisionCode: '419001001', idempotencyKey: 'key' },
  });
  if (askQuestion?.__typename === 'Refused') return askQuestion.reasons.map((reason) => reason.code).join();
  const live: 'query' | 'mutation' | 'subscription' = NoticeNews.kind;
  // @ts-expect-error A variable that is missing is a fault.
  await run(Home, { signedIn: true });
  // @ts-expect-error And a field that was not asked for.
  home.viewer?.standing;
  return `${askQuestion?.id} ${open} ${live}`;
}
