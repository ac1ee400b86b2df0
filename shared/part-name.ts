/** What a file is called until all of it is there, at either end: never the name of anything of the user's. */
export const PART_SUFFIX = '.muster.part'

/** What an attempt has left that was cut off: it is taken up again, or removed, but never copied. */
export function isPartName(name: string): boolean {
  return name.endsWith(PART_SUFFIX)
}
