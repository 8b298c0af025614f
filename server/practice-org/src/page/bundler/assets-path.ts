/** Where the page's files are served; built chunks find each other by it. */
export const ASSETS_PATH = '/lightning/assets/'
