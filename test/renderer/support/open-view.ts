import { screen } from '@testing-library/react'
import type { SessionSnapshot } from '../../../shared/model'
import { aPort, aSession, type FakeBridge } from '../../fakes/fake-bridge'
import { type AppUnderTest, memoryStorage, renderApp } from './render-app'

export const PORT = '/dev/ttyACM0'

export interface ViewUnderTest extends AppUnderTest {
  readonly sessionId: string
  /** Changes something of the session and tells the page. */
  tell(over: Partial<SessionSnapshot>, type?: Parameters<FakeBridge['setSession']>[1]): Promise<void>
}

/** The window with one session, in one of its views. */
export async function openView(
  view: string,
  over: Partial<SessionSnapshot> = {},
  prepare: (bridge: FakeBridge, sessionId: string) => void = () => {},
  storage = memoryStorage(),
): Promise<ViewUnderTest> {
  const { sessionId } = aSession(PORT)
  const app = await renderApp(bridge => {
    bridge.ports = { ports: [aPort(PORT, { label: 'oven' })], scannedAt: 0, stale: null }
    bridge.sessions = [aSession(PORT, { portLabel: 'oven', ...over })]
    prepare(bridge, sessionId)
  }, storage)
  await app.user.click(await screen.findByRole('tab', { name: new RegExp(`^${view}`) }))
  await app.settle()
  return {
    ...app,
    sessionId,
    async tell(changed, type = 'infoUpdated') {
      const now = app.bridge.sessions.find(session => session.sessionId === sessionId) ?? aSession(PORT)
      await app.settle(() => app.bridge.setSession({ ...now, ...changed }, type))
    },
  }
}
