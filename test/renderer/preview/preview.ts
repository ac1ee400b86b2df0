import { FakeBridge } from '../../fakes/fake-bridge'
import { playScene } from './scenes'

const bridge = new FakeBridge()
Object.defineProperty(window, 'muster', { value: bridge })
document.addEventListener('securitypolicyviolation', event => {
  console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
})
const asked = new URLSearchParams(location.search)
playScene(bridge, asked.get('scene') ?? 'fleet')
// The page's own entry, once the bridge is there.
void import('../../../renderer/main')

// A view other than the first, as soon as its tab is there.
const view = asked.get('view')
if (view !== null) {
  const timer = setInterval(() => {
    const tab = document.getElementById(`view-${view}`)
    if (tab === null) return
    clearInterval(timer)
    tab.click()
  }, 50)
}
