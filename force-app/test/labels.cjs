// Gives `@salesforce/label/c.X` the text of the package's own label, so that tests read what people read.
const { labelValues } = require('./label-values.cjs')

for (const [name, value] of Object.entries(labelValues))
  jest.doMock(`@salesforce/label/c.${name}`, () => ({ __esModule: true, default: value }), { virtual: true })
