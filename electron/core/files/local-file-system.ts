import fs from 'node:fs/promises'

/** The part of the computer's file system that is used here. Passed in, so that a test can have its disk full. */
export type LocalFileSystem = Pick<
  typeof fs,
  'lstat' | 'mkdir' | 'open' | 'opendir' | 'readFile' | 'realpath' | 'rename' | 'rm' | 'rmdir' | 'unlink' | 'writeFile'
>

export const systemFiles: LocalFileSystem = fs
