/** What a launch asks for. */
export interface LaunchArguments {
  /** Start simulated boards, run a snippet on each and say what they answered. */
  readonly demo: boolean
  /** Where the demo writes a picture of its window. */
  readonly screenshot: string | null
  /** Quit when the demo is over. */
  readonly exit: boolean
}

export type ParsedArguments = { readonly ok: true; readonly launch: LaunchArguments } | { readonly ok: false; readonly problem: string }

const ARGUMENTS_MAX = 64
const ARGUMENT_MAX_CHARS = 4_096

/**
 * Reads a command line, our own or the one that a second launch hands over, which any program of this user can do. The
 * app's own options count wherever they stand; Chromium's switches and the app's folder are not ours to judge.
 */
export function parseLaunchArguments(argumentList: readonly unknown[]): ParsedArguments {
  if (argumentList.length > ARGUMENTS_MAX) return problem(`More than ${ARGUMENTS_MAX} arguments were given.`)
  let demo = false
  let exit = false
  let screenshot: string | null = null
  for (let index = 0; index < argumentList.length; index++) {
    const argument = argumentList[index]
    if (!isText(argument)) {
      return problem(`Argument ${index + 1} is not a text of at most ${ARGUMENT_MAX_CHARS} characters.`)
    }
    if (argument === '--demo') demo = true
    else if (argument === '--exit') exit = true
    else if (argument === '--screenshot') screenshot = fileName(argumentList[++index])
    else if (argument.startsWith('--screenshot=')) screenshot = fileName(argument.slice('--screenshot='.length))
    if (screenshot === '') return problem('--screenshot needs the name of a .png file after it.')
  }
  if (!demo && (exit || screenshot !== null)) return problem('--screenshot and --exit belong to --demo.')
  return { ok: true, launch: { demo, screenshot, exit } }
}

/** Empty when it is no name of a picture. */
function fileName(value: unknown): string {
  return isText(value) && !value.startsWith('--') && /[^/\\]\.png$/i.test(value) ? value : ''
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= ARGUMENT_MAX_CHARS && !value.includes('\0')
}

function problem(text: string): ParsedArguments {
  return { ok: false, problem: text }
}
