/** A text as a Python literal in plain ASCII: nothing in it can end the literal, or be seen by the prompt. */
export function pythonText(text: string): string {
  const escaped = Array.from(text, character => {
    const code = character.codePointAt(0) ?? 0
    if (character === '\\' || character === "'") return `\\${character}`
    if (code >= 0x20 && code < 0x7f) return character
    if (code < 0x100) return `\\x${hex(code, 2)}`
    return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
  })
  return `'${escaped.join('')}'`
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
