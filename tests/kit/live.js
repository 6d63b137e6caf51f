// A question's life between a mini-program and a lawyer's web page, by the kit alone, against a real house.
// argv: {kit, url, session, lawyers: [token], category, picture: path}; says "done" at its end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { online } from './online.js';

const { kit, url, session, lawyers, category, picture } = JSON.parse(process.argv[2]);
const { wechat } = await import(`${kit}/transport/wechat.js`);
const { browser } = await import(`${kit}/transport/browser.js`);
const {
  AskQuestion, ClaimOffer, CreateUpload, Me, MyQuestion, OfferNews, QuestionNews, SignOut, SubmitAnswer,
} = await import(`${kit}/documents.js`);

let sockets = true;
const phone = online(() => sockets);
phone.files.set('wxfile://tmp_1.jpg', readFileSync(picture));
globalThis.wx = phone.wx;

const ended = [];
const asker = wechat({ url, client: 'miniprogram/1.0.0', keep: 'asker', signedOut: (why) => ended.push(why.code) });
await asker.signIn(session);
assert.deepEqual((await asker.run(Me)).viewer.roles, ['RESIDENT']);

const sent = await asker.upload(CreateUpload, { kind: 'PICTURE', contentType: 'image/jpeg', file: 'wxfile://tmp_1.jpg' });
assert.equal(sent.__typename, 'Uploaded', JSON.stringify(sent));
const input = { body: '老板拖欠我三个月工资怎么办', categoryId: category, divisionCode: '419001001', attachments: [sent.id] };
const { askQuestion: asked } = await asker.run(AskQuestion, { input });
assert.equal(asked.__typename, 'Question', JSON.stringify(asked));

/** What somebody who follows something was shown, and a wait for what one looks for. */
function followed(house, document, variables) {
  const frames = [], ways = [];
  let look = () => {};
  const stop = house.follow(document, variables, {
    frame: (data, told) => (frames.push({ ...Object.values(data)[0], ...told }), look()),
    live: (way) => (ways.push(way), look()),
    end: (why) => (ways.push(why?.code ?? 'end'), look()),
  });
  const until = (found) =>
    new Promise((resolve) => {
      look = () => found() && resolve(frames.at(-1));
      look();
    });
  return { frames, ways, stop, until };
}
const question = followed(asker, QuestionNews, { question: asked.id });
const delivered = () => question.frames.at(-1)?.question?.promise.answersDelivered;
await question.until(() => question.frames.length);
assert.deepEqual([question.frames[0].first, question.frames[0].events], [true, []]);

// Lawyers answer from their pages.
async function answers(token, words, attach) {
  const house = browser({ url, client: 'lawyer/1.0.0', token, language: 'en' });
  const offers = followed(house, OfferNews, {});
  const { offers: [offer] } = await offers.until(() => offers.frames.at(-1)?.offers.length);
  const { claimOffer: seat } = await house.run(ClaimOffer, { input: { offerId: offer.id } });
  assert.equal(seat.__typename, 'Seat', JSON.stringify(seat));
  const attachments = attach ? [await attach(house)] : [];
  const content = {
    conclusion: '可以要求支付工资。', basis: [{ law: '劳动合同法', article: '第八十五条' }], nextSteps: ['投诉'], evidence: ['工资条'],
    deadlines: ['一年'], text: words, summary: '先投诉，再仲裁。',
  };
  const { submitAnswer: answer } = await house.run(SubmitAnswer, { input: { seatId: seat.id, content, attachments } });
  assert.equal(answer.__typename, 'Answer', JSON.stringify(answer));
  house.close();
}
const WORDS = [
  '用人单位拖欠工资的，可以先向劳动监察大队投诉，也可以申请仲裁；工资条、考勤记录和聊天记录都是证据，请尽快备份，以免对方删除或者更改。',
  '建议您先收集入职以来的转账记录，请两位同事作证，再到市人社局仲裁院递交申请书，一般四十五天内就会有裁决，不收任何费用；逾期不付的可以申请强制执行。',
  '没有签书面劳动合同的，自用工满一个月起每月支付两倍工资；加上被拖欠的三个月，请一并写入请求，金额按银行流水逐月计算，并附上考勤表。',
];

// A picture of more than one piece goes on where it broke off.
await answers(lawyers[0], WORDS[0], async (house) => {
  const whole = new Blob([readFileSync(picture)]), fetched = globalThis.fetch, ranges = [];
  globalThis.fetch = (to, how) => {
    const range = how.headers['content-range'];
    if (range) ranges.push(range.split('/')[0]);
    if (ranges.length === 2 && range) return Promise.reject(new TypeError('lost'));
    return fetched(to, how);
  };
  const shares = [];
  const upload = { kind: 'PICTURE', contentType: 'image/jpeg', file: whole, progress: (share) => shares.push(share) };
  const got = await house.upload(CreateUpload, upload);
  globalThis.fetch = fetched;
  assert.equal(got.__typename, 'Uploaded', JSON.stringify(got));
  assert.ok(ranges.length >= 3 && ranges[1] === ranges[2] && !ranges[2].startsWith('bytes 0'), String(ranges));
  assert.equal(shares.at(-1), 1);
  return got.id;
});
await question.until(() => delivered() === 1);
assert.equal(question.ways.at(-1), 'socket');

// What comes while the telephone lies in a pocket is told when it is taken out, from the last cursor.
phone.hide();
for (const task of phone.sockets) task.cut?.();
const before = question.frames.length;
await answers(lawyers[1], WORDS[1]);
await pause(300);
assert.equal(question.frames.length, before);
phone.show();
await question.until(() => delivered() === 2);
assert.ok(question.frames[before].events.length > 0);
assert.equal(question.frames[before].first, false);

// And where no socket can be had it is asked for.
sockets = false;
for (const task of phone.sockets) task.cut?.();
await question.until(() => question.ways.at(-1) === 'polling');
const known = question.frames.length;
await answers(lawyers[2], WORDS[2]);
await question.until(() => delivered() === 3);
assert.ok(question.frames.length > known && question.frames.slice(known).every(({ events }) => events.length));
assert.equal((await asker.run(MyQuestion, { question: asked.id })).question.answers.length, 3);
sockets = true;
phone.hide();
phone.show();
await question.until(() => question.ways.at(-1) === 'socket');

// The session is renewed as the house wants it, also where the answer to the first try was lost.
const kept = JSON.parse(phone.stored.get('asker'));
phone.stored.set('asker', JSON.stringify({ ...kept, until: 0 }));
const reached = phone.request;
let lost = 0;
phone.request = async (wanted) => {
  const answer = await reached(wanted);
  if (JSON.parse(wanted.data).operationName === 'RefreshSession' && !lost++) throw new Error('timeout');
  return answer;
};
const later = wechat({ url, client: 'miniprogram/1.0.0', keep: 'asker' });
assert.ok((await later.run(Me)).viewer);
assert.equal(lost, 2);
const renewed = JSON.parse(phone.stored.get('asker'));
assert.notEqual(renewed.refresh, kept.refresh);
assert.ok(renewed.until > Date.now() + 600_000);

// Who signs out on this telephone hears it everywhere on it.
await later.signOut(SignOut);
await question.until(() => question.ways.at(-1) === 'SESSION_ENDED');
assert.deepEqual(ended, ['SESSION_ENDED']);
assert.equal((await later.run(Me)).viewer, null);
later.close();
asker.close();
console.log('done');
process.exit(0);
