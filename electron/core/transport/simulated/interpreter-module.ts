/** The parts of the npm package's Emscripten glue that a simulated board uses. */

/** Emscripten's in-memory file system. */
export interface EmscriptenFiles {
  readonly streams: readonly (EmscriptenStream | null | undefined)[]
  readonly root: EmscriptenNode
  close(stream: EmscriptenStream): void
  chdir(path: string): void
  rmdir(path: string): void
  unlink(path: string): void
  writeFile(path: string, text: string): void
  analyzePath(path: string): { readonly exists: boolean }
}

export interface EmscriptenStream {
  readonly fd: number
  readonly position: number
  readonly isAppend: boolean | number
  readonly node: EmscriptenNode
}

export interface EmscriptenNode {
  /** Bytes of a file. */
  readonly usedBytes?: number
  /** A folder's children by name, or a file's bytes. */
  readonly contents?: unknown
  /** Shared by all folders. `statfs` replaces numbers that are made up. */
  readonly node_ops: { statfs?: () => FileSystemSpace }
}

/** In blocks of `bsize` bytes. */
export interface FileSystemSpace {
  readonly bsize: number
  readonly blocks: number
  readonly bfree: number
  readonly bavail: number
}

export interface InterpreterModule {
  readonly FS: EmscriptenFiles
}

type WasmFunction = (...values: number[]) => number

/** What the interpreter's binary exports and the board calls. Pointers are byte offsets into `memory`. */
export interface InterpreterExports {
  readonly memory: { readonly buffer: SharedArrayBuffer }
  readonly malloc: WasmFunction
  readonly free: WasmFunction
  readonly mp_js_init: (pystackWords: number, heapBytes: number) => void
  readonly proxy_c_init: () => void
  readonly mp_js_do_exec: (source: number, length: number, out: number) => void
  readonly mp_js_repl_init: () => void
  readonly mp_js_repl_process_char: WasmFunction
  readonly mp_hal_get_interrupt_char: WasmFunction
  readonly mp_sched_keyboard_interrupt: () => void
  readonly emscripten_stack_get_base: WasmFunction
  readonly emscripten_stack_get_current: WasmFunction
  readonly _emscripten_stack_restore: (pointer: number) => void
  readonly setThrew: (jumpBuffer: number, value: number) => void
}

/** Functions that the binary imports, by name. */
export type InterpreterImports = Record<string, (...values: number[]) => number>

export interface ModuleOptions {
  instantiateWasm(
    imports: { readonly env: InterpreterImports; readonly wasi_snapshot_preview1: InterpreterImports },
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): unknown
  readonly printErr: (text: string) => void
  readonly stdin: () => null
  readonly stdout: () => void
  readonly stderr: () => void
}

export interface InterpreterGlue {
  readonly default: (options: ModuleOptions) => Promise<InterpreterModule>
}
