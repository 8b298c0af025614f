import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { Deliveries } from '../../src/topics/deliveries.ts'
import { shippedEvents } from '../../src/topics/event-catalog.ts'
import { Subscription, type FetchResponse } from '../../src/topics/subscription.ts'
import { Topics } from '../../src/topics/topics.ts'
import { startOrg } from '../support/running-org.ts'

let practiceOrg: PracticeOrg
beforeAll(async () => {
  practiceOrg = await startOrg()
})
afterAll(() => practiceOrg.close())

it('a subscriber that does not read holds no more than one answer, and loses nothing by it', () => {
  const { org } = practiceOrg
  const userId = org.user('admin@practice.example')?.id ?? ''
  const topics = new Topics(org, shippedEvents())
  const answers: FetchResponse[] = []
  let isFull = true
  const send = (response: FetchResponse): boolean => answers.push(response) > 0 && !isFull
  const topic = topics.resolve('/event/Practice_Signal__e')
  const deliveries = new Deliveries(undefined, Date.now)
  const subscription = new Subscription({ org, topics, topic, userId, rpcId: 'r', deliveries, send }, 0)
  subscription.request(10_000)
  const publish = (n: number) =>
    org.transaction({ userId, api: 'rest', version: '67.0' }, () => {
      for (let i = 0; i < n; i += 1) {
        org.create({ userId, api: 'rest', version: '67.0' }, 'Practice_Signal__e', { Subject__c: 'S' })
      }
    })
  publish(30)
  subscription.pump()
  publish(200)
  subscription.pump()
  expect(answers.map(({ events }) => events.length)).toEqual([30])
  isFull = false
  subscription.drained()
  subscription.request(100)
  subscription.request(100)
  const replayIds = answers.flatMap(({ events }) => events.map(({ replayId }) => replayId.readBigUInt64BE()))
  expect(answers.every(({ events }) => events.length <= 100)).toBe(true)
  expect([replayIds.length, new Set(replayIds).size]).toEqual([230, 230])
})
