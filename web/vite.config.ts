/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { cpSync, mkdirSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

/**
 * pdf.js decodes JPEG 2000 and JBIG2 (scans) with WebAssembly and maps old fonts with tables; it fetches both at run
 * time from a folder of its own. Without them such pages stay blank, so they are shipped beside the bundle.
 */
function pdfResources(): Plugin {
  return {
    name: 'pdf-resources',
    buildStart() {
      for (const folder of ['wasm', 'cmaps', 'standard_fonts', 'iccs']) {
        mkdirSync('.pdfjs/pdfjs', { recursive: true });
        cpSync(`node_modules/pdfjs-dist/${folder}`, `.pdfjs/pdfjs/${folder}`, { recursive: true });
      }
    },
    writeBundle() {
      cpSync('.pdfjs/pdfjs', 'dist/pdfjs', { recursive: true });
    },
  };
}

export default defineConfig(({ command }) => ({
  plugins: [react(), ...(command === 'build' ? [pdfResources()] : [])],
  server: { port: 5173, proxy: { '/api': { target: process.env.PACTLOOP_API ?? 'http://127.0.0.1:8080', changeOrigin: false } } },
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // Lowering light-dark() for older browsers would lose colours: Mantine sets color-scheme through a variable.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/test/setup.ts'] },
}));
