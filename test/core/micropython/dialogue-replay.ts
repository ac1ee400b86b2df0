import { readFileSync } from 'node:fs'
import path from 'node:path'
import { RawPaste } from '../../../electron/core/micropython/raw-paste'
import type { RawReplEvent } from '../../../electron/core/micropython/raw-repl-events'
import { RawReplParser } from '../../../electron/core/micropython/raw-repl-parser'
import { fromLatin1, latin1 } from '../../fakes/scripted-board'

/** What one side said until the other one spoke, byte for byte (Latin-1). */
export interface Step {
  readonly sent?: string
  readonly received?: string
}

export interface Dialogue {
  readonly board: string
  readonly steps: readonly Step[]
}

/** Recorded between the protocol and real interpreters: entering, output of all kinds, exceptions, long code, an interrupt, a reset, leaving. */
export function recordedDialogues(): readonly Dialogue[] {
  return ['native', 'microbit'].map(name => JSON.parse(readFileSync(path.join(__dirname, 'dialogues', `${name}.json`), 'utf8')))
}

const MARKED = /__import__\('sys'\)\.stdout\.write\(b'\\x1f([\w-]{11})'\)/

export function markIn(code: string): Uint8Array | null {
  const word = MARKED.exec(code)?.[1]
  return word === undefined ? null : latin1(`\x1f${word}`)
}

/** Reads a recorded dialogue with the parser, as the link does. `cut`: what one step brought comes in these pieces. */
export class Replay {
  private readonly parser = new RawReplParser()
  private paste: RawPaste | null = null
  private pasted = ''
  private isProbe = false
  /** What was made of it: neighbouring output of one kind is one entry. */
  readonly reading: string[] = []
  private channel = ''

  constructor(private readonly cut: (bytes: Uint8Array, step: Step) => readonly Uint8Array[] = bytes => [bytes]) {}

  read(steps: readonly Step[]): readonly string[] {
    for (const step of steps) {
      if (step.sent !== undefined) this.send(step.sent)
      else for (const piece of this.cut(bytesOf(step), step)) this.receive(piece)
    }
    return this.reading
  }

  private send(text: string): void {
    if (text === '\x05A\x01') {
      this.paste = new RawPaste()
      this.pasted = ''
    } else if (text === '\x01') this.parser.promptRequested()
    else if (this.paste !== null && text !== '\x04') {
      this.pasted += text
      this.paste.sent(text.length)
    } else if (this.paste !== null) this.paste.finished()
    else if (text.endsWith('\x04')) {
      this.isProbe = text.startsWith("{}['")
      this.parser.expectExecution(markIn(text))
    }
  }

  private receive(bytes: Uint8Array): void {
    let rest = bytes
    if (this.paste !== null) {
      rest = bytes.subarray(this.paste.feed(bytes))
      const { state } = this.paste
      if (state === 'closed') this.parser.expectOutput(markIn(this.pasted))
      if (state === 'unknown') this.parser.promptRequested()
      if (state !== 'asking' && state !== 'open') this.paste = null
    }
    for (const event of this.parser.feed(rest)) {
      this.note(event)
      if (!this.isProbe || event.type !== 'prompt') continue
      // The answer that only the prompt can give: the link takes it for the end.
      this.isProbe = false
      for (const left of this.parser.settle()) this.note(left)
    }
  }

  private note(event: RawReplEvent): void {
    // What the latest bytes of a piece look like depends on the pieces.
    if (event.type === 'friendly-prompt' || event.type === 'raw-paste') return
    if ('bytes' in event) {
      if (this.channel !== event.type) this.reading.push(`${event.type}: `)
      this.channel = event.type
      this.reading[this.reading.length - 1] += fromLatin1(event.bytes)
      return
    }
    this.channel = ''
    if (event.type !== 'ended') this.reading.push(event.type)
    else
      this.reading.push(
        `${event.outcome}${event.marked ? ', marked' : ''}${event.ambiguous ? ', ambiguous' : ''}${event.restarted ? ', restarted' : ''}`,
      )
  }
}

const known = new Map<Step, Uint8Array>()

function bytesOf(step: Step): Uint8Array {
  const bytes = known.get(step) ?? latin1(step.received ?? '')
  known.set(step, bytes)
  return bytes
}

/** The steps from code that was sent to the next: what they bring can be read on its own. */
export function exchanges({ steps }: Dialogue): readonly (readonly Step[])[] {
  const all: Step[][] = []
  let isAnswered = true
  for (const step of steps) {
    if (step.sent !== undefined && step.sent.length > 1 && isAnswered) {
      all.push([])
      isAnswered = step.sent !== '\x05A\x01'
    } else if (step.sent === '\x04') isAnswered = true
    all.at(-1)?.push(step)
  }
  return all
}
