import { afterAll, beforeAll, describe } from 'vitest'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'
import { startRedis, type RedisServer } from '../support/redis.ts'
import { reconcileStories } from './reconcile.ts'

const postgres: PostgresServer | null = await startPostgres()
const redis: RedisServer | null = await startRedis()

describe.runIf(postgres && redis)('on servers', () => {
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await postgres!.database('missions')
  })
  reconcileStories('PostgreSQL and Redis', async () => ({ databaseUrl, redisUrl: redis!.url }))
})

afterAll(async () => {
  await postgres?.stop()
  await redis?.stop()
})
