import path from 'node:path'
import react from '@vitejs/plugin-react'
import browserslist from 'browserslist'
import { browserslistToTargets } from 'lightningcss'
import { defineConfig } from 'vite'

// Electron 22's Chromium is the oldest that the app runs on.
const chromium = 108

export default defineConfig({
  root: path.join(import.meta.dirname, 'renderer'),
  // The app's own scheme serves the files of one folder.
  base: './',
  publicDir: false,
  plugins: [react()],
  css: {
    transformer: 'lightningcss',
    lightningcss: { targets: browserslistToTargets(browserslist(`chrome ${chromium}`)) },
  },
  build: {
    target: `chrome${chromium}`,
    outDir: '../dist/renderer',
    emptyOutDir: true,
    sourcemap: true,
    cssMinify: 'lightningcss',
    // Loaded from disk; the terminal and the editor come as a chunk of their own.
    chunkSizeWarningLimit: 1_000,
    // The content security policy allows no inline script and no `data:` source.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
