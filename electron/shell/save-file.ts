import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import { MusterError } from '../../shared/errors'

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the disk can only be read',
  ENOENT: 'the folder is not there',
  EISDIR: 'it is a folder',
}

/**
 * Writes the chunks one after the other beside the file and renames it, so that the file is whole or as it was.
 * Rejects with a `MusterError` that says why.
 */
export async function writeWhole(file: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`
  try {
    const handle = await fs.open(temporary, 'wx')
    try {
      for (const chunk of chunks) await handle.writeFile(chunk)
    } finally {
      await handle.close()
    }
    await fs.rename(temporary, file)
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined)
    throw new MusterError(
      {
        code: 'OperationFailed',
        message: `Nothing could be saved as ${file}: ${CAUSES[(error as NodeJS.ErrnoException).code ?? ''] ?? 'the system refused it'}.`,
        hint: 'Choose another folder.',
        retry: true,
      },
      { cause: error },
    )
  }
}
