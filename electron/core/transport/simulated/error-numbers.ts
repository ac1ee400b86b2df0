/**
 * WebAssembly's error numbers (WASI) to those that MicroPython and its `errno` module use.
 * EINTR stays: the interpreter's own retry after an interrupted call looks for it.
 */
const numbers: ReadonlyMap<number, number> = new Map([
  [2, 13], // EACCES
  [6, 11], // EAGAIN
  [8, 9], // EBADF
  [10, 16], // EBUSY
  [20, 17], // EEXIST
  [28, 22], // EINVAL
  [29, 5], // EIO
  [31, 21], // EISDIR
  [33, 24], // EMFILE
  [37, 36], // ENAMETOOLONG
  [43, 19], // ENODEV
  [44, 2], // ENOENT
  [48, 12], // ENOMEM
  [51, 28], // ENOSPC
  [54, 20], // ENOTDIR
  [55, 39], // ENOTEMPTY
  [63, 1], // EPERM
  [69, 30], // EROFS
  [70, 29], // ESPIPE
  [75, 18], // EXDEV
])

export const WASI_EINTR = 27
export const MICROPYTHON_ENOSPC = 28

export function toMicroPythonErrno(wasi: number): number {
  return numbers.get(wasi) ?? wasi
}
