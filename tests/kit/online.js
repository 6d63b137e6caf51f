import { Phone } from './phone.js';

// A telephone that reaches a real house, by fetch and WebSocket; `sockets()` says whether it can have any.
export function online(sockets = () => true) {
  const phone = new Phone({
    async request({ url, method, header, data }) {
      const answer = await fetch(url, { method, headers: header, body: data });
      return { statusCode: answer.status, data: await answer.text(), header: Object.fromEntries(answer.headers) };
    },
    connect({ url, protocols }, task) {
      if (!sockets()) return task.failed();
      const socket = new WebSocket(url, protocols);
      socket.onopen = () => task.opened();
      socket.onmessage = ({ data }) => task.says(data);
      socket.onclose = ({ code, reason }) => task.gone(code, reason);
      task.heard = (text) => socket.send(text);
      task.hungUp = () => socket.close();
      task.cut = () => {
        socket.onclose = null;
        socket.close();
        task.gone(1006, 'interrupted');
      };
    },
    async upload({ url, filePath, name, header }) {
      const form = new FormData();
      form.append(name, new Blob([phone.files.get(filePath)]), 'tmp_1.jpg');
      const answer = await fetch(url, { method: 'POST', headers: header, body: form });
      return { statusCode: answer.status, data: await answer.text() };
    },
  });
  return phone;
}
