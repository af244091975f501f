/** @type {import('prettier').Config} */
module.exports = {
    bracketSpacing: false,
    plugins: [require.resolve("@prettier/plugin-xml")],
    printWidth: 88,
    proseWrap: "preserve",
    tabWidth: 4,
    semi: true,
    trailingComma: "es5",
    xmlQuoteAttributes: "double",
    xmlSelfClosingSpace: true,
    xmlSortAttributesByKey: false,
    xmlWhitespaceSensitivity: "preserve",
};
