// How each process of the practice is started: its entry, its log, its settings.
import { join } from 'node:path'
import type { ChildOptions } from './child.ts'
import { CLIENTS, keyFile } from './keys.ts'
import type { Options } from './options.ts'

export const brainUrl = (options: Options): string => `http://localhost:${options.brainPort}`
export const orgUrl = (options: Options): string => `http://localhost:${options.orgPort}`
export const orgKeyFile = (options: Options): string => join(options.dataDir, 'keys', 'org.public.pem')

export function orgProcess(options: Options): ChildOptions {
  return {
    name: 'practice org',
    entry: join(import.meta.dirname, '..', 'practice-org', 'src', 'main.ts'),
    logFile: join(options.dataDir, 'logs', 'practice-org.log'),
    env: {
      DATA_DIR: options.dataDir,
      PRACTICE_ORG_PORT: String(options.orgPort),
      PRACTICE_EVENTS_PORT: String(options.eventsPort),
      PRACTICE_SIZE: String(options.size),
      PRACTICE_CONTENT: join(import.meta.dirname, 'content', 'index.ts'),
      BRAIN_URL: brainUrl(options),
      ...(options.objects ? { PRACTICE_OBJECTS: options.objects } : {}),
      ...(options.permissionSets ? { PRACTICE_PERMISSION_SETS: options.permissionSets } : {}),
      ...(options.fixtures ? { PRACTICE_FIXTURES: options.fixtures } : {}),
      ...(options.setupFile ? { PRACTICE_SETUP: options.setupFile } : {}),
    },
  }
}

export function brainProcess(options: Options, orgId: string): ChildOptions {
  const [reader, writer] = CLIENTS
  return {
    name: 'brain',
    entry: join(import.meta.dirname, '..', 'main.ts'),
    logFile: join(options.dataDir, 'logs', 'brain.log'),
    env: {
      DATA_DIR: options.dataDir,
      PORT: String(options.brainPort),
      LISTEN_HOST: 'localhost',
      PUBLIC_URL: brainUrl(options),
      ALLOWED_ORIGINS: orgUrl(options),
      ORG_ID: orgId,
      SF_LOGIN_URL: orgUrl(options),
      SF_PUBSUB_ENDPOINT: `localhost:${options.eventsPort}`,
      SF_READER_CLIENT_ID: reader.id,
      SF_READER_USERNAME: reader.user,
      SF_READER_KEY_FILE: keyFile(options.dataDir, reader.id),
      SF_WRITER_CLIENT_ID: writer.id,
      SF_WRITER_USERNAME: writer.user,
      SF_WRITER_KEY_FILE: keyFile(options.dataDir, writer.id),
      SF_ORG_KEY_FILES: orgKeyFile(options),
      HOLD_SECONDS: String(options.holdSeconds),
      SETTLE_SECONDS: String(options.settleSeconds),
      ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
      ...(options.missionsDir ? { MISSIONS_DIR: options.missionsDir } : {}),
      ...(options.eraseDeletedDays ? { ERASE_DELETED_DAYS: String(options.eraseDeletedDays) } : {}),
      ...(options.retentionDays ? { RETENTION_DAYS: String(options.retentionDays) } : {}),
      ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}),
    },
  }
}
