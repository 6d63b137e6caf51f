import 'vant/es/style/base.css';
import 'vant/es/button/index.css';
import 'vant/es/cell/index.css';
import 'vant/es/cell-group/index.css';
import 'vant/es/circle/index.css';
import 'vant/es/field/index.css';
import 'vant/es/loading/index.css';
import 'vant/es/tag/index.css';
import './page.css';
import { createApp } from 'vue';
import App from './App.vue';

const root = document.getElementById('root')!;
createApp(App, { demo: root.dataset.demo === 'true' }).mount(root);
