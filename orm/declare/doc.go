// Package declare reads models from Go structs: GORM's tags describe the storage, and the methods Fields and Meta what tags
// cannot express. It holds the builders that a Fields method uses. A [Declaration] is the result; package registry links
// the relations of declarations with each other.
package declare
