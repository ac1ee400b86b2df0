import { File, FileBraces, FileCode, FileText, Folder, type LucideIcon } from 'lucide-react'

const BY_ENDING: Readonly<Record<string, LucideIcon>> = {
  py: FileCode,
  pyi: FileCode,
  c: FileCode,
  h: FileCode,
  js: FileCode,
  html: FileCode,
  json: FileBraces,
  md: FileText,
  txt: FileText,
  csv: FileText,
  cfg: FileText,
  ini: FileText,
  toml: FileText,
}

export function FileIcon({ name, kind }: { readonly name: string; readonly kind: 'file' | 'folder' }) {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  const Icon = kind === 'folder' ? Folder : ((Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined) ?? File)
  return <Icon size={14} strokeWidth={1.75} className="file-icon" aria-label={kind} role="img" />
}
