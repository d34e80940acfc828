package mysql

import "github.com/quintetgo/quintet/orm/dialect"

// ExplainQuery implements [dialect.PlanExplainer]. MariaDB measures with ANALYZE, MySQL with EXPLAIN ANALYZE.
func (d mysqlDialect) ExplainQuery(o dialect.ExplainOptions) (string, error) {
	if o.Verbose {
		return "", dialect.Unsupported(d, "verbose explanations of statements")
	}
	mariaDB := d.server.version().mariaDB
	prefix := "EXPLAIN "
	switch {
	case o.Analyze && mariaDB:
		prefix = "ANALYZE "
	case o.Analyze:
		prefix = "EXPLAIN ANALYZE "
	}
	switch o.Format {
	case "", "text":
		return prefix, nil
	case "json":
		return prefix + "FORMAT=JSON ", nil
	}
	return "", dialect.UnknownFormat(d, o.Format, "text", "json")
}
