package dynamic

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Values returns single values of each row by path or annotation, without creating objects. Without names it returns every
// field and annotation; of a grouped query, the values that it is grouped by and the annotations.
func (q Query) Values(ctx context.Context, names ...string) ([]map[string]any, error) {
	names = q.valueNames(names)
	rows, err := q.Compiled().Values(ctx, names)
	if err != nil {
		return nil, err
	}
	all := make([]map[string]any, len(rows))
	for i, row := range rows {
		all[i] = make(map[string]any, len(names))
		for j, name := range names {
			all[i][name] = row[j]
		}
	}
	return all, nil
}

func (q Query) valueNames(names []string) []string {
	if len(names) > 0 || q.query.Model == nil {
		return names
	}
	if q.query.Groups != nil {
		names = extend(names, q.query.Groups...)
	} else {
		for _, f := range q.query.Model.Fields {
			names = append(names, f.Attr)
		}
	}
	for _, a := range q.query.Annotations {
		if !a.Hidden && !slices.Contains(q.query.Groups, a.Name) {
			names = append(names, a.Name)
		}
	}
	return names
}

// Aggregate returns values computed over all rows, by name. Over no rows counts are 0 and other values nil. A query with
// Limit, Offset, Distinct or groups is an error.
func (q Query) Aggregate(ctx context.Context, aggregates map[string]Annotation) (map[string]any, error) {
	if q.query.Limit > 0 || q.query.Offset > 0 || q.query.Distinct || q.query.Groups != nil {
		return nil, fmt.Errorf("orm: %s: Aggregate takes no query with Limit, Offset, Distinct or groups", q.query.Model)
	}
	names := slices.Sorted(maps.Keys(aggregates))
	annotations, internal := make([]compile.Annotation, len(names)), make([]string, len(names))
	for i, name := range names { // with names that no path in the query's conditions can begin with
		internal[i] = fmt.Sprintf("aggregate %d", i)
		annotations[i] = compile.Annotation{Name: internal[i], Expr: aggregates[name].Compiled()}
	}
	all := q.OrderBy()
	all.query.None, all.empty = false, false
	if q.none() {
		all = all.Filter(Or())
	}
	all.query.Groups = []string{}
	all.query.Annotations = append(annotations, all.query.Annotations...)
	rows, err := all.Compiled().Values(ctx, internal)
	if err != nil {
		return nil, err
	}
	results := make(map[string]any, len(names))
	for i, name := range names {
		results[name] = rows[0][i]
	}
	return results, nil
}
