// Functions that give a field's normal form: a code for a country or state, a number in international form, a bare domain.
import type { Environment } from '@marcbachmann/cel-js'
import { addressOf } from '../matching/normal-forms/address.ts'
import { domainOf } from '../matching/normal-forms/domain.ts'
import { phoneOf } from '../matching/normal-forms/phone.ts'
import type { Register } from '../../contract/expressions/register.ts'
import { NO_TEXT, textOf } from '../../contract/expressions/text-of.ts'

const textOrNull = (value: unknown): string | null => {
  const text = textOf(value)
  return text.trim() === NO_TEXT ? null : text
}

const placeOf = (country: unknown, state: unknown) =>
  addressOf({ street: null, city: null, postalCode: null, state: textOrNull(state), country: textOrNull(country) })

/** Registers them; each is null for what has no normal form. */
export function withNormalForms(environment: Environment): Environment {
  const register: Register = (signature, handler) => environment.registerFunction(signature, handler)
  register('country(dyn): dyn', (country: unknown) => placeOf(country, null).country)
  register('country(dyn, dyn): dyn', (country: unknown, state: unknown) => placeOf(country, state).country)
  register('state(dyn, dyn): dyn', (state: unknown, country: unknown) => placeOf(country, state).state)
  register('phone(dyn, dyn): dyn', (phone: unknown, country: unknown) =>
    phoneOf(textOrNull(phone), placeOf(country, null).country),
  )
  register('domain(dyn): dyn', (address: unknown) => domainOf(textOrNull(address)))
  return environment
}
