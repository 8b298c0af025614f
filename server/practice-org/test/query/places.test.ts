import { beforeAll, expect, it } from 'vitest'
import { type House, openHouse } from '../support/engine-harness.ts'

let house: House
beforeAll(() => {
  house = openHouse()
  const at = (Name: string, BillingLatitude: number | null, BillingLongitude: number | null) => ({
    Name,
    BillingLatitude,
    BillingLongitude,
    ShippingLatitude: 37.775,
    ShippingLongitude: -122.418,
  })
  house.org.load('Account', [
    at('Los Angeles', 34.052, -118.244),
    at('Oakland', 37.804, -122.271),
    at('Half known', 37.8, null),
    at('Unknown', null, null),
  ])
  house.org.load('Contact', [{ LastName: 'Ann', AccountId: String(house.rows('SELECT Id FROM Account')[1]?.['Id']) }])
})
const plain = (soql: string) => house.rows(soql).map(({ attributes: _, ...row }) => row)
const SF = 'GEOLOCATION(37.775,-122.418)'

it('filters by distance in miles and kilometres, and leaves out places half known', () => {
  const near = (filter: string) => plain(`SELECT Name FROM Account WHERE ${filter}`).map((row) => row['Name'])
  expect(near(`DISTANCE(BillingAddress, ${SF}, 'mi') < 20`)).toEqual(['Oakland'])
  expect(near(`DISTANCE(BillingAddress, ${SF}, 'km') > 100`)).toEqual(['Los Angeles'])
  expect(near(`DISTANCE(BillingAddress, ${SF}, 'km') < 12`)).toEqual([])
  expect(near(`DISTANCE(BillingAddress, ShippingAddress, 'mi') < 20`)).toEqual(['Oakland'])
  expect(near(`NOT DISTANCE(BillingAddress, ${SF}, 'mi') < 20`)).toEqual(['Los Angeles', 'Half known', 'Unknown'])
})

it('sorts by distance and tells it, through a parent too', () => {
  const sorted = plain(
    `SELECT Name, DISTANCE(BillingAddress, ${SF}, 'mi') d FROM Account ORDER BY ` +
      `DISTANCE(BillingAddress, ${SF}, 'mi') DESC NULLS LAST`,
  )
  expect(sorted.map((row) => row['Name'])).toEqual(['Los Angeles', 'Oakland', 'Half known', 'Unknown'])
  expect(sorted.map((row) => row['d'])).toEqual([expect.closeTo(347.4, 0), expect.closeTo(8.3, 1), null, null])
  const ofParent = `SELECT Name, DISTANCE(Account.BillingAddress, ${SF}, 'km') FROM Contact`
  expect(plain(ofParent)).toEqual([{ Name: 'Ann', expr0: expect.closeTo(13.3, 1) as number }])
})
