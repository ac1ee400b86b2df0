import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig } from 'vite'
import app from '../../../vite.renderer.config.mjs'

const NONCE = 'cHJldmlldw'
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' " +
  `'nonce-${NONCE}'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'`

// biome-ignore lint/style/noDefaultExport: Vite takes a configuration from the default export.
export default mergeConfig(
  app,
  defineConfig({
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: { outDir: fileURLToPath(new URL('../../../.cache/preview', import.meta.url)), emptyOutDir: true },
    preview: { headers: { 'Content-Security-Policy': POLICY } },
    plugins: [{ name: 'nonce', transformIndexHtml: html => html.replaceAll('__CSP_NONCE__', NONCE) }],
  }),
)
