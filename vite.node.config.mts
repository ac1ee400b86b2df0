/**
 * What runs in Node: main, the preload script and the simulated board's worker, each one CommonJS file.
 * Which of them is built is said by the mode: `vite build --config vite.node.config.mts --mode main`.
 */
import path from 'node:path'
import { defineConfig } from 'vite'

const bundles: Readonly<Record<string, { readonly entry: string; readonly file: string }>> = {
  main: { entry: 'electron/main.ts', file: 'main/main.js' },
  worker: { entry: 'electron/core/transport/simulated/worker.ts', file: 'main/simulated-worker.js' },
  preload: { entry: 'electron/preload/preload.ts', file: 'preload/preload.js' },
}

/** Stay outside the bundle: Electron itself, native code, and a module that loads a file that lies beside it. */
const external = [/^node:/, 'electron', /^serialport($|\/)/, /^@serialport\//, /^@micropython\//]

export default defineConfig(({ mode }) => {
  const bundle = bundles[mode]
  if (bundle === undefined) throw new Error(`There is no bundle ${mode}. There are: ${Object.keys(bundles).join(', ')}.`)
  return {
    root: import.meta.dirname,
    publicDir: false,
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: true,
      // Electron 22's Node is the oldest that the app runs on.
      target: 'node16.17',
      outDir: path.join('dist', path.dirname(bundle.file)),
      emptyOutDir: false,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: bundle.entry,
        external,
        output: { format: 'cjs', entryFileNames: path.basename(bundle.file), codeSplitting: false },
      },
    },
  }
})
