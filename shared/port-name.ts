/** What a person calls a path: `/dev/ttyACM0` is `ttyACM0`, but `/dev/pts/3` is `pts/3`, as a number alone names nothing. */
export function shortPortName(path: string): string {
  return /(?:^|\/)([^/]*[^/\d][^/]*(?:\/\d+)?)\/?$/.exec(path)?.[1] ?? path
}
