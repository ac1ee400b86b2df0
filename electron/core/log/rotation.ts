/** Names of the files, newest first: `muster.log`, `muster.1.log`, … */
export function logFileNames(baseName: string, filesKept: number): readonly string[] {
  return Array.from({ length: filesKept }, (_, age) => (age === 0 ? `${baseName}.log` : `${baseName}.${age}.log`))
}

/** An empty file takes an entry of any size: turning it over would help nothing. */
export function needsRotation(fileBytes: number, newBytes: number, limitBytes: number): boolean {
  return fileBytes > 0 && fileBytes + newBytes > limitBytes
}

/** Renames that make room for a new file, in the order in which they must happen. The oldest file is overwritten. */
export function rotationSteps(baseName: string, filesKept: number): readonly { readonly from: string; readonly to: string }[] {
  const names = logFileNames(baseName, filesKept)
  const steps = names.slice(1).map((to, index) => ({ from: names[index] ?? to, to }))
  return steps.reverse()
}
