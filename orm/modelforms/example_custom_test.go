package modelforms_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Color is a type of one's own: it stores itself as text, is compared by equality only, and has a color picker.
type Color struct{ R, G, B uint8 }

func (c Color) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func (c Color) Value() (driver.Value, error) { return c.String(), nil }

func (c *Color) Scan(src any) error {
	_, err := fmt.Sscanf(fmt.Sprint(src), "#%02x%02x%02x", &c.R, &c.G, &c.B)
	return err
}

func (Color) GormDataType() string { return "char(7)" }

func (Color) ColumnTypes() map[string]string { return map[string]string{"sqlite": "char(7)"} }

func (Color) Lookups() []string { return []string{"exact", "in"} }

func (Color) FormField(input *forms.Field) { input.Widget = forms.ColorInput }

// Pencil has a field of that type.
type Pencil struct {
	ID    int64
	Color Color
}

// paintApp has the model.
type paintApp struct{}

func (paintApp) Name() string  { return "paint" }
func (paintApp) Models() []any { return []any{&Pencil{}} }

// A field type of one's own brings its column, its lookups, its form field and its text in one place.
func Example_customField() {
	ctx := context.Background()
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	if err := errors.Join(migrate.Register(db, paintApp{}), migrate.CreateTables(ctx, db)); err != nil {
		fmt.Println(err)
		return
	}
	if err := db.Create(ctx, &Pencil{Color: Color{255, 0, 16}}); err != nil {
		fmt.Println(err)
	}
	pencil, err := orm.Objects[Pencil](db).Where("color", "#ff0010").Get(ctx)
	fmt.Println(pencil.Color, err)
	_, err = orm.Objects[Pencil](db).Where("color__gt", "#000000").Count(ctx)
	fmt.Println(err)
	form, err := modelforms.New(ctx, db, pencil)
	if err != nil {
		fmt.Println(err)
		return
	}
	input, err := form.Describe("color")
	fmt.Println(input.Widget, err)
	// Output:
	// #ff0010 <nil>
	// orm: Pencil: lookup "color__gt": "gt" does not fit "color", which is text; choices: exact, in
	// color <nil>
}
