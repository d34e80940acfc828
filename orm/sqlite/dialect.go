package sqlite

import "strings"

type dialect struct{}

func (dialect) Name() string { return "sqlite" }

func (dialect) Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (dialect) Placeholder(int) string { return "?" }

func (dialect) MaxArguments() int { return 32766 }
