import { useEffect, useRef, useState } from 'react';
import { ask } from './graph.js';
import { roleNamed } from './words.js';

const EARLY = 60_000; // ms before a token's end

/** The session: `token` and `roles`, kept in memory alone. One that was begun here goes on by itself, and ends at signing out. */
export function useSession() {
  const [session, setSession] = useState(null);
  useEffect(() => {
    if (!session?.refreshToken) return undefined;
    const left = new Date(session.accessTokenExpiresAt) - Date.now() - EARLY;
    const timer = setTimeout(async () => {
      try {
        const input = { refreshToken: session.refreshToken };
        setSession(own((await ask('RefreshSession', { input })).refreshSession));
      } catch {
        setSession(null);
      }
    }, Math.max(left, 1000));
    return () => clearTimeout(timer);
  }, [session]);
  return {
    token: session?.token ?? '',
    roles: session?.roles ?? [],
    async staff(input) {
      setSession(own((await ask('SignInStaff', { input })).signInStaff));
    },
    async bring(token) {
      const { viewer } = await ask('WhoAmI', {}, token);
      if (!viewer) throw new Error('令牌无效或已过期。The token is not valid, or has expired.');
      setSession({ token, roles: viewer.roles });
    },
    async leave() {
      // What was brought may be in use elsewhere: only a session of this page is ended.
      if (session?.refreshToken) await ask('SignOut', {}, session.token).catch(() => {});
      setSession(null);
    },
  };
}

const own = ({ accessToken, ...more }) => ({ token: accessToken, ...more });

export function SignedIn({ session }) {
  return (
    <div className="who">
      <span data-testid="signed-in">{session.roles.map(roleNamed).join('、')}</span>
      <button type="button" onClick={session.leave}>
        退出登录 Sign out
      </button>
    </div>
  );
}

export function SignIn({ session, demo }) {
  const dialog = useRef(null);
  const [trouble, setTrouble] = useState('');
  const tried = (how) => async (event) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(event.currentTarget));
    setTrouble('');
    try {
      await how(said);
    } catch (error) {
      setTrouble(error.message);
    }
  };
  return (
    <div className="who">
      <span>未登录 Not signed in</span>
      <button type="button" onClick={() => dialog.current.showModal()}>
        登录 Sign in
      </button>
      <dialog ref={dialog} aria-labelledby="sign-in-title" className="sign-in">
        <h2 id="sign-in-title">登录 Sign in</h2>
        <p role="alert">{trouble}</p>
        {demo && <DemoPeople onChoose={tried(({ person }) => session.bring(person))} />}
        <form onSubmit={tried((said) => session.staff({ ...said, device: 'GraphiQL' }))}>
          <h3>工作人员 Staff</h3>
          <Field label="登录名或手机号 Name or telephone" name="login" autoComplete="username" />
          <Field label="密码 Password" name="password" type="password" autoComplete="current-password" />
          <Field label="动态验证码 Six digits" name="code" inputMode="numeric" autoComplete="one-time-code" />
          <button type="submit">登录 Sign in as staff</button>
        </form>
        <form onSubmit={tried(({ token }) => session.bring(token.trim()))}>
          <h3>访问令牌 Access token</h3>
          <Field label="令牌 Token" name="token" type="password" autoComplete="off" />
          <button type="submit">使用令牌 Use the token</button>
        </form>
        <button type="button" className="plain" onClick={() => dialog.current.close()}>
          关闭 Close
        </button>
      </dialog>
    </div>
  );
}

function DemoPeople({ onChoose }) {
  const [people, setPeople] = useState([]);
  useEffect(() => {
    fetch('./people.json')
      .then((answer) => answer.json())
      .then(setPeople);
  }, []);
  return (
    <form onSubmit={onChoose}>
      <h3>演示人物 People of the demo</h3>
      <label>
        <span>人物 Person</span>
        <select name="person" required>
          {people.map(({ role, number, post, token }) => (
            <option key={token} value={token}>
              {roleNamed(role)} {number} {post && `（${post}）`}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">选用 Be this person</button>
    </form>
  );
}

function Field({ label, ...input }) {
  return (
    <label>
      <span>{label}</span>
      <input required {...input} />
    </label>
  );
}
