import { MusterError } from '../../../../shared/errors'
import type { FileProof, WrittenFile } from '../../../../shared/model'
import { countOf } from './answer'
import { BoardWriteFailure, writeBinary } from './binary-writer'
import type { FileSource, WriteOptions } from './board-files'
import { partPath, splitPath } from './board-path'
import { throwIfAborted } from './board-questions'
import { boardError, type FileDeed, fileError, reasonOf } from './file-failure'
import { discardProgram, finishWriteProgram, prefixHashProgram, prepareWriteProgram, replaceProgram } from './file-programs'
import { flatFinishProgram, flatPrepareProgram, flatRemoveProgram } from './flat-programs'
import { DigestedSource } from './source-digest'
import { writeText } from './text-transfer'
import { type BoardAccess, closingWhatIsLeft, hashMs, hashOf, hashOptions, type TransferMeter } from './transfer-context'

/** A transfer whose proof fails is done again this often before the line is given up. */
const WHOLE_ATTEMPTS = 2
/** So much more than the file itself has to be free: file systems keep some room for themselves. */
const FULL_BYTES = 16 * 1024

/** What a write needs of the operations around it. */
export interface WriteHelp {
  /** SHA-256 of a file on the board, however it can be had. */
  readonly sha256Of: (path: string, signal: AbortSignal) => Promise<string>
  readonly isFlat: boolean
}

interface Prepared {
  readonly replaced: boolean
  readonly partBytes: number
  readonly freeMemoryBytes: number | null
}

/** Old or new, never a part: to a temporary name beside it, proved there, then renamed. */
export class FileWrite {
  private readonly part: string
  private readonly deed: FileDeed
  private readonly source: DigestedSource
  private readonly startedMs: number
  private readonly meter: TransferMeter
  private stage: 'copying' | 'verifying' = 'copying'
  private resumedAtBytes = 0
  /** When it was to be proved, nothing was there. */
  private isRemoved = false

  constructor(
    private readonly access: BoardAccess,
    private readonly help: WriteHelp,
    private readonly path: string,
    private readonly plain: FileSource,
    private readonly options: WriteOptions,
  ) {
    this.part = partPath(path)
    this.deed = { deed: `Writing ${path}`, port: access.talk.port }
    this.source = new DigestedSource(plain, this.deed)
    this.startedMs = access.clock.monotonicMs()
    this.meter = { doneBytes: 0, retries: 0, report: () => this.report() }
  }

  async run(): Promise<WrittenFile> {
    const { options } = this
    throwIfAborted(options.signal)
    let prepared = await this.prepare(options.resume === true)
    await this.checkCondition(prepared)
    for (let attempt = 1; ; attempt++) {
      this.stage = 'copying'
      await this.copy(prepared)
      this.stage = 'verifying'
      this.meter.doneBytes = this.plain.bytes
      this.report()
      const digests = await this.source.whole()
      if (options.sha256 !== undefined && options.sha256 !== digests.sha256) {
        await this.discard()
        throw fileError(this.deed, 'file-changed', 'the file on the computer is not what it was')
      }
      if ((await this.plain.isStill?.(digests.sha256, options.signal)) === false) {
        await this.discard()
        throw fileError(this.deed, 'file-changed', 'the file on the computer was written while it was copied')
      }
      const proof = await this.proof()
      const finished = await this.finish(prepared, proof, digests)
      if (finished !== null) {
        const durationMs = this.access.clock.monotonicMs() - this.startedMs
        return { path: this.path, bytes: this.plain.bytes, sha256: digests.sha256, proof, ...finished, durationMs }
      }
      this.meter.retries++
      if (attempt === WHOLE_ATTEMPTS) {
        await this.discard()
        throw this.isRemoved
          ? fileError(this.deed, 'file-changed', 'what was written so far was removed on the board')
          : fileError(this.deed, 'file-damaged')
      }
      prepared = await this.prepare(false)
    }
  }

  private async prepare(keepPart: boolean): Promise<Prepared> {
    const { questions } = this.access
    const { deed } = this.deed
    const { signal } = this.options
    if (this.help.isFlat) {
      const body = (): string => closingWhatIsLeft(this.access.abilities, flatPrepareProgram(this.name, this.partName, true))
      const [first = ''] = await questions.records({ deed, signal, body })
      const [size = '', , heap] = first.split(',')
      return { replaced: size !== '-1', partBytes: 0, freeMemoryBytes: countOf(heap) }
    }
    const body = (): string => closingWhatIsLeft(this.access.abilities, prepareWriteProgram(this.path, this.part, keepPart))
    const [first = ''] = await questions.records({ deed, signal, body }, 'read-only-files')
    const [kind, , partBytes, heap] = first.split(',')
    const free = countOf(heap)
    return {
      replaced: kind === '1',
      partBytes: countOf(partBytes) ?? 0,
      freeMemoryBytes: free === null || free === 0 ? this.access.abilities.freeMemoryBytes : free,
    }
  }

  private async checkCondition({ replaced }: Prepared): Promise<void> {
    const { ifSha256, signal } = this.options
    if (ifSha256 === undefined) return
    if (ifSha256 === null) {
      if (replaced) throw fileError(this.deed, 'file-exists')
      return
    }
    if (!replaced || (await this.help.sha256Of(this.path, signal)) !== ifSha256) throw fileError(this.deed, 'file-changed')
  }

  private async copy(prepared: Prepared): Promise<void> {
    const { access, deed, plain, meter, options } = this
    const { signal, feedCode } = options
    const { freeMemoryBytes } = prepared
    const offset = await this.provedBeginning(prepared.partBytes, freeMemoryBytes)
    if (this.resumedAtBytes === 0) this.resumedAtBytes = offset
    meter.doneBytes = offset
    this.report()
    const write = {
      access,
      deed,
      path: this.help.isFlat ? this.partName : this.part,
      signal,
      meter,
      freeMemoryBytes,
      totalBytes: plain.bytes,
      read: (position: number, length: number) => this.source.read(position, length),
      proveBeginning: async () => this.provedBeginning((await this.prepare(true)).partBytes, freeMemoryBytes),
      ...(feedCode !== undefined && { feedCode }),
    }
    try {
      await (access.abilities.features.includes('binaryInput') ? writeBinary(write, offset) : writeText(write, offset))
    } catch (error) {
      if (!(error instanceof BoardWriteFailure)) throw error
      throw await this.explain(error)
    }
  }

  /** How much of what is on the board is the beginning of the source. */
  private async provedBeginning(partBytes: number, freeMemoryBytes: number | null): Promise<number> {
    const { access, plain, options } = this
    const hash = hashOf(access.abilities)
    if (partBytes === 0 || partBytes > plain.bytes || hash === null) return 0
    const [digest] = await access.questions.records({
      deed: this.deed.deed,
      signal: options.signal,
      workMs: hashMs(partBytes),
      body: () => prefixHashProgram(this.part, partBytes, hashOptions(hash, freeMemoryBytes, options.feedCode)),
    })
    return digest === (await this.source.prefix(partBytes, hash)) ? partBytes : 0
  }

  private async proof(): Promise<FileProof> {
    return hashOf(this.access.abilities) ?? (await this.readBack())
  }

  /** For a board that can't hash: all of it comes back. */
  private async readBack(): Promise<FileProof> {
    const { sha256 } = await this.source.whole()
    const back = await this.help.sha256Of(this.part, this.options.signal)
    if (back === sha256) return 'readBack'
    await this.discard()
    throw fileError(this.deed, 'file-damaged')
  }

  /** Null: what is on the board is something else. */
  private async finish(
    { freeMemoryBytes }: Prepared,
    proof: FileProof,
    digests: { readonly sha256: string; readonly crc32: string },
  ): Promise<Pick<WrittenFile, 'replaced' | 'atomic'> | null> {
    const { access, path, part, plain, options } = this
    const isByBoard = proof === 'sha256' || proof === 'crc32'
    const canRename = access.abilities.features.includes('rename')
    const finish = {
      path,
      part,
      bytes: plain.bytes,
      canRename,
      proof: isByBoard ? { options: hashOptions(proof, freeMemoryBytes, options.feedCode), digest: digests[proof] } : null,
    }
    const { records, failure } = await access.questions.ask({
      deed: this.deed.deed,
      signal: options.signal,
      workMs: hashMs(2 * plain.bytes),
      body: again =>
        this.help.isFlat ? flatFinishProgram(this.name, this.partName, plain.bytes, again) : finishWriteProgram(finish, again),
    })
    if (failure !== null) throw await this.explain(new BoardWriteFailure(failure))
    const [word, replaced, atomic] = (records[0] === 'held' ? await this.replace() : records[0])?.split(',') ?? []
    this.isRemoved = word === 'different' && replaced === '0'
    if (word !== 'done' || !(await this.isThere(digests.sha256))) return null
    return { replaced: replaced === '1', atomic: atomic === '1' }
  }

  /** On a bad line, a program that the board did not check may have given the file another name than it was told. */
  private async isThere(sha256: string): Promise<boolean> {
    const { questions, abilities } = this.access
    if (questions.isChecked || !abilities.features.includes('sha256')) return true
    try {
      return (await this.help.sha256Of(this.path, this.options.signal)) === sha256
    } catch (error) {
      if (error instanceof MusterError && error.reason === 'file-not-found') return false
      throw error
    }
  }

  private async replace(): Promise<string | undefined> {
    const body = (): string => replaceProgram(this.path, this.part)
    const { records, failure } = await this.access.questions.ask({ deed: this.deed.deed, signal: this.options.signal, body })
    if (failure !== null) throw await this.explain(new BoardWriteFailure(failure))
    return records[0]
  }

  /** What a file system without clear words means, by what can be seen. What was written is removed. */
  private async explain({ failure }: BoardWriteFailure): Promise<MusterError> {
    const reason = reasonOf(failure)
    if (reason === 'no-memory') return fileError(this.deed, reason)
    const freeBytes = await this.discard()
    const isFull = reason === null && failure.type === 'OSError' && (freeBytes === null || freeBytes < this.plain.bytes + FULL_BYTES)
    if (isFull) return fileError(this.deed, 'disk-full')
    if (reason === 'disk-full') return fileError(this.deed, reason)
    return boardError(this.deed, failure)
  }

  /** Removes what was written under the temporary name; returns how much room there is then, null where the board can't tell. */
  private async discard(): Promise<number | null> {
    const { questions } = this.access
    const { deed } = this.deed
    try {
      if (this.help.isFlat) {
        await questions.records({ deed, body: () => flatRemoveProgram(this.partName, true) })
        return null
      }
      const { folder } = splitPath(this.path)
      const [freeBytes] = await questions.records({ deed, body: () => discardProgram(this.part, folder) })
      return countOf(freeBytes)
    } catch (error) {
      this.access.logger.warn(`${this.part} on the board on ${this.deed.port} could not be removed.`, { error: String(error) })
      // Nobody knows: then it is not said to be full.
      return Number.POSITIVE_INFINITY
    }
  }

  private report(): void {
    const { stage, resumedAtBytes, meter } = this
    this.options.onProgress?.({ doneBytes: meter.doneBytes, stage, resumedAtBytes, retries: meter.retries })
  }

  private get name(): string {
    return this.path.slice(1)
  }

  private get partName(): string {
    return this.part.slice(1)
  }
}
