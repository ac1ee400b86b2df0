/** The little of WebAssembly that the core uses. Node has it; its type package leaves it to the browser's library. */
declare namespace WebAssembly {
  class Module {
    constructor(binary: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, unknown>>)
    readonly exports: unknown
  }
  function compile(binary: Uint8Array): Promise<Module>
}
