/**
 * The readonly shapes that both sides know. Everything here can be structured-cloned.
 * Times named `…At` are wall-clock milliseconds since the epoch; durations say their unit in their name.
 */
export type * from './model/app'
export type * from './model/config'
export type * from './model/events'
export type * from './model/executions'
export type * from './model/files'
export type * from './model/filters'
export type * from './model/json'
export type * from './model/manager'
export type * from './model/metrics'
export type * from './model/output'
export type * from './model/ports'
export type * from './model/session-options'
export type * from './model/sessions'
export type * from './model/statistics'
