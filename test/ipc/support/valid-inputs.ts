import type { CommandInput, CommandName, EventName, EventParams } from '../../../shared/contract'
import { SESSION_ID } from './fake-services'

/** One input for every command with every optional key set: what hostile inputs are made from. */
export const validInputs: { readonly [N in CommandName]: CommandInput<N> } = {
  'app:info': {},
  'ports:list': { refresh: true },
  'ports:add': { path: '/dev/ttyACM0' },
  'ports:remove': { path: '/dev/ttyACM0' },
  'simulated:start': { count: 4 },
  'simulated:stop': { path: 'simulated:1' },
  'sessions:open': {
    port: '/dev/ttyACM0',
    backend: 'serial',
    baudRate: 115_200,
    clientSessionName: 'bench',
    options: { connectionTimeoutMs: 1_000, operationTimeoutMs: 1_000 },
  },
  'sessions:close': { sessionId: SESSION_ID, mode: 'now' },
  'sessions:kill': { sessionId: SESSION_ID },
  'sessions:list': { includeClosed: true },
  'sessions:info': { sessionId: SESSION_ID },
  'sessions:exec': { sessionId: SESSION_ID, code: 'print(1 + 1)', timeoutMs: 100 },
  'sessions:cancel': { sessionId: SESSION_ID, executionId: 'execution-1' },
  'sessions:stats': { sessionId: SESSION_ID },
  'output:ack': { sessionId: SESSION_ID, upTo: 0 },
  'output:copy': { sessionId: SESSION_ID },
  'output:save': { sessionId: SESSION_ID },
  'output:clear': { sessionId: SESSION_ID },
  'manager:state': {},
  'manager:stats': {},
}

export const validParams: { readonly [N in EventName]: EventParams<N> } = {
  'ports:changed': {},
  'sessions:changed': {},
  'manager:changed': {},
  'output:batch': { sessionId: SESSION_ID, after: 0, visible: true },
  'metrics:samples': { sessionId: SESSION_ID },
  'menu:invoked': {},
}

export const commandNames = Object.keys(validInputs) as CommandName[]
export const eventNames = Object.keys(validParams) as EventName[]
