import type { FileProof } from '../../../../shared/model'
import { partPath } from './board-path'
import { KIND, MAKE_FOLDER, pythonBool, REPLACE } from './path-kind'
import { indent, pythonText, pythonTexts } from './python-source'

/** What a board can hash with: `S(path, bytes)` gives the digest of the first so many. */
export type BoardHash = Extract<FileProof, 'sha256' | 'crc32'>

/** Blocks in which files are read for hashing. */
const HASH_BLOCK_BYTES = 4_096
const HASH_BLOCK_SMALL_BYTES = 512
const HASH_BLOCK_TINY_BYTES = 128
/** A board with less free memory reads in small blocks. */
const ROOMY_BYTES = 48 * 1024

export interface HashOptions {
  readonly hash: BoardHash
  readonly freeMemoryBytes: number | null
  readonly feedCode?: string
}

/** Memory may be enough and in small pieces: then the block is a small one. */
function hashFunction({ hash, freeMemoryBytes, feedCode }: HashOptions): string {
  const block = freeMemoryBytes !== null && freeMemoryBytes < ROOMY_BYTES ? HASH_BLOCK_SMALL_BYTES : HASH_BLOCK_BYTES
  const isSha = hash === 'sha256'
  return `${isSha ? 'from hashlib import sha256' : 'from binascii import crc32'}
def S(p,m):
 ${isSha ? 'h=sha256()' : 'c=0'}
 try:
  b=bytearray(${block})
 except MemoryError:
  b=bytearray(${HASH_BLOCK_TINY_BYTES})
 b=memoryview(b)
 f=open(p,'rb')
 try:
  while m>0:
   n=f.readinto(b if m>=len(b) else b[:m])
   if not n:
    break
   ${isSha ? 'h.update(b[:n])' : 'c=crc32(b[:n],c)'}
   m-=n
${feedCode === undefined ? '' : `   exec(${pythonText(feedCode)},G)\n`} finally:
  f.close()
 return ${isSha ? "''.join(['%02x'%x for x in h.digest()])" : "'%08x'%c"}
`
}

/** More than any file on a board has. */
const WHOLE_FILE = 2 ** 30

/** Kind, size and hash of each; the hash is empty for what is no file, or can't be read. */
export function hashProgram(paths: readonly string[], options: HashOptions): string {
  return `${KIND}${hashFunction(options)}for p in ${pythonTexts(paths)}:
 k=(0,0,0)
 h=''
 try:
  k=K(p)
  if k[0]==1:
   h=S(p,${WHOLE_FILE})
 except OSError:
  pass
 Y('%d,%d,%s;'%(k[0],k[1],h))
`
}

/** Kind and size of each. */
export function kindsProgram(paths: readonly string[]): string {
  return `${KIND}for p in ${pythonTexts(paths)}:
 k=(0,0,0)
 try:
  k=K(p)
 except OSError:
  pass
 Y('%d,%d;'%k[:2])
`
}

/** Before a write: kind and size of the target, size of what an earlier attempt has left, free heap. Makes missing folders. */
export function prepareWriteProgram(path: string, part: string, keepPart: boolean): string {
  return `${KIND}${MAKE_FOLDER}p=${pythonText(path)}
q=${pythonText(part)}
k=K(p)
if k[0]==2:
 raise OSError('EISDIR')
D(p.rsplit('/',1)[0])
j=K(q)
if j[0]==1 and not ${pythonBool(keepPart)}:
 os.remove(q)
 j=(0,0,0)
${FREE_MEMORY}Y('%d,%d,%d,%d;'%(k[0],k[1],j[1],m))
`
}

const FREE_MEMORY = `m=0
try:
 import gc
 gc.collect()
 m=gc.mem_free()
except (ImportError,AttributeError):
 pass
`

/** Before a read: kind, size and free heap. */
export function prepareReadProgram(path: string): string {
  return `${KIND}${FREE_MEMORY}k=K(${pythonText(path)})
Y('%d,%d,%d;'%(k[0],k[1],m))
`
}

/** Hash of the beginning of a file. */
export function prefixHashProgram(path: string, bytes: number, options: HashOptions): string {
  return `${hashFunction(options)}Y(S(${pythonText(path)},${bytes})+';')
`
}

export interface FinishOptions {
  readonly path: string
  readonly part: string
  readonly bytes: number
  /** What the board itself is to prove; null when that was done otherwise, or can't be. */
  readonly proof: { readonly options: HashOptions; readonly digest: string } | null
  readonly canRename: boolean
}

/**
 * Proves what was written, then gives it its name. Says `different` and the kind of what is there, 0 for nothing; `done`, whether something was
 * replaced, and whether that was one step; or `held`, where the file system does not rename over what is there.
 */
export function finishWriteProgram({ path, part, bytes, proof, canRename }: FinishOptions, again: boolean): string {
  const isDifferent = (file: string): string => (proof === null ? 'False' : `S(${file},${WHOLE_FILE})!=${pythonText(proof.digest)}`)
  const check = `if j[1]!=${bytes} or ${isDifferent('q')}:
 Y('different,%d;'%j[0])
else:
${indent(canRename ? RENAME : COPY)}`
  const alreadyDone = `if j[0]==0 and k[0]==1 and k[1]==${bytes} and not ${isDifferent('p')}:
 Y('done,1,${canRename ? 1 : 0};')
else:
${indent(check)}`
  return `${KIND}${proof === null ? '' : hashFunction(proof.options)}p=${pythonText(path)}
q=${pythonText(part)}
k=K(p)
j=K(q)
if k[0]==2:
 raise OSError('EISDIR')
${again ? alreadyDone : check}`
}

const SYNC = `try:
 os.sync()
except (AttributeError,OSError):
 pass
`

const RENAME = `a=1
try:
 os.rename(q,p)
except OSError:
 if k[0]!=1:
  raise
 a=0
${SYNC}Y('done,%d,1;'%k[0] if a else 'held;')
`

/** What was proved takes the place of another one where renaming alone did not do. Says as `finishWriteProgram` what it has done. */
export function replaceProgram(path: string, part: string): string {
  return `${KIND}${REPLACE}p=${pythonText(path)}
q=${pythonText(part)}
if K(q)[0]:
 V(q,p,${pythonText(partPath(part))})
${SYNC}Y('done,1,0;')
`
}

/**
 * On a board that can't rename: copied and compared there, which is as quick as can be. Not begun where there is no room, and nothing
 * half is left where it ends early.
 */
const COPY = `try:
 s=os.statvfs(p.rsplit('/',1)[0] or '/')
 if s[0]*(s[3]-1)+k[1]<j[1]:
  raise OSError('ENOSPC')
except AttributeError:
 pass
f=open(q,'rb')
g=open(p,'wb')
try:
 while 1:
  b=f.read(256)
  if not b:
   break
  if g.write(b)!=len(b):
   raise OSError('ENOSPC')
 g.close()
except OSError as e:
 try:
  g.close()
 except OSError:
  pass
 os.remove(p)
 raise e
f.close()
f=open(q,'rb')
g=open(p,'rb')
d=0
while 1:
 b=f.read(256)
 if b!=g.read(256):
  d=1
 if not b:
  break
f.close()
g.close()
if d:
 Y('different,1;')
else:
 os.remove(q)
 Y('done,%d,0;'%k[0])
`

/** Says how many bytes are free; -1 where the board does not tell. */
export function discardProgram(part: string, folder: string): string {
  return `${KIND}q=${pythonText(part)}
if K(q)[0]==1:
 os.remove(q)
n=-1
try:
 s=os.statvfs(${pythonText(folder)})
 n=s[0]*s[3]
except (AttributeError,OSError):
 pass
Y('%d;'%n)
`
}
