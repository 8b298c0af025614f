import { NodeFS } from '@electric-sql/pglite/nodefs'

type Options = Parameters<NodeFS['init']>[1]
type FileSystem = Record<'node_ops' | 'stream_ops', { setattr(file: unknown, wanted: { mode?: number }): void }>

/** A folder of the embedded database whose files are their owner's alone: PGlite asks for 0666 and ignores the process's umask. */
export class OwnFiles extends NodeFS {
  override async init(pglite: Parameters<NodeFS['init']>[0], options: Options): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options)
    const narrow = (module: unknown) => narrowModes((module as { NODEFS: FileSystem }).NODEFS)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), narrow] } }
  }
}

function narrowModes(files: FileSystem): void {
  for (const operations of [files.node_ops, files.stream_ops]) {
    const setattr = operations.setattr.bind(operations)
    operations.setattr = (file, wanted) =>
      setattr(file, wanted.mode === undefined ? wanted : { ...wanted, mode: wanted.mode & ~0o077 })
  }
}
