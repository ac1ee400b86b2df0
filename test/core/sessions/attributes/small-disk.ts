import { silentLogger } from '../../../../electron/core/base/logger'
import { createAttributeStores } from '../../../../electron/core/sessions/attributes/attribute-stores'
import { MusterError } from '../../../../shared/errors'

/**
 * Runs in a process of its own, on a disk that takes no more than 64 kB: stores little, too much, and little again, and
 * says how each went.
 */
async function storeOnSmallDisk(folder: string): Promise<readonly string[]> {
  const said: string[] = []
  const outcomeOf = async (work: Promise<unknown>): Promise<void> => {
    try {
      said.push(JSON.stringify((await work) ?? null))
    } catch (error) {
      said.push(
        error instanceof MusterError ? `${error.code} ${error.reason} ${(error.cause as NodeJS.ErrnoException).code}` : String(error),
      )
    }
  }
  const store = await createAttributeStores({ folder, logger: silentLogger }).create({
    sessionId: `session-${'0'.repeat(32)}`,
    store: 'file',
  })
  await outcomeOf(store.set('a', 'before'))
  await outcomeOf(store.set('a', 'x'.repeat(200_000)))
  await outcomeOf(store.get('a'))
  await outcomeOf(store.set('a', 'after'))
  await outcomeOf(store.get('a'))
  return said
}

const folder = process.argv[2]
if (folder === undefined) throw new Error('Give the folder.')
void storeOnSmallDisk(folder).then(said => process.stdout.write(JSON.stringify(said)))
