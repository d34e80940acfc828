package journal

import "github.com/quintetgo/quintet/orm"

// Writer writes articles.
type Writer struct {
	ID   int64
	Name string `gorm:"size:100"`
}

// String returns the name.
func (w Writer) String() string { return w.Name }

// Article is searched by its title and text.
type Article struct {
	ID       int64
	Title    string `gorm:"size:200"`
	Text     string `gorm:"type:text"`
	WriterID int64
	Writer   *Writer
}

// Fields describes the relations.
func (a *Article) Fields(f *orm.Fields) {
	orm.FK(f, &a.Writer).OnDelete(orm.Cascade).Related("articles")
}

// Meta declares an index for full-text search of two fields, and one of the title alone.
func (Article) Meta() orm.Meta {
	return orm.Meta{
		Indexes: []orm.Index{
			{Fields: []string{"title", "text"}, Search: true},
			{Fields: []string{"title"}, Search: true},
		},
	}
}

// String returns the title.
func (a Article) String() string { return a.Title }
