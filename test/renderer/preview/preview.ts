import { FakeBridge } from '../../fakes/fake-bridge'
import { playScene } from './scenes'

const bridge = new FakeBridge()
Object.defineProperty(window, 'muster', { value: bridge })
document.addEventListener('securitypolicyviolation', event => {
  console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
})
playScene(bridge, new URLSearchParams(location.search).get('scene') ?? 'fleet')
// The page's own entry, once the bridge is there.
void import('../../../renderer/main')
