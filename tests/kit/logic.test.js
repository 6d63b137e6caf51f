// What the transport does when things go wrong, on a simulated telephone whose clock is turned by hand.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Phone } from './phone.js';

const { wechat, askForMessages, Fault } = await import(`${process.env.KIT}/transport/wechat.js`);
const { AskQuestion, CreateUpload, Me, QuestionNews, RecordNews, ResolveQuestion, SignOut } = await import(`${process.env.KIT}/documents.js`);

const URL = 'https://house.example/graphql';
const OK = { statusCode: 200, header: {} };
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};
const seconds = async (count) => {
  for (let second = 0; second < count; second++) {
    mock.timers.tick(1000);
    await settle();
  }
};
const gives = (data) => ({ ...OK, data: JSON.stringify({ data }) });
const fails = (code, more = {}, statusCode = 200) => ({
  ...OK, statusCode, data: JSON.stringify({ errors: [{ message: code, extensions: { code, ...more } }] }),
});
const session = (number, lasts = 900) => ({
  accessToken: `access ${number}`,
  refreshToken: `refresh ${number}`,
  accessTokenExpiresAt: new Date(Date.now() + 1000 * lasts).toISOString(),
});
const frame = (cursor, more = {}) => ({ questionUpdates: { __typename: 'QuestionUpdates', question: { id: 'q' }, cursor, resync: false, ...more } });

let phone, asked, answer, house, ended;

/** Each request's body and headers; `answer(body, headers)` says what the house says. */
function begin(options = {}) {
  asked = [];
  phone = new Phone({
    request: async ({ url, data, header }) => {
      assert.equal(url, URL);
      const body = JSON.parse(data);
      asked.push({ body, header });
      const said = await answer(body, header);
      if (said === null) throw new Error('timeout');
      return said;
    },
    connect: (_, task) => {
      task.inbox = [];
      task.heard = (text) => task.inbox.push(JSON.parse(text));
    },
    upload: () => assert.fail(),
  });
  globalThis.wx = phone.wx;
  ended = [];
  house = wechat({ url: URL, client: 'miniprogram/1.0.0', signedOut: (why) => ended.push(why.code), ...options });
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 29) });
  answer = () => assert.fail('nothing was to be sent');
  begin();
});
afterEach(() => {
  house.close();
  mock.timers.reset();
});

/** Waits for a promise whose time is turned by hand. */
async function within(count, promise) {
  let outcome;
  promise.then((value) => (outcome = { value }), (error) => (outcome = { error }));
  await settle();
  for (let second = 0; second < count && !outcome; second++) await seconds(1);
  assert.ok(outcome, `nothing within ${count} s`);
  if (outcome.error) throw outcome.error;
  return outcome.value;
}

test('an operation goes by its hash, with its text where the house does not know that', async () => {
  answer = (body) => (body.query ? gives({ viewer: null }) : fails('PERSISTED_QUERY_NOT_FOUND'));
  assert.deepEqual(await within(0, house.run(Me)), { viewer: null });
  const [first, second] = asked;
  assert.equal(first.body.extensions.persistedQuery.sha256Hash, Me.hash);
  assert.equal(first.body.query, undefined);
  assert.equal(second.body.query, Me.text);
  assert.equal(first.header['x-client'], 'miniprogram/1.0.0');
  assert.equal(first.header['accept-language'], 'zh-CN');
  assert.equal(first.header.authorization, undefined);
});

test('what may be repeated is repeated, by the same key; what may not is not', async () => {
  const input = { body: '拖欠工资', categoryId: 'c', divisionCode: '419001001' };
  const answers = [null, fails('BUSY'), { ...OK, statusCode: 502, data: '<html>' }, gives({ askQuestion: { id: 'q' } })];
  answer = () => answers.shift();
  await within(30, house.run(AskQuestion, { input }));
  const keys = asked.map(({ body }) => body.variables.input.idempotencyKey);
  assert.equal(keys.length, 4);
  assert.equal(new Set(keys).size, 1);
  assert.match(keys[0], /^[0-9a-f]{32}$/);

  // Given up, or failed without a word whether it was done, and tapped once more: the same key again. Answered, and
  // asked anew: another.
  asked.length = 0;
  answer = () => null;
  await assert.rejects(within(60, house.run(AskQuestion, { input })), { code: 'NOT_REACHED' });
  answer = () => fails('INTERNAL');
  await assert.rejects(within(0, house.run(AskQuestion, { input })), { code: 'INTERNAL' });
  answer = () => gives({ askQuestion: { __typename: 'Refused', reasons: [{ code: 'CONSENT_NEEDED' }] } });
  assert.equal((await within(0, house.run(AskQuestion, { input }))).askQuestion.__typename, 'Refused');
  const given = new Set(asked.map(({ body }) => body.variables.input.idempotencyKey));
  assert.equal(given.size, 1);
  assert.ok(!given.has(keys[0]));
  await within(0, house.run(AskQuestion, { input: { ...input, idempotencyKey: 'of my own' } }));
  assert.equal(asked.at(-1).body.variables.input.idempotencyKey, 'of my own');

  // Without a key nobody knows whether it was done.
  asked.length = 0;
  answer = () => null;
  assert.equal(ResolveQuestion.keyed, undefined);
  await assert.rejects(within(9, house.run(ResolveQuestion, { input: { questionId: 'q' } })), { code: 'NOT_REACHED' });
  assert.equal(asked.length, 1);
});

test('who asks too often waits as long as she is told, and a fault is thrown with what came all the same', async () => {
  const answers = [fails('RATE_LIMITED', { retryAfter: 7 }, 429), gives({ viewer: null })];
  answer = () => answers.shift();
  const running = house.run(Me);
  await settle();
  await seconds(6);
  assert.equal(asked.length, 1);
  await within(1, running);
  answer = () => fails('RATE_LIMITED', { retryAfter: 50 }, 429);
  await assert.rejects(within(0, house.run(Me)), { code: 'RATE_LIMITED', retryAfter: 50, status: 429 });
  answer = () => ({ ...OK, data: JSON.stringify({ data: { viewer: null }, errors: [{ message: '!', extensions: { code: 'INTERNAL' } }] }) });
  await assert.rejects(within(0, house.run(Me)), (fault) => fault instanceof Fault && fault.data.viewer === null);
});

test('at most eight requests are on their way at once', async () => {
  let most = 0, now = 0;
  answer = async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return gives({ viewer: null });
  };
  await within(0, Promise.all(Array.from({ length: 30 }, () => house.run(Me))));
  assert.equal(asked.length, 30);
  assert.equal(most, 8);
});

test('a session is kept, renewed before its end, once for all who ask, and by the same key until it is answered', async () => {
  begin({ keep: 'me' });
  await house.signIn(session(1));
  begin({ keep: 'elsewhere' });
  assert.equal(house.signedIn, false);
  const first = phone;
  begin({ keep: 'me' });
  phone.stored = first.stored;
  await house.signIn(session(1));
  const kept = phone.stored;
  const renewals = [];
  let reached = false;
  answer = (body, header) => {
    if (body.operationName !== 'RefreshSession') return gives({ viewer: { id: header.authorization } });
    renewals.push(body.variables.input);
    assert.equal(header.authorization, undefined);
    return reached ? gives({ refreshSession: { __typename: 'Session', ...session(2) } }) : null;
  };
  await seconds(1);
  assert.equal((await within(0, house.run(Me))).viewer.id, 'Bearer access 1');
  mock.timers.tick(850_000);
  await assert.rejects(within(60, house.run(Me)), { code: 'NOT_REACHED' });
  const again = wechat({ url: URL, client: 'miniprogram/1.0.0', keep: 'me' }); // the mini-program was ended, and begun again
  assert.ok(kept.has('me') && again.signedIn);
  reached = true;
  const three = await within(0, Promise.all([again.run(Me), again.run(Me), again.run(Me)]));
  assert.deepEqual(new Set(three.map(({ viewer }) => viewer.id)), new Set(['Bearer access 2']));
  assert.deepEqual(new Set(renewals.map((one) => JSON.stringify(one))).size, 1);
  assert.equal(renewals[0].refreshToken, 'refresh 1');
  again.close();
});

test('a telephone whose clock is wrong goes by the house’s, and a token that is refused is renewed once', async () => {
  await house.signIn(session(1, -4000)); // by this telephone it has long ended
  answer = (body, header) => {
    if (body.operationName === 'RefreshSession') return gives({ refreshSession: { __typename: 'Session', ...session(2) } });
    return header.authorization === 'Bearer access 2' ? gives({ viewer: null }) : fails('UNAUTHENTICATED');
  };
  await within(0, house.run(Me));
  assert.deepEqual(asked.map(({ body }) => body.operationName), ['Me', 'RefreshSession', 'Me']);
  answer = (body) => (body.operationName === 'RefreshSession' ? gives({ refreshSession: { __typename: 'Session', ...session(3) } }) : fails('UNAUTHENTICATED'));
  await assert.rejects(within(0, house.run(Me)), { code: 'UNAUTHENTICATED' });
});

test('a session that has ended is forgotten, and whoever follows anything is told', async () => {
  await house.signIn(session(1));
  const seen = follow();
  await settle();
  answer = () => fails('SESSION_ENDED');
  await assert.rejects(within(0, house.run(Me)), { code: 'SESSION_ENDED' });
  assert.deepEqual(ended, ['SESSION_ENDED']);
  assert.equal(house.signedIn, false);
  assert.equal(seen.at(-1).end.code, 'SESSION_ENDED');
  // By her own wish nobody is told, and it is forgotten even where the house does not hear of it.
  await house.signIn(session(2));
  answer = () => null;
  await assert.rejects(within(60, house.signOut(SignOut)), { code: 'NOT_REACHED' });
  assert.equal(house.signedIn, false);
  assert.equal(ended.length, 1);
});

/** What a watcher is told. */
function follow(variables = { question: 'q' }, document = QuestionNews) {
  const seen = [];
  seen.stop = house.follow(document, variables, {
    frame: (data, told) => seen.push({ data, ...told }),
    end: (why) => seen.push({ end: why }),
    live: (way) => seen.push({ way }),
  });
  seen.frames = () => seen.filter(({ data }) => data);
  return seen;
}

/** The newest socket, opened and acknowledged. */
async function acknowledged(payload = { expiresIn: 900 }) {
  await settle();
  const task = phone.sockets.at(-1);
  task.opened();
  await settle();
  assert.equal(task.inbox[0].type, 'connection_init');
  task.says(JSON.stringify({ type: 'connection_ack', payload }));
  await settle();
  return task;
}
const next = (task, id, data) => task.says(JSON.stringify({ type: 'next', id, payload: { data } }));
const sent = (task, type) => task.inbox.filter((message) => message.type === type);

test('all subscriptions share one socket, and each goes on from its cursor when it is cut', async () => {
  await house.signIn(session(1));
  const [one, two] = [follow(), follow({ question: 'r' })];
  const task = await acknowledged();
  assert.equal(phone.sockets.length, 1);
  assert.deepEqual(task.inbox[0].payload, { client: 'miniprogram/1.0.0', language: 'zh-CN', token: 'access 1' });
  const [first, second] = sent(task, 'subscribe');
  assert.equal(first.payload.extensions.persistedQuery.sha256Hash, QuestionNews.hash);
  assert.equal(first.payload.variables.after, undefined);
  next(task, first.id, frame('1'));
  next(task, first.id, frame('2'));
  next(task, second.id, frame('9'));
  assert.deepEqual(one.frames().map(({ first }) => first), [true, false]);
  task.gone(1006, '');
  assert.equal(one.at(-1).way, 'waiting');
  await seconds(2);
  const other = await acknowledged();
  assert.notEqual(other, task);
  assert.deepEqual(sent(other, 'subscribe').map(({ payload }) => payload.variables), [
    { question: 'q', after: '2' }, { question: 'r', after: '9' },
  ]);
  next(other, sent(other, 'subscribe')[0].id, frame('50', { resync: true }));
  assert.equal(one.at(-1).resync, true);
  one.stop();
  assert.equal(sent(other, 'complete').length, 1);
  assert.equal(one.at(-1).end, undefined);
  two.stop();
  // The next page finds the socket open.
  follow();
  await settle();
  assert.equal(phone.sockets.length, 2);
  assert.equal(sent(other, 'subscribe').length, 3);
});

test('in the background sockets are cut after five seconds; who comes back hears what she missed', async () => {
  const seen = follow();
  const task = await acknowledged();
  next(task, sent(task, 'subscribe')[0].id, frame('1'));
  phone.hide();
  await seconds(3);
  phone.show(); // soon enough: it only asks whether the socket still stands
  assert.equal(sent(task, 'ping').length, 1);
  task.says(JSON.stringify({ type: 'pong' }));
  phone.hide();
  await seconds(60);
  assert.equal(phone.sockets.length, 1, 'nothing is tried in the background');
  const running = house.run(Me);
  await seconds(5);
  assert.equal(asked.length, 0, 'nor sent, since it would be interrupted');
  answer = () => gives({ viewer: null });
  phone.show();
  await within(0, running);
  const other = await acknowledged();
  assert.equal(sent(other, 'subscribe')[0].payload.variables.after, '1');
  // A socket that is cut without a word is found out.
  phone.hide();
  task.cut = other.cut = undefined;
  await seconds(4);
  phone.show();
  await seconds(4);
  assert.equal(seen.at(-1).way, 'waiting');
  await seconds(2);
  await acknowledged();
  assert.equal(phone.sockets.length, 3);
});

test('silence is asked about, and ends a socket that does not answer', async () => {
  follow();
  const task = await acknowledged();
  await seconds(25);
  assert.equal(sent(task, 'ping').length, 1);
  task.says(JSON.stringify({ type: 'pong' }));
  task.says(JSON.stringify({ type: 'ping', payload: { a: 1 } }));
  assert.deepEqual(sent(task, 'pong'), [{ type: 'pong', payload: { a: 1 } }]);
  let hungUp = false;
  task.hungUp = () => (hungUp = true);
  await seconds(36);
  assert.ok(hungUp);
  await seconds(2);
  assert.equal(phone.sockets.length, 2);
});

test('the socket is given the next token before the first ends', async () => {
  await house.signIn(session(1));
  follow();
  const task = await acknowledged();
  answer = () => gives({ refreshSession: { __typename: 'Session', ...session(2) } });
  for (let quarter = 0; quarter < 60; quarter++) {
    await seconds(15);
    task.says(JSON.stringify({ type: 'pong' }));
  }
  const [, renewal] = sent(task, 'subscribe');
  assert.equal(renewal.payload.operationName, 'RenewSocket');
  assert.equal(renewal.payload.variables.input.accessToken, 'access 2');
  assert.equal(asked.length, 1);
});

test('each close code has its answer', async () => {
  await house.signIn(session(1));
  let seen = follow();
  // The house restarts: after the seconds it says.
  let task = await acknowledged();
  task.gone(1012, 'GOING_AWAY 2.7');
  await seconds(2);
  assert.equal(phone.sockets.length, 1);
  await seconds(1);
  task = await acknowledged();
  // The token has ended: another, at once.
  answer = () => gives({ refreshSession: { __typename: 'Session', ...session(2) } });
  task.gone(4403, 'SOCKET_EXPIRED');
  task = await acknowledged();
  assert.equal(task.inbox[0].payload.token, 'access 2');
  // A newer socket of hers took this one's place: news are asked for, and no socket is opened against it.
  answer = (body) => {
    assert.equal(body.extensions.persistedQuery.sha256Hash, QuestionNews.twin.hash);
    return gives(frame('7'));
  };
  asked.length = 0;
  task.gone(4429, 'TOO_MANY_SOCKETS');
  await seconds(11);
  assert.equal(asked.length, 3);
  assert.equal(seen.frames().length, 1, 'what is not new is not told');
  assert.equal(seen.filter(({ way }) => way).at(-1).way, 'polling');
  assert.equal(phone.sockets.length, 3);
  phone.hide();
  phone.show();
  task = await acknowledged();
  assert.equal(sent(task, 'subscribe')[0].payload.variables.after, '7');
  await seconds(20);
  assert.equal(asked.length, 3, 'with a socket nobody polls');
  // A message that is none, and a session that is over: the end.
  task.gone(4400, 'BAD_MESSAGE');
  assert.equal(seen.at(-1).end.code, 'BAD_MESSAGE');
  seen = follow();
  task = await acknowledged();
  task.gone(4403, 'SESSION_ENDED');
  assert.equal(seen.at(-1).end.code, 'SESSION_ENDED');
  assert.deepEqual(ended, ['SESSION_ENDED']);
});

for (const [code, reason] of [[4401, 'NOT_INITIALISED'], [4403, 'SOCKET_EXPIRED'], [4403, 'BAD_TOKEN']]) {
  test(`a token that has ended (${code} ${reason}) is renewed once, or she is signed out`, async () => {
    const renewals = () => asked.filter(({ body }) => body.operationName === 'RefreshSession').length;
    await house.signIn(session(1));
    let seen = follow();
    let task = await acknowledged();
    next(task, sent(task, 'subscribe')[0].id, frame('1'));
    answer = () => gives({ refreshSession: { __typename: 'Session', ...session(2) } });
    task.gone(code, reason);
    task = await acknowledged();
    assert.equal(task.inbox[0].payload.token, 'access 2');
    assert.equal(sent(task, 'subscribe')[0].payload.variables.after, '1');
    // Its time comes again, and nobody is reached: it is tried until somebody is.
    for (let quarter = 0; quarter < 5; quarter++) {
      await seconds(15);
      task.says(JSON.stringify({ type: 'pong' }));
    }
    answer = () => null;
    const [tried, sockets] = [renewals(), phone.sockets.length];
    task.gone(code, reason);
    for (let second = 0; second < 60 && phone.sockets.length === sockets; second++) await seconds(1);
    task = await acknowledged();
    assert.ok(renewals() > tried + 1);
    answer = () => gives({ refreshSession: { __typename: 'Session', ...session(3) } });
    task.gone(code, reason);
    task = await acknowledged();
    assert.equal(task.inbox[0].payload.token, 'access 3');
    assert.deepEqual([seen.filter(({ end }) => end), ended], [[], []]);

    // Refused with the new token as well, after it was let in or before: she is signed out, and nothing is tried again.
    await house.signIn(session(4));
    task = await acknowledged();
    answer = () => gives({ refreshSession: { __typename: 'Session', ...session(5) } });
    const before = renewals();
    task.gone(code, reason);
    task = await acknowledged();
    task.gone(code, reason);
    await seconds(120);
    assert.equal(renewals(), before + 1);
    assert.deepEqual(ended, [reason]);
    assert.equal(seen.at(-1).end.code, reason);
    assert.equal(house.signedIn, false);
    const opened = phone.sockets.length;

    // The house does not renew it: the same.
    await house.signIn(session(6));
    seen = follow();
    task = await acknowledged();
    assert.equal(phone.sockets.length, opened + 1);
    answer = () => gives({ refreshSession: { __typename: 'Refused', reasons: [{ code: 'REFRESH_INVALID', message: '', field: null }] } });
    task.gone(code, reason);
    await seconds(120);
    assert.deepEqual(ended, [reason, 'REFRESH_INVALID']);
    assert.equal(seen.at(-1).end.code, 'REFRESH_INVALID');
    assert.equal(phone.sockets.length, opened + 1);

    // Who is nobody has no token to renew.
    seen = follow();
    task = await acknowledged();
    task.gone(code, reason);
    await seconds(120);
    assert.equal(seen.at(-1).end.code, reason);
    assert.equal(phone.sockets.length, opened + 2);
  });
}

test('where there is no socket to be had, the twin is polled from the last cursor, and sockets are tried meanwhile', async () => {
  let number = 0;
  answer = (body) => (number === 3 ? null : gives(frame(String(++number), { after: body.variables.after })));
  phone.connect = (_, task) => task.failed();
  const seen = follow();
  await seconds(20);
  const frames = seen.frames().map(({ data }) => data.questionUpdates);
  assert.deepEqual(frames.slice(0, 3).map(({ cursor, after }) => [after, cursor]), [[undefined, '1'], ['1', '2'], ['2', '3']]);
  number = 10;
  await seconds(60);
  assert.ok(seen.frames().length > 3, 'a question in vain is asked again');
  const tried = phone.sockets.length;
  await seconds(61);
  assert.equal(phone.sockets.length, tried + 1);
  answer = () => gives({ questionUpdates: { __typename: 'Refused', reasons: [{ code: 'NOT_FOUND' }] } });
  await seconds(6);
  assert.equal(seen.at(-1).end.reasons[0].code, 'NOT_FOUND');
});

test('of states, which have no cursor, one that is as the last is not told again', async () => {
  assert.match(RecordNews.twin.text, /promiseRecordUpdates: promiseRecord\(/);
  phone.connect = (_, task) => task.failed();
  let open = 1;
  answer = () => gives({ promiseRecordUpdates: { open } });
  const seen = follow({ from: '2026-11-01', to: '2026-11-29' }, RecordNews);
  await seconds(20);
  assert.ok(asked.length > 2);
  assert.deepEqual(seen.frames().map(({ data, first }) => [data.promiseRecordUpdates.open, first]), [[1, true]]);
  open = 2;
  await seconds(6);
  assert.deepEqual(seen.frames().map(({ first }) => first), [true, false]);
});

test('an operation is sent again where it may be, and ends where it is refused', async () => {
  const seen = follow();
  const task = await acknowledged();
  const last = () => sent(task, 'subscribe').at(-1);
  const error = (code, more) =>
    task.says(JSON.stringify({ type: 'error', id: last().id, payload: [{ message: code, extensions: { code, ...more } }] }));
  error('PERSISTED_QUERY_NOT_FOUND');
  assert.equal(last().payload.query, QuestionNews.text);
  error('RATE_LIMITED', { retryAfter: 5 });
  await seconds(5);
  assert.equal(sent(task, 'subscribe').length, 2);
  await seconds(2);
  assert.equal(sent(task, 'subscribe').length, 3);
  next(task, last().id, frame('1'));
  next(task, last().id, { questionUpdates: { __typename: 'Refused', reasons: [{ code: 'BAD_CURSOR' }] } });
  assert.equal(last().payload.variables.after, undefined);
  next(task, last().id, frame('2'));
  assert.equal(seen.at(-1).first, true);
  next(task, last().id, { questionUpdates: { __typename: 'Refused', reasons: [{ code: 'NOT_FOUND' }] } });
  assert.equal(seen.at(-1).end.reasons[0].code, 'NOT_FOUND');
  const more = follow();
  await settle();
  error('TOO_MANY_SUBSCRIPTIONS');
  assert.equal(more.at(-1).end.code, 'TOO_MANY_SUBSCRIPTIONS');
  const done = follow();
  await settle();
  task.says(JSON.stringify({ type: 'complete', id: last().id }));
  assert.deepEqual(done.at(-1), { end: undefined });
});

test('an upload that breaks off goes by the same key and the next ticket; what is refused is an answer', async () => {
  phone.files.set('wxfile://tmp_1.jpg', new Uint8Array(20));
  const keys = new Set();
  let tickets = 0;
  answer = (body) => {
    keys.add(body.variables.input.idempotencyKey);
    assert.equal(body.variables.input.bytes, 20);
    const file = { id: 'f', state: 'WAITING' };
    return gives({ createUpload: { __typename: 'UploadTicket', url: `https://house.example/uploads/${++tickets}`, received: 0, file } });
  };
  const answers = [
    () => assert.fail('lost'),
    () => ({ ...OK, statusCode: 503, data: JSON.stringify({ reasons: [{ code: 'BUSY', message: '', field: null }] }) }),
    () => ({ ...OK, data: JSON.stringify({ id: 'f', state: 'READY', received: 20, bytes: 20 }) }),
  ];
  phone.upload = ({ url, filePath, name }) => {
    assert.equal(url, `https://house.example/uploads/${tickets}`);
    assert.deepEqual([filePath, name], ['wxfile://tmp_1.jpg', 'file']);
    return answers.shift()();
  };
  const shares = [];
  const upload = { kind: 'PICTURE', contentType: 'image/jpeg', file: 'wxfile://tmp_1.jpg', progress: (share) => shares.push(share) };
  assert.deepEqual(await within(20, house.upload(CreateUpload, upload)), { __typename: 'Uploaded', id: 'f' });
  assert.equal(tickets, 3);
  assert.equal(keys.size, 1);
  assert.deepEqual(shares, [0.5, 0.5, 0.5]);
  phone.upload = () => ({ ...OK, statusCode: 422, data: JSON.stringify({ reasons: [{ code: 'FILE_KIND', message: '!', field: null }] }) });
  assert.equal((await within(0, house.upload(CreateUpload, upload))).reasons[0].code, 'FILE_KIND');
  phone.upload = () => assert.fail('lost');
  await assert.rejects(within(90, house.upload(CreateUpload, upload)), { code: 'NOT_REACHED' });
});

test('what she says to WeChat’s question is what the house is told', async () => {
  phone.answers = { T1: 'accept', T2: 'ban' };
  const templates = [
    { template: 'REPLY', templateId: 'T1' }, { template: 'PROGRESS', templateId: null },
    { template: 'OFFER', templateId: 'T2' }, { template: 'TASK', templateId: 'T3' }, { template: 'DIGEST', templateId: 'T4' },
  ];
  assert.deepEqual(await askForMessages(templates), [
    { template: 'REPLY', accepted: true }, { template: 'OFFER', accepted: false }, { template: 'TASK', accepted: false },
  ]);
  assert.deepEqual(await askForMessages([{ template: 'REPLY', templateId: null }]), []);
  wx.requestSubscribeMessage = ({ fail }) => fail({ errCode: 20004 });
  assert.deepEqual(await askForMessages(templates), []);
});
