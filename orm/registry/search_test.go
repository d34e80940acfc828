package registry_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
)

// Searched has an index for full-text search that each test declares.
type Searched struct {
	ID    int64
	Title string `gorm:"size:40"`
	Body  string
	Views int
	Lower string
}

type (
	searchNumber     struct{ Searched }
	searchUnknown    struct{ Searched }
	searchDescending struct{ Searched }
	searchTwice      struct{ Searched }
	searchPartial    struct{ Searched }
	searchLanguage   struct{ Searched }
	plainLanguage    struct{ Searched }
	searchColumn     struct{ Searched }
	searchGenerated  struct{ Searched }
	searchAmbiguous  struct{ Searched }
	searchRepeated   struct{ Searched }
	searchNothing    struct{ Searched }
)

func searching(fields ...string) orm.Index { return orm.Index{Fields: fields, Search: true} }

func metaOf(indexes ...orm.Index) orm.Meta { return orm.Meta{Indexes: indexes} }

func (searchNumber) Meta() orm.Meta     { return metaOf(searching("title", "views")) }
func (searchUnknown) Meta() orm.Meta    { return metaOf(searching("titel")) }
func (searchDescending) Meta() orm.Meta { return metaOf(searching("-title")) }
func (searchTwice) Meta() orm.Meta      { return metaOf(searching("title", "title")) }
func (searchPartial) Meta() orm.Meta {
	return metaOf(orm.Index{Fields: []string{"title"}, Where: "views > 0", Search: true})
}

func (searchLanguage) Meta() orm.Meta {
	return metaOf(orm.Index{Fields: []string{"title"}, Search: true, Language: "it's"})
}

func (plainLanguage) Meta() orm.Meta {
	return metaOf(orm.Index{Fields: []string{"title"}, Language: "english"})
}

func (searchColumn) Meta() orm.Meta {
	return metaOf(orm.Index{Name: "body", Fields: []string{"title"}, Search: true})
}
func (searchGenerated) Meta() orm.Meta { return metaOf(searching("lower")) }
func (s *searchGenerated) Fields(f *orm.Fields) {
	orm.Describe(f, &s.Lower).Generated("lower(title)", true)
}

func (searchAmbiguous) Meta() orm.Meta {
	return metaOf(searching("title", "body"), searching("body", "lower"))
}

func (searchRepeated) Meta() orm.Meta {
	return metaOf(searching("title"), orm.Index{Name: "again", Fields: []string{"title"}, Search: true})
}
func (searchNothing) Meta() orm.Meta { return metaOf(searching()) }

func TestSearchIndexes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		model    any
		id, want string
	}{
		{&searchNumber{}, "orm.E058", `names "views", which is of the kind BigInt`},
		{&searchUnknown{}, "orm.E018", `"title"`},
		{&searchDescending{}, "orm.E058", "Leave the - out"},
		{&searchTwice{}, "orm.E058", `names "title" twice`},
		{&searchPartial{}, "orm.E058", "takes Name, Fields and Language only"},
		{&searchLanguage{}, "orm.E058", `the language "it's"`},
		{&plainLanguage{}, "orm.E058", "Add Search: true"},
		{&searchColumn{}, "orm.E058", `the name of the column "body"`},
		{&searchGenerated{}, "orm.E058", "which the database computes"},
		{&searchAmbiguous{}, "orm.E058", "Declare one of several fields"},
		{&searchRepeated{}, "orm.E058", "apart"},
		{&searchNothing{}, "orm.E053", "Name at least one field"},
	} {
		var r registry.Registry
		err := r.Register("shop", test.model)
		if err == nil || !strings.Contains(err.Error(), test.id) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%T: got %v, want %s with %q", test.model, err, test.id, test.want)
		}
	}
}

// Article can be searched on databases that take its key and know its language.
type Article struct {
	ID   string `gorm:"primaryKey;size:20"`
	Text string
}

// Meta implements orm's Metaer.
func (Article) Meta() orm.Meta {
	return metaOf(orm.Index{Fields: []string{"text"}, Search: true, Language: "french"})
}

// searcher is a database that takes one type of key, and knows one language.
type searcher struct {
	standard
	search.Searcher
	key      dialect.Type
	language string
}

func (s searcher) CheckSearch(key dialect.Type) error {
	if key != s.key {
		return errors.New("another key is needed")
	}
	return nil
}

func (s searcher) SearchesLanguage(language string) bool { return language == s.language }

// standard is a database without capabilities.
type standard struct{}

func (standard) Name() string             { return "standard" }
func (standard) Quote(name string) string { return `"` + name + `"` }
func (standard) Placeholder(int) string   { return "?" }
func (standard) MaxArguments() int        { return 100 }

func TestSearchOnDatabases(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	if err := r.Register("shop", &Article{}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		database dialect.Dialect
		want     string
	}{
		{standard{}, "orm.E059 the index shop_article_text_search is for full-text search, which standard does not have; "},
		{searcher{key: dialect.TypeChar, language: "french"}, ""},
		{
			searcher{key: dialect.TypeBigInt, language: "french"},
			"orm.E059 the index shop_article_text_search for full-text search cannot be created: another key is needed; ",
		},
		{searcher{key: dialect.TypeChar}, `orm.W021 the index shop_article_text_search has the language "french", of which standard ` +
			`knows no other forms of words, so that it finds them as they are written; `},
	} {
		got := ""
		for _, p := range r.CheckDatabase(test.database, func(*schema.Model) bool { return true }) {
			got += p.ID + " " + p.Message + "; "
		}
		if got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
