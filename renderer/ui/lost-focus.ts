/** Whether the focus has fallen to nothing, because what had it has gone. Who took that away gives it a new place. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}
