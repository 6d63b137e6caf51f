// What the page says, in Chinese and in English. What the house says comes in the same language by itself.
import { ref, watchEffect } from 'vue';

export type Language = 'zh-CN' | 'en';
export const language = ref<Language>('zh-CN');

const WORDS = {
  title: ['公共法律服务 · 演示', 'Public legal service · Demo'],
  about: ['左边提问，右边解答，席位和时钟随时更新。', 'Ask on the left, answer on the right: seats and clock are live.'],
  aboutNarrow: ['以居民提问，以律师解答。', 'Ask as a resident, answer as a lawyer.'],
  toMain: ['跳到正文', 'Skip to content'],
  views: ['视图', 'Views'],
  otherLanguage: ['English', '中文'],
  elder: ['长辈模式', 'Larger type'],
  resident: ['居民', 'Resident'],
  lawyer: ['律师', 'Lawyer'],
  lawyers: ['律师们', 'Lawyers'],
  lawyerNumber: ['律师{n}', 'Lawyer {n}'],
  waiting: ['有 {n} 件待办', '{n} waiting'],
  // Signing in
  beResident: ['以演示居民身份进入', 'Enter as a demo resident'],
  beLawyers: ['以三位演示律师身份进入', 'Enter as three demo lawyers'],
  residentHello: [
    '免费咨询法律问题：十分钟内至少三位律师解答。',
    'Legal advice for free: at least three lawyers answer within ten minutes.',
  ],
  lawyersHello: [
    '三位律师同时在线，收到咨询后接单、解答。',
    'Three lawyers are online: they are offered questions, take them and answer.',
  ],
  noPeople: ['演示人物还在准备中，请稍后重试。', 'The demo’s people are not ready yet: try again in a moment.'],
  phone: ['手机号', 'Mobile number'],
  code: ['短信验证码', 'Code by SMS'],
  sendCode: ['获取验证码', 'Send me a code'],
  codeSent: ['验证码已发送。', 'The code has been sent.'],
  signIn: ['登录', 'Sign in'],
  signOut: ['退出', 'Sign out'],
  signedIn: ['已登录', 'Signed in'],
  signedOut: ['已退出登录', 'Signed out'],
  // State of the line
  live: ['实时', 'Live'],
  polling: ['定时更新', 'Updating now and then'],
  offline: ['连接中断，正在重连…', 'Connection lost; coming back…'],
  UNREACHABLE: ['暂时连接不上，请稍后重试。', 'The service cannot be reached; please try again.'],
  // Consents
  before: ['提问之前', 'Before you ask'],
  beforeText: ['请阅读并逐项同意；之后可随时撤回。', 'Please read and agree to each; you may take it back at any time.'],
  agree: ['同意《{title}》', 'Agree: {title}'],
  required: ['必需', 'Required'],
  age: ['您的年龄段', 'Your age'],
  ageText: ['只问年龄段，不问生日。', 'The band alone; nobody asks for a birthday.'],
  UNDER_14: ['未满 14 周岁', 'Under 14'],
  FROM_14_TO_17: ['14 至 17 周岁', '14 to 17'],
  ADULT: ['已满 18 周岁', '18 or older'],
  // Asking
  ask: ['提出咨询', 'Ask a question'],
  askAgain: ['再问一个问题', 'Ask another question'],
  body: ['您的问题', 'Your question'],
  bodyHint: ['5 至 2000 字。不必写姓名、电话和证件号码。', '5 to 2,000 characters. No names, numbers or addresses are needed.'],
  example: ['填入示例', 'Fill in an example'],
  category: ['类别', 'Category'],
  guessed: ['看起来属于', 'It seems to be about'],
  town: ['所在乡镇、街道', 'Your town'],
  choose: ['请选择', 'Please choose'],
  whoSees: ['谁能看到', 'Who reads this'],
  whoSeesText: [
    '只有您和接下您问题的律师能读到正文；接单前，律师只看到一行摘要（类别、乡镇和固定词语）。正文加密保存，管理员也读不到；谁看过，您随时可查。',
    'Only you and the lawyers who take your question read it. Before that they see one line: category, town and set words. It is kept encrypted, not even administrators can read it, and you can see who did.',
  ],
  invite: ['同时邀请右边的三位律师', 'Invite the lawyers on the right'],
  inviteOne: ['同时邀请右边的律师', 'Invite the lawyer on the right'],
  send: ['提交咨询', 'Send the question'],
  personal: ['文中似乎有个人信息，可以删去：', 'This looks like personal details, which you may leave out:'],
  urgent: ['如有危险，请立即拨打', 'In danger, call at once'],
  notSent: ['问题没有发出', 'Your question was not sent'],
  mend: ['修改问题', 'Change your question'],
  sendAgain: ['重新提交', 'Send it again'],
  // A question
  mine: ['我的咨询', 'My questions'],
  noneYet: ['还没有咨询。', 'No questions yet.'],
  back: ['返回', 'Back'],
  question: ['咨询', 'Question'],
  firstBy: ['第一份解答', 'First answer'],
  thirdBy: ['全部承诺的解答', 'All promised answers'],
  within: ['剩余 {time}', '{time} left'],
  reached: ['用时 {time}', 'took {time}'],
  reachedLate: ['迟到，用时 {time}', 'late, took {time}'],
  overdue: ['已超时 {time}，仍在为您寻找律师', '{time} late; we go on looking for lawyers'],
  paused: ['等您补充，时钟暂停', 'Paused until you reply'],
  clock: ['承诺时钟', 'The promise’s clock'],
  seats: ['席位', 'Seats'],
  seatDelivered: ['已解答', 'Answered'],
  seatWriting: ['正在写', 'Writing'],
  seatFree: ['等待律师', 'Open'],
  seatsText: [
    '已收到 {delivered} / {promised} 份解答，{writing} 位律师正在写。',
    '{delivered} of {promised} answers are here; {writing} writing.',
  ],
  news: ['动态', 'What happened'],
  answers: ['解答', 'Answers'],
  noAnswers: ['解答到达后会立即显示在这里。', 'Answers are shown here as soon as they come.'],
  answerOf: ['{name}的解答', 'Answer by {name}'],
  conclusion: ['结论', 'In short'],
  basis: ['依据', 'Based on'],
  nextSteps: ['下一步', 'What to do next'],
  evidence: ['证据', 'Evidence'],
  deadlines: ['期限', 'Deadlines'],
  full: ['详细解答', 'The full answer'],
  summary: ['通俗说法', 'In plain words'],
  rate: ['评价', 'Your rating'],
  stars: ['{n} 星', '{n} of 5'],
  rated: ['已评价：{n} 星', 'Rated {n} of 5'],
  followUps: ['追问', 'Asking back'],
  followUp: ['您想追问什么', 'What else would you like to know'],
  askBack: ['发送追问', 'Ask back'],
  resolve: ['问题已解决，我满意', 'I am satisfied: resolved'],
  resolved: ['已解决。30 天内追问可重新打开。', 'Resolved. Asking back within 30 days opens it again.'],
  me: ['我', 'Me'],
  asker: ['咨询人', 'Asker'],
  read: ['{n} 次查阅记录', 'Read {n} times by others'],
  OPEN: ['进行中', 'Open'],
  RESOLVED: ['已解决', 'Resolved'],
  CLOSED: ['已结束', 'Closed'],
  WITHDRAWN: ['已撤回', 'Withdrawn'],
  ERASED: ['已删除', 'Erased'],
  NEEDS_EDIT: ['需要修改', 'To be changed'],
  BLOCKED: ['未发出', 'Not sent'],
  // Events
  QUESTION_ASKED: ['问题已提交，开始计时', 'Asked; the clock runs'],
  WAVE_SENT: ['已通知一批律师', 'Lawyers were called'],
  SEAT_CLAIMED: ['一位律师接下了问题，正在解答', 'A lawyer took a seat'],
  LEASE_EXTENDED: ['律师延长了两分钟', 'A lawyer took two minutes more'],
  SEAT_FREED: ['一个席位空了出来', 'A seat is free again'],
  ANSWER_DELIVERED: ['收到一份解答', 'An answer arrived'],
  ANSWER_AMENDED: ['律师修改了解答', 'An answer was changed'],
  ANSWER_RATED: ['解答已评价', 'An answer was rated'],
  PROMISE_BROKEN: ['承诺时间已过，继续寻找律师', 'The promised time ran out; the search goes on'],
  FOLLOW_UP_ASKED: ['追问已发送', 'Asked back'],
  FOLLOW_UP_OPENED: ['追问已转给更多律师', 'The follow-up was put to more lawyers'],
  FOLLOW_UP_ANSWERED: ['律师回复了追问', 'A lawyer replied'],
  FOLLOW_UP_STOPPED: ['追问已结束', 'The follow-up needs no reply'],
  INFORMATION_WANTED: ['律师需要您补充信息', 'A lawyer needs to know more'],
  INFORMATION_GIVEN: ['已补充信息，时钟继续', 'Replied; the clock runs on'],
  QUESTION_RESOLVED: ['问题已解决', 'Resolved'],
  QUESTION_REOPENED: ['问题重新打开', 'Opened again'],
  QUESTION_WITHDRAWN: ['问题已撤回', 'Taken back'],
  // A lawyer
  offers: ['待接咨询', 'Offers'],
  noOffers: ['暂时没有待接咨询。有新的会立即出现在这里。', 'No offers now. New ones appear here at once.'],
  newOffer: ['有新的待接咨询', 'A new offer'],
  invited: ['指名请您', 'You were asked for'],
  claim: ['接单', 'Take it'],
  decline: ['谢绝', 'Decline'],
  offerDue: ['距承诺时间 {time}', '{time} until the promised time'],
  FULL: ['席位已满', 'Seats are full'],
  FILLED: ['解答已足够', 'Enough answers'],
  seat: ['解答席位', 'Your seat'],
  lease: ['请在 {time} 内提交', 'Deliver within {time}'],
  leaseEnded: ['时间已到，席位已让出。', 'The time is over; the seat was given to others.'],
  claimed: ['已接单，请阅读问题并解答', 'The seat is yours: read and answer'],
  law: ['法律', 'Law'],
  article: ['条款', 'Article'],
  oneALine: ['每行一项', 'One a line'],
  textHint: ['60 至 5000 字', '60 to 5,000 characters'],
  deliver: ['提交解答', 'Deliver the answer'],
  delivered: ['解答已提交', 'The answer was delivered'],
  answered: ['我解答过的', 'Answered by me'],
  wantsReply: ['等您回复', 'Waits for your reply'],
  reply: ['回复追问', 'Your reply'],
  sendReply: ['发送回复', 'Send the reply'],
  replied: ['回复已发送', 'The reply was sent'],
} satisfies Record<string, readonly [string, string]>;

export type Word = keyof typeof WORDS;

/** In the reader's language, `{name}`s filled in. */
export function t(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const said: string = WORDS[word][language.value === 'en' ? 1 : 0];
  return said.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

watchEffect(() => {
  document.documentElement.lang = language.value;
  document.title = t('title');
});

/** The page's word for a name of the graph; the name itself where it has none. */
export const named = (name: string): string => (name in WORDS ? t(name as Word) : name);

export const EXAMPLE_QUESTION = '老板拖欠我三个月工资，没有签劳动合同，我还有工资条和考勤记录，应该怎么办？';
export const EXAMPLE_FOLLOW_UP = '如果公司说没有钱，能申请法院先冻结它的账户吗？';
export const EXAMPLE_REPLY = '可以。申请仲裁时或之前都可以申请财产保全，请向有管辖权的法院提出，并提供公司账户或财产线索。';
/** One of three, so that answers to one question differ as answers do. */
export const EXAMPLE_ANSWERS = [
  {
    conclusion: '可以要求补发工资，并主张未签合同的双倍工资。',
    law: '中华人民共和国劳动合同法',
    article: '第八十二条',
    nextSteps: '向劳动监察大队投诉\n申请劳动仲裁',
    evidence: '工资条\n考勤记录',
    deadlines: '劳动仲裁时效一年',
    text: '用人单位拖欠工资的，您可以先向劳动监察部门投诉，由其责令限期支付；也可以在一年内申请劳动仲裁。没有签订书面劳动合同满一个月的，可以主张双倍工资。工资条、考勤记录和聊天记录都是证据，请尽快备份。',
    summary: '先投诉，再仲裁，一年内提出，还能要双倍工资。',
  },
  {
    conclusion: '建议直接申请劳动仲裁，材料已经基本够用。',
    law: '中华人民共和国劳动争议调解仲裁法',
    article: '第二十七条',
    nextSteps: '写好仲裁申请书\n到用工地的仲裁委员会提交',
    evidence: '银行流水\n工作群聊天记录\n工牌',
    deadlines: '从知道被拖欠之日起一年内',
    text: '仲裁不收费。请带身份证、工资条、考勤记录到公司所在地的劳动人事争议仲裁委员会，写明要求：拖欠的三个月工资、未签合同的双倍工资差额。五日内会通知是否受理，一般四十五日内裁决。对裁决不服可以在十五日内起诉。',
    summary: '带上材料去仲裁委，免费，四十五天左右有结果。',
  },
  {
    conclusion: '先固定劳动关系的证据，再决定走哪条路。',
    law: '中华人民共和国民事诉讼法',
    article: '第一百零三条',
    nextSteps: '备份考勤和聊天记录\n拨打12333登记投诉\n协商不成再仲裁',
    evidence: '考勤记录\n与负责人的聊天记录\n同事证言',
    deadlines: '仲裁时效一年，离职后起算',
    text: '没有合同时，关键是证明劳动关系：考勤、工牌、工资转账、工作安排的聊天记录都可以。建议先拨打12333登记，由劳动监察介入，多数案件一个月内能有答复；如果单位有转移财产的迹象，可以在仲裁时申请财产保全。',
    summary: '先留好证据，打12333投诉，不行再仲裁。',
  },
] as const;
