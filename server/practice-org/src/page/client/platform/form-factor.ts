/** `@salesforce/client/formFactor`: decided once per load, as on the platform. */
const formFactor: 'Large' | 'Small' = window.matchMedia('(max-width: 767px)').matches ? 'Small' : 'Large'
export default formFactor
