package auth

import (
	"context"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
)

// Checks reports a user model that auth cannot work with.
func (a *App[U]) Checks(context.Context) []check.Problem {
	name := reflect.TypeFor[U]().String()
	bad := func(id, message, hint string) []check.Problem {
		return []check.Problem{{ID: id, Level: check.Error, Place: "auth.App[" + name + "]", Message: message, Hint: hint}}
	}
	if a.DB == nil {
		return bad("auth.E001", "DB is not set", "Write &auth.App["+name+"]{DB: db}.")
	}
	if _, ok := any(new(U)).(Identity); !ok {
		return bad("auth.E002", name+" is not a user model: it does not embed auth.Base", "Begin the struct with the line auth.Base.")
	}
	model, err := orm.ModelFor[U](a.DB)
	if err != nil {
		return bad("auth.E003", name+" is not a registered model", "List &"+name+"{} in the Models method of its app, and give that app to framework.New.")
	}
	var problems []check.Problem
	for _, column := range []string{"username", "email"} {
		if field, err := model.Field(column); err != nil || !field.Unique {
			problems = append(problems, bad("auth.E004", fmt.Sprintf("%s.%s is not unique", model, column), "Leave the fields of auth.Base as they are: logging in rests on them.")...)
		}
	}
	return problems
}
