import { TextDecoder } from 'node:util'
import { FILTER_QUEUE_BYTES } from '../../../../shared/limits'
import type { FilterSpec } from '../../../../shared/model'
import type { Filter, Message, Next } from './filter'
import type { FilterContext } from './filter-context'
import { numberSetting, textSetting } from './filter-settings'
import { LineSplitter } from './line-splitter'

/** Makes lines of what comes in, and bytes of the lines that go out. UTF-8; what is none becomes U+FFFD. */
export function createTextCodec(spec: FilterSpec, { settings }: FilterContext): Filter {
  const defaults = settings().filters.textCodec
  const delimiter = textSetting(spec, 'delimiter', defaults.delimiter)
  const maxLineLength = numberSetting(spec, 'maxLineLength', defaults.maxLineLength) || FILTER_QUEUE_BYTES
  return new TextCodec(spec, delimiter, maxLineLength)
}

class TextCodec implements Filter {
  readonly accepts = 'bytes'
  readonly produces = 'text'
  private decoder = utf8Decoder()
  private readonly splitter: LineSplitter
  private linesIn = 0
  private linesOut = 0

  constructor(
    readonly spec: FilterSpec,
    private readonly delimiter: string,
    maxLineLength: number,
  ) {
    this.splitter = new LineSplitter(delimiter, maxLineLength)
  }

  received(message: Message, next: Next): void | Promise<void> {
    const text = typeof message === 'string' ? message : this.decoder.decode(message, { stream: true })
    const lines = this.splitter.push(text)
    this.linesIn += lines.length
    return handOn(lines, next)
  }

  /** Bytes go as they are; text is a line and ends like one. */
  sent(message: Message, next: Next): void | Promise<void> {
    if (typeof message !== 'string') return next(message)
    this.linesOut++
    return next(Buffer.from(message.endsWith(this.delimiter) ? message : message + this.delimiter))
  }

  preRemove(flush: Next): void | Promise<void> {
    const rest = this.splitter.push(this.decoder.decode())
    this.decoder = utf8Decoder()
    const unfinished = this.splitter.takeRest()
    return handOn(unfinished === '' ? rest : [...rest, unfinished], flush)
  }

  report(): ReturnType<Filter['report']> {
    return [
      { label: 'Lines received', value: String(this.linesIn) },
      { label: 'Lines sent', value: String(this.linesOut) },
      { label: 'Lines cut', value: String(this.splitter.cuts) },
    ]
  }
}

/** A byte order mark is text like any other. */
function utf8Decoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true })
}

function handOn(messages: readonly Message[], next: Next): void | Promise<void> {
  for (const [index, message] of messages.entries()) {
    const going = next(message)
    if (going !== undefined) return going.then(() => handOn(messages.slice(index + 1), next))
  }
}
