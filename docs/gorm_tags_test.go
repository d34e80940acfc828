package docs_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/registry"
)

// Models with the tags of the table in models.md, by the cell of the table.
type (
	Owner struct {
		ID   int64
		Code string `gorm:"size:5;unique"`
	}
	tagColumn struct {
		ID int64
		A  string `gorm:"column:name"`
	}
	tagType struct {
		ID int64
		A  string `gorm:"type:varchar(20)"`
	}
	tagTypeWrong struct {
		ID int64
		A  int64 `gorm:"type:varchar(20)"`
	}
	tagSize struct {
		ID int64
		A  string `gorm:"size:20"`
	}
	tagSizeWrong struct {
		ID int64
		A  int64 `gorm:"size:20"`
	}
	tagPrecision struct {
		ID int64
		A  string `gorm:"type:decimal;precision:8;scale:2"`
	}
	tagPrecisionWrong struct {
		ID int64
		A  float64 `gorm:"precision:8;scale:2"`
	}
	tagKey struct {
		A int64 `gorm:"primaryKey"`
	}
	tagKeyOld struct {
		A int64 `gorm:"primary_key"`
		B int64 `gorm:"primary_key"`
	}
	tagNumbered struct {
		A int64 `gorm:"primaryKey;autoIncrement"`
	}
	tagUnnumbered struct {
		A int64 `gorm:"primaryKey;autoIncrement:false"`
	}
	tagNumberedWrong struct {
		ID int64
		A  int64 `gorm:"autoIncrement"`
	}
	tagIncrement struct {
		A int64 `gorm:"primaryKey;autoIncrementIncrement:2"`
	}
	tagUnique struct {
		ID int64
		A  int64 `gorm:"unique"`
	}
	tagIndex struct {
		ID int64
		A  int64 `gorm:"index"`
		B  int64 `gorm:"uniqueIndex"`
		C  int64 `gorm:"index:name,priority:1"`
		D  int64 `gorm:"index:name,priority:2"`
	}
	tagIndexOptions struct {
		ID int64
		A  int64 `gorm:"index:,sort:desc"`
		N  int64 `gorm:"index:,where:n > 1"`
	}
	tagIndexExpression struct {
		ID int64
		N  int64 `gorm:"index:,expression:abs(n)"`
	}
	tagClass struct {
		ID int64
		A  string `gorm:"index:,class:FULLTEXT"`
	}
	tagIndexType struct {
		ID int64
		A  string `gorm:"index:,type:hash"`
	}
	tagIndexCollate struct {
		ID int64
		A  string `gorm:"index:,collate:utf8"`
	}
	tagIndexLength struct {
		ID int64
		A  string `gorm:"index:,length:10"`
	}
	tagIndexComment struct {
		ID int64
		A  string `gorm:"index:,comment:x"`
	}
	tagIndexOption struct {
		ID int64
		A  string `gorm:"index:,option:CONCURRENTLY"`
	}
	tagCheck struct {
		ID int64
		N  int64 `gorm:"check:n > 1"`
	}
	tagNotNull struct {
		ID int64
		A  *int64 `gorm:"not null"`
		B  *int64 `gorm:"notnull"`
	}
	tagNull struct {
		ID int64
		A  *int64 `gorm:"null"`
	}
	tagNullWrong struct {
		ID int64
		A  int64 `gorm:"null"`
	}
	tagDefault struct {
		ID int64
		A  int64 `gorm:"default:5"`
	}
	tagComment struct {
		ID int64
		A  int64 `gorm:"comment:text"`
	}
	tagSerializer struct {
		ID int64
		A  []int `gorm:"serializer:json"`
	}
	tagTimes struct {
		ID int64
		A  time.Time `gorm:"autoCreateTime"`
		B  time.Time `gorm:"autoUpdateTime"`
	}
	tagPart     struct{ X int64 }
	tagEmbedded struct {
		ID int64
		A  tagPart `gorm:"embedded;embeddedPrefix:p_"`
		B  tagPart `gorm:"embedded"`
	}
	tagOut struct {
		ID int64
		A  chan int `gorm:"-"`
	}
	tagMigration struct {
		ID int64
		A  int64 `gorm:"-:migration"`
	}
	tagRead struct {
		ID int64
		A  int64 `gorm:"->"`
	}
	tagUnread struct {
		ID int64
		A  int64 `gorm:"->:false;<-"`
	}
	tagWrite struct {
		ID int64
		A  int64 `gorm:"<-:create"`
		B  int64 `gorm:"<-:update"`
		C  int64 `gorm:"<-:false"`
	}
	tagForeignKey struct {
		ID      int64
		OwnerID int64
		Boss    *Owner `gorm:"foreignKey:OwnerID"`
	}
	tagReferences struct {
		ID        int64
		OwnerCode string `gorm:"size:5"`
		Owner     *Owner `gorm:"foreignKey:OwnerCode;references:Code"`
	}
	tagConstraint struct {
		ID      int64
		OwnerID int64
		Owner   *Owner `gorm:"constraint:OnDelete:CASCADE"`
	}
	tagMany struct {
		ID     int64
		Owners []Owner `gorm:"many2many:name"`
	}
	tagJoin struct {
		ID     int64
		Owners []Owner `gorm:"many2many:name;joinForeignKey:a_id;joinReferences:b_id"`
	}
	tagPolymorphic struct {
		ID     int64
		Owners []Owner `gorm:"polymorphic:Owner"`
	}
	tagBelongs struct {
		ID      int64
		OwnerID int64
		Owner   *Owner `gorm:"belongsTo"`
	}
)

// gormModels has the models for each tag: those that work, and those that a check reports.
var gormModels = map[string]struct{ work, refused []any }{
	"column:name":                 {work: []any{&tagColumn{}}},
	"type:varchar(20)":            {work: []any{&tagType{}}, refused: []any{&tagTypeWrong{}}},
	"size:20":                     {work: []any{&tagSize{}}, refused: []any{&tagSizeWrong{}}},
	"precision:8;scale:2":         {work: []any{&tagPrecision{}}, refused: []any{&tagPrecisionWrong{}}},
	"primaryKey":                  {work: []any{&tagKey{}, &tagKeyOld{}}},
	"autoIncrement":               {work: []any{&tagNumbered{}, &tagUnnumbered{}}, refused: []any{&tagNumberedWrong{}}},
	"autoIncrementIncrement:2":    {refused: []any{&tagIncrement{}}},
	"unique":                      {work: []any{&tagUnique{}}},
	"index":                       {work: []any{&tagIndex{}}},
	"index:,sort:desc":            {work: []any{&tagIndexOptions{}}, refused: []any{&tagIndexExpression{}}},
	"index:,class:FULLTEXT":       {refused: []any{&tagClass{}, &tagIndexType{}, &tagIndexCollate{}, &tagIndexLength{}, &tagIndexComment{}, &tagIndexOption{}}},
	"check:n > 1":                 {work: []any{&tagCheck{}}},
	"not null":                    {work: []any{&tagNotNull{}}},
	"null":                        {work: []any{&tagNull{}}, refused: []any{&tagNullWrong{}}},
	"default:5":                   {work: []any{&tagDefault{}}},
	"comment:text":                {work: []any{&tagComment{}}},
	"serializer:json":             {work: []any{&tagSerializer{}}},
	"autoCreateTime":              {work: []any{&tagTimes{}}},
	"embedded":                    {work: []any{&tagEmbedded{}}},
	"-":                           {work: []any{&tagOut{}}},
	"-:migration":                 {refused: []any{&tagMigration{}}},
	"->":                          {work: []any{&tagRead{}}},
	"->:false;<-":                 {refused: []any{&tagUnread{}}},
	"<-:create":                   {work: []any{&tagWrite{}}},
	"foreignKey:OwnerID":          {work: []any{&tagForeignKey{}}},
	"references:Code":             {work: []any{&tagReferences{}}},
	"constraint:OnDelete:CASCADE": {work: []any{&tagConstraint{}}},
	"many2many:name":              {work: []any{&tagMany{}}},
	"joinForeignKey:a_id;joinReferences:b_id": {work: []any{&tagJoin{}}},
	"polymorphic:Owner":                       {refused: []any{&tagPolymorphic{}}},
	"belongsTo":                               {work: []any{&tagBelongs{}}},
}

var (
	quotedTag = regexp.MustCompile("`([^`]+)`")
	checkID   = regexp.MustCompile(`orm\.[EW]\d+`)
)

// tagRows returns the rows of the table of GORM's tags: the tags of the first cell, and the second.
func tagRows(t *testing.T) (rows [][2]string) {
	t.Helper()
	_, text, _ := strings.Cut(guide(t, "models.md"), "## Use GORM's tags\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) == 4 && strings.Contains(cells[1], "`") {
			rows = append(rows, [2]string{cells[1], cells[2]})
		}
	}
	return rows
}

// Each row of the table is true for models with its tags.
func TestTableOfGORMTags(t *testing.T) {
	t.Parallel()
	rows := tagRows(t)
	if len(rows) != len(gormModels) {
		t.Errorf("%d rows, and models for %d", len(rows), len(gormModels))
	}
	for _, row := range rows {
		first := quotedTag.FindStringSubmatch(row[0])[1]
		models, ok := gormModels[first]
		if !ok {
			t.Errorf("there is no model for %s", first)
			continue
		}
		for _, model := range models.work {
			if problems := register(t, model); len(problems) > 0 {
				t.Errorf("%s: %T is reported: %v", first, model, problems)
			}
		}
		want := checkID.FindString(row[1])
		if (want == "") != (len(models.refused) == 0) {
			t.Errorf("%s: the table has %q, and there are %d models that are reported", first, want, len(models.refused))
		}
		for _, model := range models.refused {
			if problems := register(t, model); !slices.Contains(problems, want) {
				t.Errorf("%s: %T is reported by %v, want %s", first, model, problems, want)
			}
		}
	}
}

// register returns the ids of the problems of a model.
func register(t *testing.T, model any) (ids []string) {
	t.Helper()
	var r registry.Registry
	models := []any{&Owner{}, model}
	err := r.Register("x", models...)
	var problems *registry.ProblemsError
	if err != nil && !errors.As(err, &problems) {
		t.Fatalf("%T: %v", model, err)
	}
	if problems != nil {
		for _, p := range problems.Problems {
			ids = append(ids, p.ID)
		}
	}
	for _, p := range r.Check() {
		ids = append(ids, p.ID)
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "orm.W001" })
}

// The table has every key that GORM reads.
func TestGORMTagsAreComplete(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "gorm.io/gorm/schema").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	table := strings.Builder{}
	for _, row := range tagRows(t) {
		table.WriteString(strings.ToUpper(row[0] + " " + row[1] + " "))
	}
	key := regexp.MustCompile(`(?i)(?:tagSettings|settings)\["([^"]+)"\]`)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(text), -1) {
			found++
			if !strings.Contains(table.String(), m[1]) {
				t.Errorf("models.md lacks the key %s, which GORM reads in %s", m[1], filepath.Base(name))
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d keys were found in GORM", found)
	}
}
