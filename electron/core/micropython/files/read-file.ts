import { createHash } from 'node:crypto'
import type { FileProof } from '../../../../shared/model'
import { countOf } from './answer'
import { readBinary } from './binary-reader'
import type { FileSink, ReadResult, TransferOptions } from './board-files'
import { throwIfAborted } from './board-questions'
import { crc32 } from './checksum'
import { type FileDeed, fileError } from './file-failure'
import { hashProgram, prefixHashProgram, prepareReadProgram } from './file-programs'
import { flatPrepareProgram } from './flat-programs'
import { readText } from './text-transfer'
import { type BoardAccess, hashMs, hashOf, hashOptions, type TransferMeter } from './transfer-context'

interface Found {
  readonly bytes: number
  readonly freeMemoryBytes: number | null
}

/** Every chunk is proved as it comes, and the whole when all is there: a file that changes meanwhile is noticed. */
export class FileRead {
  private readonly deed: FileDeed
  private readonly meter: TransferMeter
  private stage: 'copying' | 'verifying' = 'copying'
  private resumedAtBytes = 0
  private sha = createHash('sha256')
  private crc = 0

  constructor(
    private readonly access: BoardAccess,
    private readonly isFlat: boolean,
    private readonly path: string,
    private readonly sink: FileSink,
    private readonly options: TransferOptions,
  ) {
    this.deed = { deed: `Reading ${path}`, port: access.talk.port }
    this.meter = { doneBytes: 0, retries: 0, report: () => this.report() }
  }

  async run(): Promise<ReadResult> {
    throwIfAborted(this.options.signal)
    const found = await this.prepare()
    const hash = hashOf(this.access.abilities)
    this.resumedAtBytes = await this.provedBeginning(found)
    this.meter.doneBytes = this.resumedAtBytes
    this.report()
    await this.copy(found)
    this.stage = 'verifying'
    this.report()
    const sha256 = await this.sha256(found)
    const proof = await this.prove(found, hash === 'sha256' ? sha256 : this.crc.toString(16).padStart(8, '0'))
    return { bytes: found.bytes, sha256, proof }
  }

  private async prepare(): Promise<Found> {
    const { questions, abilities } = this.access
    const { deed } = this.deed
    const { signal } = this.options
    if (this.isFlat) {
      const name = this.path.slice(1)
      const [first = ''] = await questions.records({ deed, signal, body: () => flatPrepareProgram(name, name, false) })
      const [size = '', , heap] = first.split(',')
      if (size === '-1') throw fileError(this.deed, 'file-not-found')
      return { bytes: countOf(size) ?? 0, freeMemoryBytes: countOf(heap) }
    }
    const [first = ''] = await questions.records({ deed, signal, body: () => prepareReadProgram(this.path) })
    const [kind, size, heap] = first.split(',')
    if (kind === '0') throw fileError(this.deed, 'file-not-found')
    if (kind === '2') throw fileError(this.deed, 'is-a-folder')
    return { bytes: countOf(size) ?? 0, freeMemoryBytes: countOf(heap) || abilities.freeMemoryBytes }
  }

  /** What the sink has of an earlier attempt, if it is the beginning of this file; else the sink begins anew. */
  private async provedBeginning({ bytes, freeMemoryBytes }: Found): Promise<number> {
    const { sink, options, access } = this
    const { resumeAt } = sink
    if (resumeAt === 0) return 0
    const hash = access.abilities.features.includes('sha256') ? hashOptions('sha256', freeMemoryBytes, options.feedCode) : null
    if (options.resume === true && resumeAt <= bytes && hash !== null) {
      const [digest] = await access.questions.records({
        deed: this.deed.deed,
        signal: options.signal,
        workMs: hashMs(resumeAt),
        body: () => prefixHashProgram(this.path, resumeAt, hash),
      })
      if (digest === (await sink.prefixSha256(resumeAt))) return resumeAt
    }
    await sink.restart()
    return 0
  }

  private async copy({ bytes, freeMemoryBytes }: Found): Promise<void> {
    const { access, deed, options, sink, meter } = this
    const { features } = access.abilities
    const read = {
      access,
      deed,
      path: this.isFlat ? this.path.slice(1) : this.path,
      signal: options.signal,
      meter,
      freeMemoryBytes,
      totalBytes: bytes,
      take: async (chunk: Uint8Array) => {
        this.sha.update(chunk)
        this.crc = crc32(chunk, this.crc)
        await sink.write(chunk)
      },
      ...(options.feedCode !== undefined && { feedCode: options.feedCode }),
    }
    const isBinary = features.includes('binaryInput') && features.includes('binaryOutput')
    await (isBinary ? readBinary(read, this.resumedAtBytes) : readText(read, this.resumedAtBytes))
  }

  /** The sink alone knows what was there before. */
  private async sha256({ bytes }: Found): Promise<string> {
    return this.resumedAtBytes === 0 ? this.sha.digest('hex') : await this.sink.prefixSha256(bytes)
  }

  private async prove({ bytes, freeMemoryBytes }: Found, digest: string): Promise<FileProof> {
    const { access, options, path } = this
    const { questions } = access
    const { deed } = this.deed
    const { signal } = options
    const hash = hashOf(access.abilities)
    if (hash === null) {
      const now = await this.prepare()
      if (now.bytes !== bytes) throw fileError(this.deed, 'file-changed')
      return 'size'
    }
    const body = (): string => hashProgram([path], hashOptions(hash, freeMemoryBytes, options.feedCode))
    const [first = ''] = await questions.records({ deed, signal, workMs: hashMs(bytes), body })
    const [, size, found] = first.split(',')
    // Each chunk was proved: what differs now has been changed on the board.
    if (countOf(size) !== bytes || found !== digest) throw fileError(this.deed, 'file-changed')
    return hash
  }

  private report(): void {
    const { stage, resumedAtBytes, meter } = this
    this.options.onProgress?.({ doneBytes: meter.doneBytes, stage, resumedAtBytes, retries: meter.retries })
  }
}
