import { LightningElement, api } from 'lwc'

/** What a whole page says when there is nothing to show. */
export default class EmptyState extends LightningElement {
  @api heading = ''
  @api text = ''
}
