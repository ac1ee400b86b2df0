import { boardKey } from '../../../renderer/stores/board-names'
import type { SessionSnapshot } from '../../../shared/model'
import { aBoard, aTransfer, aTransferFile, type FakeBridge } from '../../fakes/fake-bridge'
import { A_FOLDER, FakeFiles } from '../../fakes/fake-files'

const HOUR_MS = 3_600_000
const MAIN =
  'from machine import ADC, Pin\nimport time\n\nsensor = ADC(Pin(26))\nwhile True:\n    print(sensor.read_u16())\n    time.sleep_ms(50)\n'

/** The files of the first session, as `?scene=files…&view=files` shows them. */
export const FILES_SCENES: Readonly<Record<string, (bridge: FakeBridge) => void>> = {
  /** Copies on their way, and what came of others. */
  files: bridge => void withTransfers(bridge),
  'files-nofolder': bridge => {
    const fake = withFiles(bridge)
    fake.folders = [A_FOLDER, { folderId: 'folder-2', name: 'greenhouse', path: '/home/ada/projects/2026/greenhouse' }]
  },
  'files-first': bridge => {
    withFiles(bridge).folders = []
  },
  'files-empty': bridge => {
    const fake = remember(bridge, withFiles(bridge))
    fake.board.clear()
    fake.local.clear()
  },
  'files-many': bridge => {
    const fake = remember(bridge, withFiles(bridge))
    for (let index = 0; index < 10_000; index++) fake.local.set(`sample-${String(index).padStart(5, '0')}.csv`, file(index * 37))
    const files = Array.from({ length: 400 }, (_, index) =>
      aTransferFile({
        index,
        name: `lib/part-${index}.py`,
        boardPath: `/lib/part-${index}.py`,
        bytes: 4_096,
        doneBytes: index < 160 ? 4_096 : index === 160 ? 1_900 : 0,
        state: index < 160 ? 'done' : index === 160 ? 'copying' : 'waiting',
        proof: index < 160 ? 'sha256' : null,
        durationMs: index < 160 ? 21 : null,
      }),
    )
    fake.add(
      aTransfer({
        transferId: 'transfer-many',
        sessionId: idOf(bridge),
        startedAt: Date.now(),
        fileCount: 400,
        totalBytes: 400 * 4_096,
        doneBytes: 160 * 4_096 + 1_900,
        bytesPerSecond: 196_000,
        secondsLeft: 5,
      }),
      files,
    )
  },
  'files-asking': bridge => {
    remember(bridge, withFiles(bridge))
    void bridge.call('files:copy', {
      sessionId: idOf(bridge),
      direction: 'toBoard',
      names: ['main.py', 'calib.json', 'README.md'],
      local: { folderId: A_FOLDER.folderId, path: '' },
      boardFolder: '/',
    })
  },
  'files-watching': bridge => {
    remember(bridge, withFiles(bridge))
    change(bridge, { attachment: 'watching', state: 'Idle', running: null })
  },
  'files-waiting': bridge => {
    remember(bridge, withFiles(bridge))
    bridge.answer('files:list', () => new Promise(() => undefined))
  },
  'files-failed': bridge => {
    remember(bridge, withFiles(bridge))
    bridge.answer('files:list', ({ path }) => ({
      ok: false,
      error: {
        code: 'OperationTimeout',
        reason: 'no-reply',
        message: `Listing ${path} of Oven controller on /dev/ttyACM0 was given up: the board did not answer for 30 s.`,
        hint: 'Stop what runs there, or reset the board.',
        retry: true,
      },
    }))
  },
}

function withTransfers(bridge: FakeBridge): FakeFiles {
  const fake = remember(bridge, withFiles(bridge))
  const sessionId = idOf(bridge)
  const local = { folderId: A_FOLDER.folderId, path: '' }
  const now = Date.now()
  fake.add(
    aTransfer({
      transferId: 'transfer-a',
      sessionId,
      local,
      startedAt: now - 60_000,
      endedAt: now - 50_000,
      state: 'failed',
      direction: 'fromBoard',
      fileCount: 2,
      totalBytes: 88_000,
      doneBytes: 12_000,
    }),
    [
      aTransferFile({
        index: 0,
        name: 'log.csv',
        boardPath: '/log.csv',
        bytes: 84_000,
        doneBytes: 12_000,
        state: 'failed',
        error: {
          code: 'FileFailed',
          reason: 'disk-full',
          message: 'There is no room for log.csv (84.0 kB) on the board: 61.4 kB are free.',
          retry: true,
        },
      }),
      aTransferFile({
        index: 1,
        name: 'notes.txt',
        boardPath: '/notes.txt',
        bytes: 4_000,
        doneBytes: 4_000,
        state: 'done',
        proof: 'size',
        durationMs: 48,
      }),
    ],
  )
  fake.add(
    aTransfer({
      transferId: 'transfer-b',
      sessionId,
      local,
      startedAt: now,
      fileCount: 3,
      totalBytes: 1_003_000,
      doneBytes: 430_814,
      bytesPerSecond: 612_000,
      secondsLeft: 1,
    }),
    [
      aTransferFile({
        index: 0,
        name: 'model.bin',
        boardPath: '/model.bin',
        bytes: 1_000_000,
        doneBytes: 430_000,
        resumedAtBytes: 128_000,
      }),
      aTransferFile({
        index: 1,
        name: 'calib.json',
        boardPath: '/calib.json',
        bytes: 814,
        doneBytes: 814,
        state: 'done',
        proof: 'sha256',
        durationMs: 6,
      }),
      aTransferFile({
        index: 2,
        name: 'main.py',
        boardPath: '/main.py',
        bytes: 2_100,
        doneBytes: 0,
        state: 'waiting',
        replacesBytes: 1_900,
      }),
    ],
  )
  return fake
}

function withFiles(bridge: FakeBridge): FakeFiles {
  const sessionId = idOf(bridge)
  const fake = new FakeFiles(bridge, {
    sessionId,
    board: {
      '/lib': null,
      '/lib/umqtt': null,
      '/lib/umqtt/simple.py': 'x'.repeat(6_400),
      '/boot.py': 'b'.repeat(139),
      '/main.py': MAIN + '#'.repeat(1_600),
      '/calib.json': `{"offset": 12${' '.repeat(802)}}`.slice(0, 814),
      '/model.bin.muster.part': new Uint8Array(430_000),
      '/log.csv': 'l'.repeat(84_000),
    },
    local: {
      lib: null,
      'lib/umqtt.py': 'u'.repeat(2_000),
      'boot.py': 'c'.repeat(139),
      'main.py': 'm'.repeat(2_100),
      'calib.json': 'j'.repeat(814),
      'adc-sweep.py': 'a'.repeat(212),
      'model.bin': new Uint8Array(1_000_000),
      'README.md': 'r'.repeat(1_200),
    },
    at: Date.now() - 2 * HOUR_MS,
  })
  fake.local.set('README.md', { data: new Uint8Array(1_200), modifiedAt: Date.now() - 9 * 24 * HOUR_MS })
  const board = bridge.sessions[0]?.board ?? aBoard()
  change(bridge, { board: { ...board, features: [...board.features, 'mip'] } })
  return fake
}

/** Its folder was open before. */
function remember(bridge: FakeBridge, fake: FakeFiles): FakeFiles {
  const session = bridge.sessions[0]
  if (session !== undefined) {
    localStorage.setItem(
      `muster.files.${boardKey(session)}`,
      JSON.stringify({ folderId: A_FOLDER.folderId, localPath: '', boardFolder: '/' }),
    )
  }
  return fake
}

function change(bridge: FakeBridge, over: Partial<SessionSnapshot>): void {
  const [first, ...others] = bridge.sessions
  if (first !== undefined) bridge.sessions = [{ ...first, ...over }, ...others]
}

function idOf(bridge: FakeBridge): string {
  return bridge.sessions[0]?.sessionId ?? ''
}

function file(bytes: number): { readonly data: Uint8Array; readonly modifiedAt: number } {
  return { data: new Uint8Array(bytes % 50_000), modifiedAt: Date.now() - bytes * 1_000 }
}
