// The custom labels as the package ships them, for the component tests.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { XMLParser } = require('fast-xml-parser')

const FILE = join(__dirname, '..', 'main/default/labels/CustomLabels.labels-meta.xml')
const parser = new XMLParser({ isArray: (name) => name === 'labels', parseTagValue: false })

/** Every label of the package: its members by element name. */
const labels = parser.parse(readFileSync(FILE, 'utf8')).CustomLabels.labels

/** The text of every label, by its name. */
const labelValues = Object.fromEntries(labels.map(({ fullName, value }) => [fullName, value]))

module.exports = { labels, labelValues }
