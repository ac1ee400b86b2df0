import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { boardModules, COLLECTOR_SAMPLES, FINISH_PRELUDE, fileRunner, RESET_PATH, withoutRunner } from './board-python'
import { Collector } from './collector'
import { DelayLoop } from './delay-loop'
import { execute, integerOf } from './execute'
import { Flash } from './flash'
import { BINARY_STDOUT, type InterpreterIo, type InterpreterParts, replaceImports } from './interpreter-imports'
import type { EmscriptenFiles, InterpreterExports, InterpreterGlue, InterpreterModule } from './interpreter-module'
import { findMemoryMap, findStaticData, type InterpreterAccess, type MemoryMap, TRACEBACK_OFFSET, unknownBuild } from './memory-map'
import { MemorySnapshot } from './memory-snapshot'

export interface InterpreterOptions {
  /** The package's WebAssembly with its memory made shared. */
  readonly module: WebAssembly.Module
  readonly packageFolder: string
  /** What `machine.unique_id()` gives, as hexadecimal digits. */
  readonly uniqueId: string
  readonly flashBytes: number
  readonly io: InterpreterIo
}

/** How a piece of code ended. `restart` is SystemExit, `reset` is `machine.reset()`. */
export type RunEnd = 'done' | 'restart' | 'reset'

const PYSTACK_WORDS = 2048
const HEAP_BYTES = 1024 * 1024
const INTERRUPT_CHAR = 0x03
const SPACE = 0x20
/** With less than this in use, a heap that was full is not any more. */
const ROOMY_BYTES = 32 * 1024 * 1024
/** `pyexec_event_repl_process_char` sets this bit for SystemExit and for Ctrl-D on an empty line. */
const FORCED_EXIT = 0x100

/** Unwinds the interpreter at once, from wherever it is. */
class BoardReset extends Error {
  override readonly name = 'BoardReset'
}

/** One MicroPython interpreter, ready for its REPL. Everything here blocks: it lives in a worker. */
export class Interpreter {
  private constructor(
    private readonly exports: InterpreterExports,
    private readonly files: EmscriptenFiles,
    private readonly map: MemoryMap,
    private readonly collector: Collector,
    private readonly delayLoop: DelayLoop,
    private readonly initial: MemorySnapshot,
    private readonly memory: { ranOut: boolean },
    private readonly io: InterpreterIo,
  ) {}

  static async load(options: InterpreterOptions): Promise<Interpreter> {
    const loading = new LoadingInterpreter(options)
    const { files, exports } = await loading.instantiate()
    const data = findStaticData(exports)
    exports.mp_js_init(PYSTACK_WORDS, HEAP_BYTES)
    exports.proxy_c_init()
    const runPython = (source: string): void => {
      const exception = execute(exports, source)
      if (exception !== null) throw new Error(`The simulated board's own code failed: ${exception.text}`)
    }
    const map = findMemoryMap(exports, data, PYSTACK_WORDS, runPython)
    installPython(files, options.uniqueId, runPython)
    const listen = (onTimeAsked: () => void): void => {
      loading.onTimeAsked = onTimeAsked
    }
    const collector = Collector.prepare(exports, map, listen, () => rehearse(exports, files))
    const delayLoop = new DelayLoop(exports, map, durationMs => options.io.sleep(durationMs))
    loading.onTimeAsked = () => {
      if (!collector.isCalled) {
        delayLoop.onTimeAsked()
        return
      }
      const durationMs = collector.onTimeAsked()
      if (durationMs !== null) options.io.onCollected(durationMs)
    }
    loading.onOtherCall = () => delayLoop.interrupted()
    tellBinaryOutput(exports)
    // A file object left over from loading would close its number later, when that is another file's.
    runPython('import gc\ngc.collect()\ndel gc')
    emptyFiles(files)
    const initial = new MemorySnapshot(exports.memory.buffer)
    return new Interpreter(exports, files, map, collector, delayLoop, initial, loading.memory, options.io)
  }

  /** What another thread needs to reach running code. */
  get access(): InterpreterAccess {
    return { memory: this.exports.memory.buffer, map: this.map, collectorMap: this.collector.collectorMap }
  }

  /** As after switching the power on, but with its files. */
  reset(): void {
    for (const stream of this.files.streams) if (stream && stream.fd > 2) this.files.close(stream)
    this.files.chdir('/')
    this.initial.restore(this.exports.memory.buffer)
    this.delayLoop.interrupted()
  }

  startRepl(): void {
    this.exports.mp_js_repl_init()
  }

  /** Whether a Ctrl-C waits to be raised. */
  get isInterrupted(): boolean {
    return this.words[this.map.pendingException / 4] !== 0
  }

  /** Bytes of a source, in raw mode: nothing runs before `feed` gets the 04. */
  feedSource(source: Uint8Array): void {
    for (const byte of source) this.exports.mp_js_repl_process_char(byte)
  }

  /** One byte for the REPL. */
  feed(byte: number): RunEnd {
    this.forgetInterrupt()
    const end = this.guard(() => ((this.exports.mp_js_repl_process_char(byte) & FORCED_EXIT) !== 0 ? 'restart' : 'done'))
    // Only a control byte can have run something.
    if (this.memory.ranOut && end === 'done' && byte < SPACE) this.makeRoom()
    return end
  }

  /** Runs a file as the firmware runs boot.py and main.py; an exception's text goes to the output. */
  runFile(path: string): RunEnd {
    if (!this.files.analyzePath(path).exists) return 'done'
    return this.guard(() => {
      const interruptChar = this.map.interruptChar / 4
      this.forgetInterrupt()
      this.words[interruptChar] = INTERRUPT_CHAR
      const exception = execute(this.exports, fileRunner(path))
      this.words[interruptChar] = -1
      if (exception === null) return 'done'
      if (exception.type === 'SystemExit') return 'restart'
      this.io.write(Buffer.from(withoutRunner(exception.text)), 'text')
      return 'done'
    })
  }

  /**
   * A board collects garbage when memory runs out; this build does not, and only rarely at the top. So after that, what
   * one execution leaves behind goes before the next, until there is room again.
   */
  private makeRoom(): void {
    execute(this.exports, "__import__('gc').collect()")
    this.memory.ranOut = integerOf(this.exports, '', "__import__('gc').mem_alloc()") > ROOMY_BYTES
  }

  private get words(): Int32Array {
    return new Int32Array(this.exports.memory.buffer)
  }

  /** A Ctrl-C that came in just after the code it was meant for had ended must not hit the next one. */
  private forgetInterrupt(): void {
    this.words[this.map.pendingException / 4] = 0
    this.words[(this.map.keyboardInterrupt + TRACEBACK_OFFSET) / 4] = 0
  }

  private guard(run: () => RunEnd): RunEnd {
    const stack = this.exports.emscripten_stack_get_current()
    try {
      return run()
    } catch (error) {
      if (!(error instanceof BoardReset)) throw error
      this.exports._emscripten_stack_restore(stack)
      return 'reset'
    }
  }
}

/** The parts that the imports need, before there is an interpreter. */
class LoadingInterpreter implements InterpreterParts {
  onTimeAsked: () => void = () => {}
  onOtherCall: () => void = () => {}
  private exports: InterpreterExports | null = null
  private module: InterpreterModule | null = null
  private ownFlash: Flash | null = null
  /** Set when the interpreter was refused more memory. */
  readonly memory = { ranOut: false }
  private view: Uint8Array<ArrayBufferLike> = new Uint8Array(0)

  constructor(private readonly options: InterpreterOptions) {}

  async instantiate(): Promise<{ readonly files: EmscriptenFiles; readonly exports: InterpreterExports }> {
    const glueUrl = pathToFileURL(join(this.options.packageFolder, 'micropython.mjs')).href
    const glue: InterpreterGlue = await import(/* @vite-ignore */ glueUrl)
    this.module = await glue.default({
      instantiateWasm: (imports, receive) => {
        replaceImports(imports.env, imports.wasi_snapshot_preview1, this, this.options.io)
        const instance = new WebAssembly.Instance(this.options.module, { ...imports })
        this.exports = instance.exports as InterpreterExports
        receive(instance, this.options.module)
        return instance.exports
      },
      // All it says is that memory can't grow, over and over; the board says it by itself, as a MemoryError.
      printErr: () => {
        this.memory.ranOut = true
      },
      stdin: () => null,
      stdout: () => {},
      stderr: () => {},
    })
    this.ownFlash = new Flash(this.module.FS, this.options.flashBytes)
    return { files: this.module.FS, exports: present(this.exports) }
  }

  get bytes(): Uint8Array {
    const memory = present(this.exports).memory.buffer
    if (this.view.buffer !== memory) this.view = new Uint8Array(memory)
    return this.view
  }

  get files(): EmscriptenFiles {
    return present(this.module).FS
  }

  get flash(): Flash {
    return present(this.ownFlash)
  }

  openReset(path: number): void {
    for (let index = 0; index <= RESET_PATH.length; index++) {
      if (this.bytes[path + index] !== (RESET_PATH.charCodeAt(index) || 0)) return
    }
    throw new BoardReset()
  }
}

function installPython(files: EmscriptenFiles, uniqueId: string, runPython: (source: string) => void): void {
  for (const [name, source] of boardModules(uniqueId)) {
    files.writeFile(`/${name}.py`, source)
    runPython(`import ${name}\ndel ${name}`)
    files.unlink(`/${name}.py`)
  }
  runPython(FINISH_PRELUDE)
}

/** `sys.stdout.buffer` is a file object with the descriptor 1, like text output; from here on it has one of its own. */
function tellBinaryOutput(exports: InterpreterExports): void {
  const address = integerOf(exports, 'import sys', 'id(sys.stdout.buffer)')
  const words = new Int32Array(exports.memory.buffer)
  if (words[address / 4 + 1] !== 1) throw unknownBuild('binary output')
  words[address / 4 + 1] = BINARY_STDOUT
  execute(exports, 'del sys')
}

/** Runs the collector's samples in each way that a board runs code: in raw, friendly and paste mode, and from a file. */
function rehearse(exports: InterpreterExports, files: EmscriptenFiles): void {
  files.writeFile('/samples.py', COLLECTOR_SAMPLES)
  execute(exports, 'import samples')
  exports.mp_js_repl_init()
  const dialogue = ['samples.run()\r', '\x05samples.run()\x04', '\x01samples.run()\x04', '\x02'].join('')
  for (const byte of Buffer.from(dialogue)) exports.mp_js_repl_process_char(byte)
  files.writeFile('/file.py', 'samples.run()')
  execute(exports, fileRunner('file.py'))
  execute(exports, 'import sys\ndel sys.modules["samples"], samples, sys')
  files.unlink('/file.py')
  files.unlink('/samples.py')
}

/** A new board has no files; these are Emscripten's. Its three standard streams are open already and stay so. */
function emptyFiles(files: EmscriptenFiles): void {
  for (const device of ['null', 'tty', 'tty1', 'random', 'urandom', 'stdin', 'stdout', 'stderr']) files.unlink(`/dev/${device}`)
  for (const folder of ['dev/shm/tmp', 'dev/shm', 'dev', 'home/web_user', 'home', 'proc/self/fd', 'proc/self', 'proc', 'tmp'])
    files.rmdir(`/${folder}`)
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error('The interpreter is used before it is loaded.')
  return value
}
