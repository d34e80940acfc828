package migrate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
)

// Models as GORM's users write them.
type (
	Entry struct {
		ID     int64
		Title  string  `gorm:"size:50;comment:as printed"`
		Labels []Label `gorm:"many2many:entry_labels"`
	}
	Label struct {
		ID      int64
		Name    string  `gorm:"size:50"`
		Entries []Entry `gorm:"many2many:entry_labels"`
	}
	Member struct {
		ID        int64
		Name      string
		Following []Member `gorm:"many2many:follows;joinForeignKey:FollowerID;joinReferences:FolloweeID"`
		Followers []Member `gorm:"many2many:follows;joinForeignKey:FolloweeID;joinReferences:FollowerID"`
		Cards     []Card
	}
	Card struct {
		ID       int64
		MemberID int64  `gorm:"index;uniqueIndex:card_order,priority:1"`
		SortKey  int    `gorm:"uniqueIndex:card_order,priority:2"`
		Holder   string `gorm:"index:card_holder,priority:2"`
		OwnerID  int64  `gorm:"index:card_holder,priority:1"`
		Owner    *Member
	}
	Firm struct {
		ID   int64
		Code string `gorm:"size:8;uniqueIndex"`
	}
	Worker struct {
		ID       int64
		FirmCode string `gorm:"size:8"`
		Firm     *Firm  `gorm:"foreignKey:FirmCode;references:Code;constraint:OnUpdate:CASCADE,OnDelete:CASCADE"`
	}
	Preset struct {
		ID     int64
		Role   string        `gorm:"size:20;default:guest"`
		Quoted string        `gorm:"default:'it''s'"`
		Empty  string        `gorm:"default:''"`
		Level  int           `gorm:"default:3"`
		Minus  int64         `gorm:"default:-1"`
		Ratio  float64       `gorm:"default:0.5"`
		Price  string        `gorm:"type:decimal(8,2);default:1.50"`
		Live   bool          `gorm:"default:true"`
		Dead   bool          `gorm:"default:false"`
		Wait   time.Duration `gorm:"default:5"`
		At     time.Time     `gorm:"default:2020-01-02"`
		Made   time.Time     `gorm:"default:CURRENT_TIMESTAMP"`
		Note   *string       `gorm:"default:null"`
		Nick   string
	}
)

func (p *Preset) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Nick).Collation("NOCASE").Comment("what friends say").Blank()
}

type office struct{ migrations []m.Migration }

func (office) Name() string { return "office" }
func (office) Models() []any {
	return []any{&Entry{}, &Label{}, &Member{}, &Card{}, &Firm{}, &Worker{}, &Preset{}}
}
func (a office) Migrations() []m.Migration { return a.migrations }

func openOffice(t *testing.T) *orm.DB {
	t.Helper()
	db := open(t, "")
	if err := migrate.Register(db, office{}); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

// column reads one column of a query.
func column(t *testing.T, db *orm.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	return list
}

func TestBothSidesOfManyToManyShareOneTable(t *testing.T) {
	t.Parallel()
	db, ctx := openOffice(t), t.Context()
	if got := column(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE '%labels%' OR name LIKE '%follow%' OR name LIKE '%entries%') ORDER BY name"); strings.Join(got, " ") != "entry_labels follows" {
		t.Errorf("the tables are %v", got)
	}
	entry, label := &Entry{Title: "a"}, &Label{Name: "x"}
	ada, bo := &Member{Name: "ada"}, &Member{Name: "bo"}
	for _, obj := range []any{entry, label, ada, bo} {
		if err := db.Create(ctx, obj); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Related(label, "entries").Add(ctx, entry); err != nil {
		t.Fatal(err)
	}
	if n, err := orm.Objects[Entry](db).Where("labels__name", "x").Count(ctx); err != nil || n != 1 {
		t.Errorf("entries with the label: %d, %v", n, err)
	}
	if n, err := orm.Objects[Label](db).Where("entries__title", "a").Count(ctx); err != nil || n != 1 {
		t.Errorf("labels of the entry: %d, %v", n, err)
	}
	if err := db.Related(ada, "following").Add(ctx, bo); err != nil {
		t.Fatal(err)
	}
	for lookup, want := range map[string]string{"following__name": "ada", "followers__name": "bo"} {
		other := map[string]string{"ada": "bo", "bo": "ada"}[want]
		got, err := orm.Objects[Member](db).Where(lookup, other).Get(ctx)
		if err != nil || got.Name != want {
			t.Errorf("%s=%s: got %v, %v", lookup, other, got, err)
		}
	}
	for _, p := range db.Check() {
		if p.ID != "orm.W001" && p.ID != "orm.W020" { // SQLite keeps no comments
			t.Error(p)
		}
	}
}

func TestIndexesOverForeignKeysHaveTheirColumns(t *testing.T) {
	t.Parallel()
	db := openOffice(t)
	for index, want := range map[string]string{"card_order": "member_id sort_key", "card_holder": "owner_id holder", "office_card_member_id_idx": "member_id"} {
		if got := column(t, db, "SELECT name FROM pragma_index_info('"+index+"') ORDER BY seqno"); strings.Join(got, " ") != want {
			t.Errorf("%s is over %v, want %s", index, got, want)
		}
	}
}

func TestDefaultTagsReachTheTable(t *testing.T) {
	t.Parallel()
	db := openOffice(t)
	exec(t, db, "INSERT INTO office_preset (id, nick) VALUES (1, '')")
	got, err := orm.Objects[Preset](db).Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if time.Since(got.Made) > time.Hour {
		t.Errorf("made is %v", got.Made)
	}
	got.Made = time.Time{}
	price := got.Price
	got.Price = ""
	if want := (Preset{ID: 1, Role: "guest", Quoted: "it''s", Level: 3, Minus: -1, Ratio: 0.5, Live: true, Wait: 5, At: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)}); *got != want {
		t.Errorf("got  %+v\nwant %+v", *got, want)
	}
	if strings.TrimSuffix(price, "0") != "1.5" {
		t.Errorf("the price is %q", price)
	}
	if fresh, err := orm.New[Preset](db); err != nil || fresh.Role != "guest" || !fresh.Live {
		t.Errorf("a new object is %+v", fresh)
	}
	stored := &Preset{ID: 2, Role: "host", Quoted: "x", Empty: "x", Price: "1", At: time.Now(), Nick: "Z"}
	if err := db.Create(t.Context(), stored); err != nil {
		t.Fatal(err)
	}
	if again, err := orm.Objects[Preset](db).Where("id", 2).Get(t.Context()); err != nil || again.Live || again.Level != 0 || again.Role != "host" {
		t.Errorf("Create stores what the object holds; got %+v, %v", again, err)
	}
	if n, err := orm.Objects[Preset](db).Where("nick", "z").Count(t.Context()); err != nil || n != 1 {
		t.Errorf("the collation has no effect: %d, %v", n, err)
	}
}

func TestOnUpdateFollowsKeys(t *testing.T) {
	t.Parallel()
	db, ctx := openOffice(t), t.Context()
	firm := &Firm{Code: "old"}
	if err := db.Create(ctx, firm); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(ctx, &Worker{FirmCode: "old"}); err != nil {
		t.Fatal(err)
	}
	firm.Code = "new"
	if err := db.Save(ctx, firm); err != nil {
		t.Fatal(err)
	}
	if got, err := orm.Objects[Worker](db).Get(ctx); err != nil || got.FirmCode != "new" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestMigrationsMatchModels(t *testing.T) {
	inModule(t)
	db := open(t, "")
	code, output := shop(t, db, office{}, "", "makemigrations")
	wantOutput(t, "makemigrations", code, output, 0, "Create model Preset")
	source, err := os.ReadFile(filepath.Join("migrations", "0001_initial.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`m.Char("title", 50).Comment("as printed")`, `m.Text("nick").Collation("NOCASE").Comment("what friends say")`, `m.Char("role", 20).DBDefault("'guest'")`,
		`m.Bool("live").DBDefault("true")`, `.OnUpdate("CASCADE")`, `m.ManyToMany("labels", "office.Label").Table("entry_labels")`,
	} {
		if !strings.Contains(string(source), want) {
			t.Errorf("the migration lacks %s", want)
		}
	}
	if strings.Contains(string(source), `m.ManyToMany("entries"`) || strings.Contains(string(source), `m.ManyToMany("followers"`) {
		t.Errorf("a join table is made twice:\n%s", source)
	}
}
