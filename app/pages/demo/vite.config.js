import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // the page works under any path that ends with a slash
  plugins: [vue()],
  // What a compiler of types is told by tsconfig.json.
  resolve: { alias: { '@kit': new URL('../kit', import.meta.url).pathname } },
  define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' }, // Vant's components need the former
  build: {
    assetsDir: 'demo/assets', // the page lies at the root of the house, its files do not
    assetsInlineLimit: 0, // the policy of the page allows no data: addresses
    modulePreload: { polyfill: false },
  },
});
