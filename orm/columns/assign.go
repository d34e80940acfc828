package columns

import "github.com/quintetgo/quintet/orm/internal/compile"

// Assign assigns a value to a column in Update, as the methods Set, SetTo and SetNull of columns return it.
type Assign struct{ set compile.Set }

// Compiled returns the assignment as package compile takes it. Its type is internal to this module.
func (a Assign) Compiled() compile.Set { return a.set }
