// A telephone with WeChat on it: `wx` as the kit uses it, with the rules that WeChat has. What it reaches is up to the test.

/** Milliseconds in the background after which requests are interrupted and sockets cut. */
const CUT_AFTER = 5000;

/**
 * `request(asked)` answers {statusCode, data, header} or throws; `connect(asked, task)` is told of each socket and speaks
 * through `task.opened()`, `task.says(text)`, `task.gone(code, reason)`, and hears by `task.heard(text)`;
 * `upload(asked)` is as `request`; `files` has each file's bytes by its path.
 */
export class Phone {
  stored = new Map();
  sockets = [];
  files = new Map();
  ears = { hide: new Set(), show: new Set(), network: new Set() };
  away = 0;
  answers = {};
  code = '';

  constructor({ request, connect, upload }) {
    this.request = request;
    this.connect = connect;
    this.upload = upload;
  }

  hide() {
    this.away = Date.now();
    for (const told of this.ears.hide) told({});
    setTimeout(() => {
      if (!this.away) return;
      for (const task of this.sockets) task.cut?.();
    }, CUT_AFTER);
  }

  show() {
    this.away = 0;
    for (const told of this.ears.show) told({});
  }

  get interrupted() {
    return this.away && Date.now() - this.away >= CUT_AFTER;
  }

  get wx() {
    const phone = this;
    const answered = async (act, { success, fail }) => {
      try {
        if (phone.interrupted) throw new Error('interrupted');
        success(await act());
      } catch (error) {
        fail({ errMsg: `request:fail ${error.message}` });
      }
    };
    return {
      request: (asked) => void answered(() => phone.request(asked), asked),
      uploadFile(asked) {
        const told = [];
        const act = async () => {
          for (const each of told) each({ progress: 50 });
          return phone.upload(asked);
        };
        queueMicrotask(() => answered(act, asked));
        return { onProgressUpdate: (ear) => told.push(ear) };
      },
      connectSocket(asked) {
        if (asked.protocols?.[0] !== 'graphql-transport-ws') throw new Error('no protocol');
        const ears = {};
        const task = {
          onOpen: (ear) => (ears.open = ear),
          onMessage: (ear) => (ears.message = ear),
          onError: (ear) => (ears.error = ear),
          onClose: (ear) => (ears.close = ear),
          send: ({ data }) => task.heard?.(data),
          close: () => task.hungUp?.(),
          opened: () => ears.open({}),
          says: (text) => ears.message({ data: text }),
          gone: (code, reason) => {
            task.cut = undefined;
            ears.close({ code, reason });
          },
          failed: () => ears.error({ errMsg: 'fail' }),
          cut: () => task.gone(1006, 'interrupted'),
        };
        phone.sockets.push(task);
        queueMicrotask(() => phone.connect(asked, task));
        return task;
      },
      login: async () => ({ code: phone.code, errMsg: 'login:ok' }),
      getStorageSync: (name) => phone.stored.get(name) ?? '',
      setStorageSync: (name, text) => void phone.stored.set(name, text),
      removeStorageSync: (name) => void phone.stored.delete(name),
      getRandomValues: ({ length, success }) =>
        success({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }),
      getFileSystemManager: () => ({
        getFileInfo: ({ filePath, success, fail }) =>
          phone.files.has(filePath) ? success({ size: phone.files.get(filePath).length }) : fail({ errMsg: 'no file' }),
      }),
      requestSubscribeMessage: ({ tmplIds, success, fail }) => {
        if (tmplIds.length > 3) fail({ errCode: 20003 });
        else success(Object.fromEntries(tmplIds.map((id) => [id, phone.answers[id] ?? 'reject'])));
      },
      onAppHide: (ear) => phone.ears.hide.add(ear),
      onAppShow: (ear) => phone.ears.show.add(ear),
      onNetworkStatusChange: (ear) => phone.ears.network.add(ear),
      offAppHide: (ear) => phone.ears.hide.delete(ear),
      offAppShow: (ear) => phone.ears.show.delete(ear),
      offNetworkStatusChange: (ear) => phone.ears.network.delete(ear),
    };
  }
}
