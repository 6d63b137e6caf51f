// What a client writes with the kit; tests/scripts/test_client_kit.py has the compiler read it.
import { AskQuestion, CreateUpload, Home, NoticeNews, QuestionNews, SignOut } from './kit/documents';
import { browser, Fault } from './kit/transport/browser';
import { askForMessages, wechat } from './kit/transport/wechat';

const house = browser({ url: 'https://house.example/graphql', client: 'h5/1.0.0', language: () => 'en' });

export async function first(picture: Blob): Promise<string> {
  const home = await house.run(Home, { signedIn: true, from: '2026-11-01', to: '2026-11-28' });
  const open: number | undefined = home.questions?.nodes.length;
  const file = await house.upload(CreateUpload, { kind: 'PICTURE', contentType: 'image/png', file: picture });
  const attachments = file.__typename === 'Uploaded' ? [file.id] : [];
  const { askQuestion } = await house.run(AskQuestion, {
    input: { body: '…', categoryId: 'id', divisionCode: '419001001', attachments },
  });
  if (askQuestion?.__typename === 'Refused') return askQuestion.reasons.map((reason) => reason.code).join();
  const live: 'query' | 'mutation' | 'subscription' = NoticeNews.kind;
  house.follow(NoticeNews, {}, { frame: (data) => void data.noticeUpdates.__typename });
  const stop: () => void = house.follow(
    QuestionNews,
    { question: 'id' },
    {
      frame({ questionUpdates: told }, { resync }) {
        if (told.__typename === 'QuestionUpdates' && !resync) void told.question.lawyersWriting;
      },
      end: (why) => void (why instanceof Fault ? why.retryAfter : why?.reasons[0]?.field),
    },
  );
  stop();
  await house.signOut(SignOut);
  // @ts-expect-error A variable that is missing is a fault.
  await house.run(Home, { signedIn: true });
  // @ts-expect-error So are all.
  await house.run(Home);
  // @ts-expect-error And a field that was not asked for.
  home.viewer?.standing;
  // @ts-expect-error A mini-program names a file by its path.
  wechat({ url: '', client: 'a/1' }).upload(CreateUpload, { kind: 'PICTURE', contentType: 'image/png', file: picture });
  await askForMessages([{ template: 'REPLY', templateId: 'T' }]);
  return `${askQuestion?.id} ${open} ${live}`;
}
