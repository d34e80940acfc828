package main

// cases are what is measured.
var cases = []struct {
	name    string
	prepare func(t *target) (contenders, error)
}{
	{"get by key", getByKey},
	{"get by unique field", getByUnique},
	{"20 rows", func(t *target) (contenders, error) { return list(t, 20) }},
	{"1,000 rows", func(t *target) (contenders, error) { return list(t, 1000) }},
	{"20 rows, author joined", joined},
	{"20 rows, author joined, tags prefetched", joinedAndPrefetched},
	{"20 rows, comments prefetched", commentsPrefetched},
	{"count", count},
	{"count, filter over foreign key", countByAuthor},
	{"count, filter over many-to-many", countByTag},
	{"count, filter over many rows", countByComment},
	{"insert", func(t *target) (contenders, error) { return insert(t, false) }},
	{"insert without validation", func(t *target) (contenders, error) { return insert(t, true) }},
	{"insert 500 rows at once", bulkInsert},
	{"update all columns", save},
	{"update one column of an object", saveField},
	{"update one column by query", update},
	{"transaction: read 1, update 1", transaction},
}
