import { afterEach, describe, expect, it } from 'vitest'
import { SIMULATED_FLASH_BYTES } from '../../../shared/limits'
import { BoardBench } from './board-bench'
import { NATIVE_BOARD, SIMULATED_BOARD, type Target } from './targets'

/** What the interpreter keeps: its modules, where it looks for them, and the names of the user. */
const TRACES = 'import sys\nprint(sorted(sys.modules), sys.path, sorted(globals()))'
/** Each would be imported instead of the firmware's own module of this name, and say so. */
const SHADOWS =
  'for n in ("select", "hashlib", "binascii", "mip", "requests", "vfs", "deflate"):\n  open(n + ".py", "w").write("print(\'ran\', __name__)\\n")'

describe('a board that is asked who it is', () => {
  let bench: BoardBench
  afterEach(() => bench.end())
  const start = async (target: Target): Promise<void> => {
    bench = await BoardBench.start(target)
  }

  it('tells all that it knows: a native board', async () => {
    await start(NATIVE_BOARD)
    const board = await bench.identify()
    expect(board).toMatchObject({
      name: 'micropython',
      uniqueId: '0102030405060708',
      platform: 'muster-native',
      frequencyHz: 125_000_000,
      resetCause: 'power-on',
      flashTotalBytes: 2 * 1024 * 1024,
    })
    expect(board.flashFreeBytes).toBeLessThan(2 * 1024 * 1024)
    expect(board.features).toEqual(
      expect.arrayContaining([
        'base64',
        'deflate',
        'sha256',
        'crc32',
        'binaryInput',
        'binaryOutput',
        'kbdIntr',
        'poll',
        'rename',
        'statvfs',
      ]),
    )
    expect(board.features).not.toContain('mip')
  })

  it('tells the limits it is simulated with', async () => {
    await start(SIMULATED_BOARD)
    const board = await bench.identify()
    expect(board).toMatchObject({
      platform: 'webassembly',
      mpyVersion: '6.3',
      mpyArchitecture: null,
      flashTotalBytes: SIMULATED_FLASH_BYTES,
    })
    expect(board.flashFreeBytes).toBeLessThanOrEqual(SIMULATED_FLASH_BYTES)
  })

  it.each([NATIVE_BOARD, SIMULATED_BOARD])('runs no file of the user, and leaves no trace: $name', async target => {
    await start(target)
    await bench.output(SHADOWS)
    const before = await bench.output(TRACES)
    const board = await bench.identify()
    expect(await bench.output(TRACES)).toBe(before)
    expect(board.uniqueId).not.toBeNull()
    expect(board.features).not.toContain('mip')
  })

  it('knows mip by its folder, without running it', async () => {
    await start(NATIVE_BOARD)
    await bench.output('import os\nos.mkdir("lib")\nos.mkdir("lib/mip")\nopen("lib/mip/__init__.py", "w").write("1 / 0")')
    expect((await bench.identify()).features).toContain('mip')
  })

  it('does not mind what its names have become', async () => {
    await start(NATIVE_BOARD)
    await bench.output('import sys\nsys.path.clear()\nsys.modules["gc"] = None\ngc = str = list = bytes = getattr = print\nl = 1')
    expect(await bench.identify()).toMatchObject({ name: 'micropython', uniqueId: '0102030405060708' })
  })
})
