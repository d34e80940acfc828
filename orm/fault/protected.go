package fault

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// ProtectedGroup is the rows of one model whose foreign key forbids deleting the rows that it refers to.
type ProtectedGroup struct {
	Field   *schema.Field // the foreign key
	Objects []any         // pointers to structs of Field.Model
}

// ProtectedError reports that objects cannot be deleted because others refer to them. Its HTTP status is 409.
type ProtectedError struct{ Protected []ProtectedGroup }

// Error returns a text that names the referring objects, at most three of each model.
func (e *ProtectedError) Error() string {
	var parts []string
	for _, g := range e.Protected {
		names := make([]string, 0, 4)
		for _, obj := range g.Objects[:min(3, len(g.Objects))] {
			names = append(names, g.Field.Model.Display(obj))
		}
		if n := len(g.Objects) - len(names); n > 0 {
			names = append(names, fmt.Sprintf("and %d more", n))
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", g.Field, strings.Join(names, ", ")))
	}
	return "orm: cannot be deleted because other objects refer to it: " + strings.Join(parts, "; ")
}

// HTTPStatus returns 409.
func (e *ProtectedError) HTTPStatus() int { return http.StatusConflict }
