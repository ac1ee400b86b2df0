/** Bytes that nothing can compress; the same for the same seed. */
export function randomBytes(bytes: number, seed: number): Buffer {
  const next = seeded(seed)
  const words = new Uint32Array(Math.ceil(bytes / 4))
  for (let index = 0; index < words.length; index++) words[index] = next()
  return Buffer.from(words.buffer, 0, bytes)
}

/** Names are put together of these, so that there are as many as in a program of that size. */
const SYLLABLES = [
  'ad',
  'ber',
  'co',
  'dis',
  'en',
  'fil',
  'ga',
  'hor',
  'in',
  'jus',
  'ker',
  'lo',
  'mo',
  'ne',
  'or',
  'pul',
  're',
  'sta',
  'ti',
  'ver',
]
const NAMES = 400
const OWN_NAMES = 12
/** Few of them are used often, most of them seldom, as people do. */
const NAME_BIAS = 2.2
const VERBS = ['read', 'write', 'reset', 'update', 'measure', 'enable', 'handle', 'publish', 'collect', 'schedule', 'calibrate', 'drain']

/**
 * Python source like that of people who write for boards: classes with short methods, a vocabulary of names, numbers, comments.
 * It can be compressed about as well as such sources can, to a quarter at best. Exactly so many bytes; the same for the same seed.
 */
export function sourceText(bytes: number, seed: number): Buffer {
  const next = seeded(seed)
  const below = (limit: number): number => next() % limit
  const word = (syllables: number): string => Array.from({ length: syllables }, () => SYLLABLES[below(SYLLABLES.length)] ?? '').join('')
  const names = Array.from({ length: NAMES }, () => word(2 + below(2)))
  const anyName = (): string => names[Math.floor(NAMES * (below(10_000) / 10_000) ** NAME_BIAS)] ?? ''
  // A class has names of its own, which come again within it.
  let own: readonly string[] = []
  const name = (): string => (below(2) === 0 ? own[below(own.length)] : undefined) ?? anyName()
  const verb = (): string => VERBS[below(VERBS.length)] ?? ''
  const number = (): string => (below(4) === 0 ? `0x${below(0x1000).toString(16)}` : String(below(10 ** (1 + below(4)))))
  const sentence = (): string => Array.from({ length: 4 + below(8) }, name).join(' ')
  const statement = (): string => {
    switch (below(9)) {
      case 0:
        return `self.${name()} = ${number()}`
      case 1:
        return `if self.${name()} > ${number()}:\n            self.${verb()}_${name()}(${name()}, ${number()})`
      case 2:
        return `for ${name()} in range(${number()}):\n            self.${name()}[${name()}] = (${name()} >> ${below(8)}) & ${number()}`
      case 3:
        return `${name()} = self.${name()}.${verb()}(self.${name()}, ${number()}, ${name()})`
      case 4:
        return `# ${sentence()}`
      case 5:
        return `print("${sentence()}:", self.${name()}, ${name()})`
      case 6:
        return `${name()} = [${Array.from({ length: 3 + below(6) }, number).join(', ')}]`
      case 7:
        return `while not ${name()}.${name()}():\n            time.sleep_ms(${number()})`
      default:
        return `return self.${name()} * ${number()} // ${name()}`
    }
  }
  let text = 'import time\nfrom machine import Pin, I2C\n'
  while (text.length < bytes) {
    own = Array.from({ length: OWN_NAMES }, anyName)
    text += `\n\nclass ${word(3)}:\n    """${sentence()}."""\n\n    def __init__(self, ${name()}, ${name()}=${number()}):\n`
    for (let line = 2 + below(6); line > 0; line--) text += `        self.${name()} = ${below(2) === 0 ? name() : number()}\n`
    for (let method = 3 + below(5); method > 0; method--) {
      text += `\n    def ${verb()}_${name()}(self, ${name()}):\n`
      for (let line = 2 + below(8); line > 0; line--) text += `        ${statement()}\n`
    }
  }
  return Buffer.from(text.slice(0, bytes), 'ascii')
}

/** Whole numbers of 32 bits: a multiply-with-carry generator, whose numbers no compressor finds a pattern in. */
function seeded(seed: number): () => number {
  let state = BigInt(seed) + 0x9e37_79b9n
  return () => {
    state = (state & 0xffff_ffffn) * 4_294_957_665n + (state >> 32n)
    return Number(state & 0xffff_ffffn)
  }
}
