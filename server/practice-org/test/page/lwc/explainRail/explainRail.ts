import { LightningElement } from 'lwc'

/** Declares no property at all: the page must not hand any over. */
export default class ExplainRail extends LightningElement {
  now = Date.now()
  rows = [{ id: '1', field: 'Owner' }]
  columns = [{ label: 'Field', fieldName: 'field' }]
  options = [
    { label: 'One', value: '1' },
    { label: 'Two', value: '2' },
  ]
}
