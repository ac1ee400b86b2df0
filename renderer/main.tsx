import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './frame.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { bridgeOfWindow, createClient } from './bridge/client'
import { createAppStores } from './stores/app-stores'
import { createCommands } from './stores/commands'
import { connectStores } from './stores/connect-stores'
import { keepDrafts, windowIdOf } from './stores/keep-drafts'
import { allowSpanStyles } from './theme/strict-styles'

allowSpanStyles()

const client = createClient(bridgeOfWindow())
const stores = createAppStores(window.localStorage, window.sessionStorage)
const disconnect = connectStores(client, stores)
window.addEventListener('pagehide', disconnect)
void keepDrafts({ ...stores, windowId: windowIdOf(window.sessionStorage), locks: navigator.locks, page: window })

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no root element.')
createRoot(root).render(
  <StrictMode>
    <App services={{ client, stores, commands: createCommands(client, stores) }} />
  </StrictMode>,
)
