import { type ActivityStore, createActivityStore } from './activity-store'
import { createDialogsStore, type DialogsStore } from './dialogs-store'
import { createDrafts, type DraftStorage, type Drafts } from './drafts'
import { createFilesStore, type FilesStore } from './files-store'
import { windowIdOf } from './keep-drafts'
import { createManagerStore, type ManagerStore } from './manager-store'
import { createNoticesStore, type NoticesStore } from './notices-store'
import { createPortsStore, type PortsStore } from './ports-store'
import { createPreferencesStore, type KeyValueStorage, type PreferencesStore } from './preferences-store'
import { createRanCode, type RanCode } from './ran-code'
import { createSentLines, type SentLines } from './sent-lines'
import { createSessionEvents, type SessionEvents } from './session-events'
import { createSessionsStore, type SessionsStore } from './sessions-store'
import { createSnippetMemory, type SnippetMemory } from './snippets'
import { createTabsStore, type TabsStore } from './tabs-store'

export interface AppStores {
  readonly ports: PortsStore
  readonly sessions: SessionsStore
  readonly sessionEvents: SessionEvents
  readonly manager: ManagerStore
  readonly tabs: TabsStore
  readonly notices: NoticesStore
  readonly dialogs: DialogsStore
  readonly preferences: PreferencesStore
  readonly snippets: SnippetMemory
  readonly sentLines: SentLines
  readonly ranCode: RanCode
  readonly activity: ActivityStore
  readonly files: FilesStore
  readonly drafts: Drafts
  /** What this window alone remembers, until it is closed. */
  readonly windowStorage: KeyValueStorage
}

export function createAppStores(storage: KeyValueStorage & DraftStorage, windowStorage: KeyValueStorage = storage): AppStores {
  const drafts = createDrafts({ storage, windowId: windowIdOf(windowStorage) })
  return {
    ports: createPortsStore(),
    sessions: createSessionsStore(),
    sessionEvents: createSessionEvents(),
    manager: createManagerStore(),
    tabs: createTabsStore(),
    notices: createNoticesStore(),
    dialogs: createDialogsStore(),
    preferences: createPreferencesStore(storage),
    snippets: createSnippetMemory(storage),
    sentLines: createSentLines(),
    ranCode: createRanCode(),
    activity: createActivityStore(),
    files: createFilesStore(storage, drafts),
    drafts,
    windowStorage,
  }
}
