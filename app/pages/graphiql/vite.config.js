import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // the page works under any path that ends with a slash
  worker: { format: 'es' },
  build: {
    assetsInlineLimit: 0, // fonts and pictures are files: the policy of the page needs no data: for them
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 8000,
  },
});
