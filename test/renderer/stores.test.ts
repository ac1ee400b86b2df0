import { beforeEach, describe, expect, test } from 'vitest'
import { createClient } from '../../renderer/bridge/client'
import { commandInHint, errorTitle, hintText } from '../../renderer/bridge/error-texts'
import { type AppStores, createAppStores } from '../../renderer/stores/app-stores'
import { boardLine, boardText, shortMachine } from '../../renderer/stores/board-names'
import { createCommands } from '../../renderer/stores/commands'
import { connectStores } from '../../renderer/stores/connect-stores'
import { featureText, identityWords, knownByText } from '../../renderer/stores/identity-words'
import { describePort, describeSession } from '../../renderer/stores/port-state'
import { createPreferencesStore, DEFAULT_PREFERENCES } from '../../renderer/stores/preferences-store'
import { addTab, removeTab, stepTab } from '../../renderer/stores/tabs-store'
import { BRIDGE_ERROR_CODES, DOMAIN_ERROR_CODES, type ErrorReason } from '../../shared/errors'
import { shortPortName } from '../../shared/port-name'
import { aLostSession, aPort, aSession, FakeBridge, someStatistics } from '../fakes/fake-bridge'

function memoryStorage(content: Record<string, string> = {}) {
  const items = new Map(Object.entries(content))
  return {
    items,
    get length() {
      return items.size
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}

/** What a session's tab is named by. */
const idOf = (port: string): string => aSession(port).sessionId

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0))

describe('stores over the bridge', () => {
  let bridge: FakeBridge
  let stores: AppStores
  let disconnect: () => void

  beforeEach(async () => {
    bridge = new FakeBridge()
    bridge.ports = { ports: [aPort('/dev/ttyACM0'), aPort('/dev/ttyACM1')], scannedAt: 1, stale: null }
    bridge.sessions = [aSession('/dev/ttyACM0')]
    stores = createAppStores(memoryStorage())
    disconnect = connectStores(createClient(bridge), stores)
    await turn()
  })

  test('are whole after their first deliveries', () => {
    expect([...stores.ports.getState().ports.keys()]).toEqual(['/dev/ttyACM0', '/dev/ttyACM1'])
    expect(stores.tabs.getState().tabs).toEqual([idOf('/dev/ttyACM0')])
    expect(stores.manager.getState().config?.file).toContain('muster.config.json')
    expect(stores.manager.getState().app?.version).toBe('0.1.0')
  })

  test('leave no subscription behind, also when ended twice', () => {
    expect(bridge.subscriptionCount).toBe(5)
    disconnect()
    disconnect()
    expect(bridge.subscriptionCount).toBe(0)
  })

  test('a port and a session that have not changed keep their object', () => {
    const port = stores.ports.getState().ports.get('/dev/ttyACM0')
    const map = stores.ports.getState().ports
    bridge.setPorts([aPort('/dev/ttyACM0'), aPort('/dev/ttyACM1')])
    expect(stores.ports.getState().ports).toBe(map)
    bridge.setPorts([aPort('/dev/ttyACM0'), aPort('/dev/ttyACM2')])
    expect(stores.ports.getState().ports.get('/dev/ttyACM0')).toBe(port)

    const session = bridge.sessions[0]
    bridge.setSession(aSession('/dev/ttyACM1'))
    expect(stores.sessions.getState().sessions.get(session?.sessionId ?? '')).toBe(session)
  })

  test('counters alone leave the list as it is, and bring no closed session back', () => {
    const { listed } = stores.sessions.getState()
    const moved = aSession('/dev/ttyACM0', { statistics: someStatistics({ bytesIn: 99 }) })
    bridge.setSession(moved, 'statistics')
    expect(stores.sessions.getState().listed).toBe(listed)
    expect(stores.sessions.getState().sessions.get(moved.sessionId)?.statistics.bytesIn).toBe(99)
    bridge.setSession({ ...moved, state: 'Disposed' }, 'disposed')
    bridge.setSession(moved, 'statistics')
    expect(stores.sessions.getState().sessions.size).toBe(0)
    expect(stores.tabs.getState().tabs).toEqual([])
  })

  test('a session opened elsewhere gets a tab; a closed one loses it', () => {
    bridge.setSession(aSession('/dev/ttyACM1'), 'created')
    expect(stores.tabs.getState().tabs).toEqual([idOf('/dev/ttyACM0'), idOf('/dev/ttyACM1')])
    bridge.setSession(aSession('/dev/ttyACM0', { state: 'Disposed' }), 'disposed')
    expect(stores.tabs.getState().tabs).toEqual([idOf('/dev/ttyACM1')])
    expect(stores.tabs.getState().active).toBe(idOf('/dev/ttyACM1'))
  })

  test('an open that failed elsewhere keeps its tab, with the reason', () => {
    const opening = aSession('/dev/ttyACM1', { state: 'Connecting', connectedAt: null })
    const fault = { code: 'OpenFailed', reason: 'port-in-use', message: 'In use.', hint: null, at: 1, final: true } as const
    bridge.setSession(opening, 'created')
    bridge.setSession({ ...opening, state: 'Error', fault }, 'error')
    bridge.setSession({ ...opening, state: 'Disposed', fault }, 'disposed', { reason: 'open-failed' })
    expect(stores.tabs.getState().tabs).toContain('/dev/ttyACM1')
    expect(stores.tabs.getState().failures.get('/dev/ttyACM1')?.error).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
  })

  test('a lost board is an event in red; a closed one is not', () => {
    bridge.setSession(aLostSession('/dev/ttyACM0'), 'error', { reason: 'unexpected' })
    expect(stores.notices.getState().lastEvent).toMatchObject({ text: 'ttyACM0 lost', tone: 'bad' })
    bridge.setSession(aSession('/dev/ttyACM0', { state: 'Disconnected' }), 'disconnected', { reason: 'client-close' })
    expect(stores.notices.getState().lastEvent).toMatchObject({ text: 'ttyACM0 closed', tone: 'info' })
  })

  test('a cancelled open closes its tab and tells nothing', async () => {
    bridge.fail('sessions:open', { code: 'OpenFailed', reason: 'closed-during-open', message: 'Closed while opening.' })
    await createCommands(createClient(bridge), stores).open('/dev/ttyACM1')
    expect(stores.tabs.getState().tabs).toEqual([idOf('/dev/ttyACM0')])
    expect(stores.tabs.getState().failures.size).toBe(0)
  })

  test('opening an open port shows its tab and asks for nothing', async () => {
    bridge.setSession(aSession('/dev/ttyACM1'))
    await createCommands(createClient(bridge), stores).open('/dev/ttyACM1')
    expect(bridge.callsOf('sessions:open')).toEqual([])
    expect(stores.tabs.getState().active).toBe(idOf('/dev/ttyACM1'))
  })

  test('opening again closes what is left first, and the tab stays meanwhile', async () => {
    bridge.setSession(aLostSession('/dev/ttyACM0'))
    bridge.answer('sessions:close', ({ sessionId }) => {
      bridge.setSession(aSession('/dev/ttyACM0', { state: 'Disposed' }), 'disposed')
      return {
        ok: true,
        value: { sessionId, finalState: 'Closed', state: 'Disposed', alreadyClosed: false, reason: 'client-close', killed: false },
      }
    })
    const seen: boolean[] = []
    stores.tabs.subscribe(({ tabs }) => seen.push(tabs.includes(idOf('/dev/ttyACM0')) || tabs.includes('/dev/ttyACM0')))
    await createCommands(createClient(bridge), stores).reopen('/dev/ttyACM0')
    expect(bridge.calls.map(call => call.name).filter(name => name.startsWith('sessions:'))).toEqual(['sessions:close', 'sessions:open'])
    expect(seen.every(Boolean)).toBe(true)
  })

  test('a bridge that rejects is a result like any other', async () => {
    bridge.answer('sessions:open', () => Promise.reject(new Error('Error invoking remote method')))
    const result = await createClient(bridge).call('sessions:open', { port: 'x' })
    expect(result).toMatchObject({ ok: false, error: { code: 'host-gone' } })
  })
})

describe('tabs', () => {
  test('the neighbour takes over, and stepping goes round', () => {
    const { tabs } = createAppStores(memoryStorage())
    for (const port of ['a', 'b', 'c']) addTab(tabs, port)
    stepTab(tabs, -1)
    expect(tabs.getState().active).toBe('c')
    stepTab(tabs, 1)
    expect(tabs.getState().active).toBe('a')
    removeTab(tabs, 'a')
    expect(tabs.getState().active).toBe('b')
    removeTab(tabs, 'c')
    removeTab(tabs, 'b')
    expect(tabs.getState().active).toBeNull()
  })
})

describe('what a port is to a person', () => {
  const facts = { port: aPort('p'), session: undefined, failure: undefined, isOpening: false }
  const failed = (reason?: ErrorReason) =>
    describePort({ ...facts, failure: { at: 0, error: { code: 'OpenFailed', message: '', ...(reason === undefined ? {} : { reason }) } } })

  test.each([
    ['permission-denied', 'locked', 'Locked'],
    ['port-in-use', 'inUse', 'In use'],
    ['not-found', 'absent', 'Absent'],
    ['no-reply', 'silent', 'No reply'],
    ['not-micropython', 'failed', 'Failed'],
    [undefined, 'failed', 'Failed'],
  ] as const)('an open that failed with %s is %s', (reason, kind, word) => expect(failed(reason)).toMatchObject({ kind, word }))

  test('without a session: available, absent, opening', () => {
    expect(describePort(facts)).toMatchObject({ kind: 'available', detail: 'not open' })
    expect(describePort({ ...facts, port: aPort('p', { present: false }) })).toMatchObject({ kind: 'absent' })
    expect(describePort({ ...facts, isOpening: true })).toMatchObject({ kind: 'opening' })
  })

  test('with a session: its state, with the moment it counts from', () => {
    expect(describeSession(aSession('p', { state: 'Idle', stateSince: 5 }))).toMatchObject({ kind: 'ready', since: 5 })
    const running = { executionId: 'e', number: 1, startedAt: 9, interrupting: false, interrupt: null }
    expect(describeSession(aSession('p', { state: 'Active', stateSince: 5, running }))).toMatchObject({ kind: 'running', since: 9 })
    expect(describeSession(aSession('p', { state: 'Disconnecting' }))).toMatchObject({ kind: 'closing' })
    expect(describeSession(aLostSession('p'))).toMatchObject({ kind: 'lost', word: 'Lost' })
  })
})

describe('names of boards', () => {
  test('the chip is what tells boards apart', () => {
    expect(shortMachine('Generic ESP32S3 module with ESP32S3')).toBe('ESP32S3')
    expect(shortMachine('micro:bit')).toBe('micro:bit')
    expect(shortPortName('/dev/ttyACM0')).toBe('ttyACM0')
    expect(shortPortName('COM3')).toBe('COM3')
  })

  test('the header says board, firmware and port', () => {
    expect(boardText(aSession('/dev/ttyACM0'), undefined)).toBe('RP2040 · MicroPython 1.27.0 · ttyACM0')
  })

  test.each([
    ['uniqueId', 'agrees', 'by unique id 7c:df', 'unique id, agrees with the USB serial number', /agrees with it/, false],
    ['uniqueId', 'differs', 'by unique id 7c:df', 'unique id, differs from the USB serial number', /does not belong to it/, true],
    ['uniqueId', 'unknown', 'by unique id 7c:df', 'unique id', /recognised on any port\.$/, false],
    ['usbSerial', 'unknown', 'by USB serial 7c:df', 'USB serial number', /says no unique id/, false],
    ['usbPath', 'unknown', 'by USB path', 'USB path', /the USB socket/, false],
    ['port', 'unknown', 'by port only', 'port only', /would look the same/, false],
  ] as const)('what the identity rests on: %s, %s', (level, usbSerial, short, known, explained, isDoubtful) => {
    const key = { level, text: '7c:df', usbSerial }
    expect(identityWords(key)).toMatchObject({ short, isDoubtful })
    expect(identityWords(key).explanation).toMatch(explained)
    expect(knownByText(key)).toBe(known)
  })

  test('what a board can do is said in words, in one order; what is not known is left out', () => {
    expect(featureText(['folders', 'sha256', 'mip'])).toBe('SHA-256, folders, package install')
    expect(featureText([])).toBe('')
  })

  test('a board that said nothing is still something', () => {
    expect(boardLine(aPort('/dev/ttyUSB0', { boardHint: 'CP2102N' }), undefined)).toBe('CP2102N')
    expect(boardLine(aPort('simulated:1'), undefined)).toBe('simulated')
  })
})

describe('error texts', () => {
  test('each code has a heading of its own', () => {
    const titles = [...DOMAIN_ERROR_CODES, ...BRIDGE_ERROR_CODES].map(code => errorTitle({ code }))
    expect(new Set(titles).size).toBe(titles.length)
    for (const title of titles) expect(title).toMatch(/^[A-Z][^!]*[^.!]$/)
  })

  test('a known cause says more than the code', () => {
    expect(errorTitle({ code: 'OpenFailed', reason: 'permission-denied' })).toBe('No permission for this port')
  })

  test('a command in a hint can be taken out', () => {
    const hint = 'Run `sudo usermod -aG dialout $USER`, then log in again.'
    expect(commandInHint(hint)).toBe('sudo usermod -aG dialout $USER')
    expect(hintText(hint)).not.toContain('`')
    expect(commandInHint('Check the cable.')).toBeNull()
  })
})

describe('preferences', () => {
  test('are remembered', () => {
    const storage = memoryStorage()
    createPreferencesStore(storage).setState({ fleetWidth: 300, timestamps: true })
    expect(createPreferencesStore(storage).getState()).toMatchObject({ fleetWidth: 300, timestamps: true })
  })

  test.each(['not json', '17', 'null', '{"fleetWidth":"wide","metricRangeMinutes":7,"collapsedGroups":[1]}'])(
    'unreadable ones give the defaults: %s',
    text => expect(createPreferencesStore(memoryStorage({ 'muster.preferences': text })).getState()).toEqual(DEFAULT_PREFERENCES),
  )

  test('of two windows do not fight: each writes what it changed and leaves the rest', () => {
    const storage = memoryStorage()
    const [one, other] = [createPreferencesStore(storage), createPreferencesStore(storage)]
    one.setState({ fleetWidth: 300 })
    other.setState({ timestamps: true })
    expect(createPreferencesStore(storage).getState()).toMatchObject({ fleetWidth: 300, timestamps: true })
    expect(one.getState().timestamps).toBe(false)
  })

  test('a storage that refuses costs nothing but the memory', () => {
    const refusing = {
      getItem: () => null,
      setItem: () => {
        throw new Error('full')
      },
    }
    const store = createPreferencesStore(refusing)
    store.setState({ fleetWidth: 300 })
    expect(store.getState().fleetWidth).toBe(300)
  })
})
