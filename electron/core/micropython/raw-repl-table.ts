export type State =
  /** No execution: everything is `outside`. */
  | 'idle'
  /** The code is sent, `OK` has not come. */
  | 'accepting'
  | 'output'
  /** After a 04: the text of an exception, or more output. */
  | 'error'
  /** As `error`, but too long to keep: it is passed on. */
  | 'spill'
  /** After a second 04: a prompt comes, or the interpreter restarts, or neither 04 was an end. */
  | 'closed'
  /** After `04 … 04 >`. */
  | 'prompt'
  /** After `04 04` and the words of a soft reboot: start-up text until the banner. */
  | 'rebooting'

export type FramedState = Exclude<State, 'idle' | 'accepting'>
/** `end`: one 04. `prompt`: a `>` right after a 04. `text`: anything else, up to the next 04. */
export type Token = 'end' | 'prompt' | 'text'
export type Action = 'pass' | 'open' | 'hold' | 'spill' | 'close' | 'slide' | 'guess' | 'divide' | 'await' | 'refute' | 'reboot'

/** What an execution's answer is read by: from state and token to an action and the next state. An action may choose another one. */
export const ANSWER_TABLE: Readonly<Record<FramedState, Readonly<Record<Token, readonly [Action, FramedState]>>>> = {
  output: { end: ['open', 'error'], prompt: ['pass', 'output'], text: ['pass', 'output'] },
  error: { end: ['close', 'closed'], prompt: ['hold', 'error'], text: ['hold', 'error'] },
  spill: { end: ['close', 'closed'], prompt: ['spill', 'spill'], text: ['spill', 'spill'] },
  closed: { end: ['slide', 'closed'], prompt: ['guess', 'prompt'], text: ['divide', 'error'] },
  prompt: { end: ['refute', 'error'], prompt: ['await', 'prompt'], text: ['await', 'prompt'] },
  rebooting: { end: ['reboot', 'rebooting'], prompt: ['reboot', 'rebooting'], text: ['reboot', 'rebooting'] },
}
