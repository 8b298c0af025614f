import { LightningElement, api } from 'lwc'

/** An app page of the package: the Decision Queue wide, the Explain rail beside it. */
export default class AppPage extends LightningElement {
  @api apiName = ''
}
