import { seeded } from '../../fakes/seeded'

/** Code that is whole, as people write it. */
const WHOLE = [
  '',
  'x = 1',
  'print("a")\nprint("b", end="")',
  'def f(a):\n    return a + 1\nprint(f(1))',
  'for i in range(3):\n\tif i:\n\t\tprint(i)\n\telse:\n\t\tpass',
  'class A:\n    def b(self): return """c\n"""\ny = A().b()',
  'try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e)\nfinally:\n    z = [1,\n2]',
  'text = """a\n\tb\\\nc"""',
  'raise ValueError("end")',
  'def g():\n  raise KeyError(1)\n\ng()',
  'a = (1 +\n2)\n\n# a comment',
  'print("Grüße 👋")',
  'x = 1; y = 2; print(x, y);',
  'with_ = lambda *a, **k: (a, k)\nprint(with_(1, b=2))',
  'import sys\nsys.stdout.write("no line end")',
  'print("\\x1f")\nprint("\\x1fabc", end="\\x1f")',
  'while True:\n  break',
  'assert 1 == 2, "no"',
]

/** What a snippet may end with, most of it unfinished. */
const ENDINGS = [
  ...['\n', '\r\n', '\r', '\n\n\n', ' ', '\t', '\n   ', '\n\t', '\r\n\r\n', ';', '\n;', '\f'],
  ...['\\', '\n\\', '\\\n', '\\\r\n', '\\\r', '\\ ', '\n\\\n', ' \\\n\n', '\nx = \\', '\nx = \\\n', '\nx = \\\r', '\nx = 1 + \\\r\n'],
  ...['# c', '\n# c', '\n# c \\', '\n  # c', '\n#', '\n# c\r'],
  ...['(', '\nf(', '\nx = [1,', '\nx = {', '\nx = {1:\n', '\n)', '\n]', '\nx = (1,\n\n\n'],
  ...[
    "'",
    '"',
    '\nx = "abc',
    "\nx = 'abc\\",
    "\nx = 'abc\\\n",
    "\n'''",
    '\n"""',
    '\nx = """a\nb',
    "\nx = '''a''",
    '\nx = """a"',
    "\nx = b'\\x1",
    '\nx = f"{',
  ],
  ...[
    '\nif x:',
    '\nif 1:\n',
    '\nif 1:\n  ',
    '\nif 1:\n  x = 2',
    '\nif 1:\n  x = 2\n y = 3',
    '\nelse:',
    '\ntry:\n  x = 3',
    '\ntry:\n  x = 3\n',
  ],
  ...['\ndef h():', '\ndef h(', '\nclass B:', '\nclass B', '\n@h', '\n@h\n', '\nfor i in', '\nwhile', '\nlambda:', '\nwith'],
  ...[
    '\nreturn 1',
    '\nyield 1',
    '\nawait 1',
    '\nbreak',
    '\ncontinue',
    '\nimport',
    '\nfrom sys import',
    '\nglobal',
    '\ndel',
    '\nnonlocal q',
    '\nx =',
  ],
  ...[
    '\n  x = 1',
    ' = 3',
    '\n1 +',
    '\nx.',
    '\nNone = 1',
    '\n0x',
    '\n1_',
    '\n$',
    '\n?',
    '\né = 1',
    '\n\x7f',
    '\n`',
    '\nprint(x',
    '\n1 if',
    '\nx = *',
  ],
]

const MUTATIONS = 400
const CHARACTERS = Array.from('()[]{}:;,.\'"\\\n\r\t #=+-@1xé')

/** Snippets whole and broken, the same ones for the same seed. None of them prints 04, or waits. */
export function oddSnippets(seed: number): readonly string[] {
  const random = seeded(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const snippets = [...WHOLE, ...ENDINGS.map(ending => `x = 1${ending}`), ...ENDINGS.map(ending => ending.trimStart())]
  for (let number = 0; number < ENDINGS.length * 2; number++) snippets.push(pick(WHOLE) + pick(ENDINGS))
  for (let number = 0; number < MUTATIONS; number++) {
    let text = pick(WHOLE) + (random() < 0.5 ? pick(ENDINGS) : '')
    for (let change = 0; change <= random() * 3; change++) {
      const at = Math.floor(random() * (text.length + 1))
      text = text.slice(0, at) + (random() < 0.6 ? pick(CHARACTERS) : '') + text.slice(at + (random() < 0.5 ? 1 : 0))
    }
    // A loop that has lost its break would never end.
    if (!/while/.test(text) || /while True:\n {2}break/.test(text)) snippets.push(text)
  }
  return snippets.filter(text => text !== '')
}
