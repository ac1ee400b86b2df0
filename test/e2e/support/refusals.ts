/** What Chromium says on the console when a policy of ours holds. */
export const REFUSALS =
  /Refused to|Content Security Policy|EvalError|ERR_FAILED|ERR_BLOCKED|ERR_ABORTED|ERR_INVALID|Not allowed to load|404|405/
