import { Client } from './core.js';

export { Fault } from './fault.js';

/** @type {typeof import('./wechat').wechat} */
export const wechat = (options) => /** @type {any} */ (new Client(platform, options));

/** @type {typeof import('./wechat').askForMessages} */
export async function askForMessages(templates) {
  const asked = templates.filter(({ templateId }) => templateId).slice(0, 3);
  if (!asked.length) return [];
  const tmplIds = asked.map(({ templateId }) => templateId);
  try {
    const said = await call(wx.requestSubscribeMessage, { tmplIds });
    return asked
      .filter(({ templateId }) => said[/** @type {string} */ (templateId)])
      .map(({ template, templateId }) => ({ template, accepted: said[/** @type {string} */ (templateId)] === 'accept' }));
  } catch {
    return []; // she closed it, or has switched all messages off
  }
}

/** @param {(asked: object) => any} what @param {object} asked @param {(task: any) => void} [begun] @returns {Promise<any>} */
const call = (what, asked, begun) =>
  new Promise((resolve, reject) => {
    const task = what({ ...asked, success: resolve, fail: reject });
    begun?.(task);
  });

/** @type {import('./contract').Platform<string>} */
const platform = {
  most: 8, // of ten: one is kept for an upload, one for pictures
  cutAfter: 5000,

  async post(url, header, data) {
    const asked = { url, method: 'POST', header, data, dataType: 'text', responseType: 'text', timeout: 30_000 };
    const { statusCode, data: text, header: told } = await call(wx.request, asked);
    return { status: statusCode, text, date: told?.Date ?? told?.date };
  },

  open(url, protocol, ears) {
    let open = true;
    const closed = (/** @type {number} */ code, /** @type {string} */ reason) => {
      if (open) ears.closed(code, reason);
      open = false;
    };
    const task = wx.connectSocket({ url, protocols: [protocol], fail: () => closed(1006, '') });
    task.onOpen(() => ears.open());
    task.onMessage((/** @type {any} */ { data }) => ears.message(data));
    task.onError(() => closed(1006, '')); // on some telephones nothing follows it
    task.onClose((/** @type {any} */ { code, reason }) => closed(code, reason ?? ''));
    return { send: (data) => task.send({ data }), close: () => task.close({}) };
  },

  async size(filePath) {
    const files = wx.getFileSystemManager();
    return (await call((asked) => files.getFileInfo(asked), { filePath })).size;
  },

  async send({ url, headers }, filePath, progress) {
    const asked = { url, filePath, name: 'file', header: headers };
    const watch = (/** @type {any} */ task) =>
      task?.onProgressUpdate?.((/** @type {any} */ said) => progress(said.progress / 100));
    const { statusCode, data } = await call(wx.uploadFile, asked, watch);
    return { status: statusCode, text: data };
  },

  read: (name) => wx.getStorageSync(name) || null,
  write: (name, text) => (text === null ? wx.removeStorageSync(name) : wx.setStorageSync(name, text)),

  async random() {
    const { randomValues } = await call(wx.getRandomValues, { length: 16 });
    return [...new Uint8Array(randomValues)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  },

  alone: (_, act) => act(),

  watch(seen) {
    let away = false;
    const hidden = () => {
      away = true;
      seen.hidden();
    };
    const shown = () => {
      away = false;
      seen.shown();
    };
    const network = (/** @type {any} */ { isConnected }) => isConnected && !away && seen.shown();
    wx.onAppHide(hidden);
    wx.onAppShow(shown);
    wx.onNetworkStatusChange(network);
    return () => {
      wx.offAppHide(hidden);
      wx.offAppShow(shown);
      wx.offNetworkStatusChange(network);
    };
  },
};
