import { afterAll, beforeAll, describe } from 'vitest'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { hasRedis, startRedis, type RedisServer } from '../support/redis.ts'
import { reconcileStories } from './reconcile.ts'

describe.runIf(hasPostgres() && hasRedis())('on servers', () => {
  let postgres: PostgresServer | null
  let redis: RedisServer | null
  beforeAll(async () => {
    postgres = await startPostgres()
    redis = await startRedis()
  })
  afterAll(async () => {
    await postgres?.stop()
    await redis?.stop()
  })

  reconcileStories('PostgreSQL and Redis', async () => ({
    databaseUrl: await postgres!.database('missions'),
    redisUrl: redis!.url,
  }))
})
