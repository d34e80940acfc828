package registry_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
	"gorm.io/gorm"
)

type (
	Plain  struct{ ID int64 }
	BadTag struct {
		ID     int64
		Status string `gorm:"size:10;defualt:x"`
	}
	BadSize struct {
		ID     int64
		Status string `gorm:"size:ten"`
	}
	BadSerial struct {
		ID   int64
		Data []string `gorm:"serializer:jsn"`
	}
	NoKey    struct{ Name string }
	SoftGone struct {
		ID        int64
		DeletedAt *gorm.DeletedAt
	}
	Function struct {
		ID  int64
		Run func()
	}
	MapField struct {
		ID   int64
		Data map[string]int
	}
	Twice struct {
		ID      int64
		OwnerID int64
		Owner   *Plain
		Owner_  string
	}
	KeyType struct {
		ID      int64
		PlainID string
		Plain   *Plain
	}
	NullKey struct {
		ID      int64
		PlainID int64
		Plain   *Plain
	}
	NoWayBack struct {
		ID     int64
		Plains []Plain
	}
	BadIndex struct {
		ID   int64
		Name string
	}
	BadChoice struct {
		ID   int64
		Size int
	}
	Outside struct {
		ID   int64
		Name string
	}
	KeyByFK struct {
		ID      int64
		PlainID int64
		Plain   *Plain
	}
	Clashing struct {
		ID       int64
		FirstID  int64
		First    *Plain
		SecondID int64
		Second   *Plain
	}
	Lost struct {
		ID     int64
		UserID int64
	}
)

func (n *NullKey) Fields(f *declare.Fields) { declare.FK(f, &n.Plain).OnDelete(schema.SetNull) }
func (*BadIndex) Meta() declare.Meta {
	return declare.Meta{Indexes: []schema.Index{{Fields: []string{"nmae"}}}}
}

func (b *BadChoice) Fields(f *declare.Fields) {
	declare.Describe(f, &b.Size).Choices(schema.Choice{Value: "big", Label: "Big"})
}

func (*Outside) Fields(f *declare.Fields) {
	other := new(string)
	declare.Describe(f, other).Label("x")
}
func (k *KeyByFK) Fields(f *declare.Fields) { declare.FK(f, &k.PlainID).OnDelete(schema.Cascade) }
func (c *Clashing) Fields(f *declare.Fields) {
	declare.FK(f, &c.First).OnDelete(schema.Cascade).Related("clashes")
	declare.FK(f, &c.Second).OnDelete(schema.Cascade).Related("clashes")
}

func (l *Lost) Fields(f *declare.Fields) {
	declare.FKTo(f, &l.UserID, "auth.Usr").OnDelete(schema.Cascade)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		model any
		want  string
	}{
		{&BadTag{}, `shop.BadTag.Status: unknown gorm tag key "defualt". Did you mean "default"? (orm.E012)`},
		{&BadSize{}, `shop.BadSize.Status: the gorm tag "size" requires a whole number, not "ten". Write size:100. (orm.E013)`},
		{&BadSerial{}, `shop.BadSerial.Data: no serializer "jsn". Did you mean "json"? (orm.E013)`},
		{&NoKey{}, `shop.NoKey: the model has no primary key. Add "ID int64"`},
		{&SoftGone{}, `shop.SoftGone.deleted_at: *gorm.DeletedAt has no effect here`},
		{&Function{}, `shop.Function.Run: values of type func() cannot be stored`},
		{&MapField{}, `shop.MapField.Data: values of type map[string]int cannot be stored. Add the tag gorm:"serializer:json"`},
		{&Twice{}, `shop.Twice.owner: OwnerID and Owner_ are both called "owner"`},
		{&KeyType{}, `shop.KeyType.plain: the key is string, but shop.Plain.id is int64. Make PlainID a int64. (orm.E026)`},
		{&NullKey{}, `shop.NullKey.plain: OnDelete is SetNull, but the field does not take NULL. Make PlainID a pointer. (orm.E023)`},
		{&BadIndex{}, `shop.BadIndex: Meta.Indexes names "nmae", which is not a column. Did you mean "name"? (orm.E018)`},
		{&BadChoice{}, `shop.BadChoice.size: the choice "Big" does not fit the field: "big" is not a whole number (orm.E017)`},
		{
			&Outside{},
			`the pointer is not to a field of registry_test.Outside. Take the address of a field of the method's receiver. (orm.E015)`,
		},
		{&KeyByFK{}, `orm.FK requires the related struct, not its key. Write orm.FK(f, &x.Author)`},
		{
			&Clashing{},
			`shop.Clashing.second: the related name "clashes" is taken in shop.Plain by the reverse relation of shop.Clashing.first`,
		},
		{
			&ClashingQuery{},
			`shop.ClashingQuery.plain: the name "id" of RelatedQuery is taken in shop.Plain by the field shop.Plain.id. Give it another name. (orm.E027)`,
		},
		{&HiddenQuery{}, `RelatedQuery names "hidden", but there is no reverse relation.`},
		{&DottedQuery{}, `the name "a__b" of RelatedQuery cannot be used in lookups. Give it another name. (orm.E006)`},
		{42, `shop: int is not a model. List pointers to named structs, such as &Post{}. (orm.E001)`},
	} {
		var r registry.Registry
		err := r.Register("shop", &Plain{}, test.model)
		var problems *registry.ProblemsError
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%T: got\n\t%v\nwant\n\t%s", test.model, err, test.want)
			continue
		}
		if len(problems.Problems) != 1 {
			t.Errorf("%T: %d problems, want one:\n%v", test.model, len(problems.Problems), err)
		}
		for _, p := range problems.Problems {
			if p.ID == "" || p.Place == "" {
				t.Errorf("%T: %+v lacks id or place", test.model, p)
			}
		}
	}
}

type (
	ClashingQuery struct {
		ID      int64
		PlainID int64
		Plain   *Plain
	}
	HiddenQuery struct {
		ID      int64
		PlainID int64
		Plain   *Plain
	}
	DottedQuery struct {
		ID      int64
		PlainID int64
		Plain   *Plain
	}
)

func (m *ClashingQuery) Fields(f *declare.Fields) {
	declare.FK(f, &m.Plain).OnDelete(schema.Cascade).Related("things").RelatedQuery("id")
}

func (m *HiddenQuery) Fields(f *declare.Fields) {
	declare.FK(f, &m.Plain).OnDelete(schema.Cascade).Related("-").RelatedQuery("hidden")
}

func (m *DottedQuery) Fields(f *declare.Fields) {
	declare.FK(f, &m.Plain).OnDelete(schema.Cascade).RelatedQuery("a__b")
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	err := r.Register("shop", &BadTag{}, &NoKey{}, &Plain{}, &MapField{})
	var problems *registry.ProblemsError
	if !errors.As(err, &problems) || len(problems.Problems) != 3 {
		t.Fatalf("got %v", err)
	}
	if _, err := r.Model("shop.Plain"); err != nil {
		t.Error("the good model is missing")
	}
}

type Hopeless struct {
	ID      int64
	Name    string `gorm:"sise:3"`
	Code    string `gorm:"sise:3"`
	Data    map[string]int
	PlainID int64
	Plain   *Plain
}

func (h *Hopeless) Fields(f *declare.Fields) { declare.FK(f, &h.Plain).OnDelete(schema.SetNull) }

func TestAllProblemsOfOneModelAtOnce(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	err := r.Register("shop", &Hopeless{}, &Plain{})
	var problems *registry.ProblemsError
	if !errors.As(err, &problems) || len(problems.Problems) != 4 {
		t.Errorf("got\n%v", err)
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	var r registry.Registry
	if err := r.Register("shop", &Plain{}, &Lost{}, &NoWayBack{}, &Unsaid{}, &Ordered{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Register("auth", &User{}); err != nil { // its slot may get a relation later, so that only a check can report it
		t.Error(err)
	}
	var lines []string
	for _, p := range r.Check() {
		lines = append(lines, p.Place+": "+p.Message+". "+p.Hint)
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		`shop.Lost.user: points at auth.Usr, which is not registered. Did you mean "auth.User"?`,
		`shop.NoWayBack.Plains: no foreign key of registry_test.Plain points here. Add NoWayBackID to it`,
		`shop.Unsaid.plain: the foreign key does not declare what happens when its target is deleted`,
		`auth.User.Posts: no foreign key of registry_test.Post points here`,
		`shop.Ordered: Meta.Ordering: orm: Ordered: lookup "craeted": no field "craeted"; did you mean "created"?`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no problem says %s; got\n%s", want, all)
		}
	}
}

type Unsaid struct {
	ID      int64
	PlainID int64
	Plain   Plain
}

type Ordered struct {
	ID      int64
	Created time.Time
}

func (Ordered) Meta() declare.Meta { return declare.Meta{Ordering: []string{"-craeted"}} }

func TestNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"ID": "id", "UserID": "user_id", "OAuthID": "oauth_id", "HTMLBody": "html_body", "CreatedAt": "created_at",
		"OIDCID": "oidc_id", "OIDCIDs": "oidc_ids", "HTTPURL": "http_url", "JSONAPIKey": "json_api_key", "VATID": "vat_id", "KYCID": "kyc_id",
		"UserUUID": "user_uuid", "APIURLs": "api_urls", "SHA256": "sha256", "SHA256ID": "sha256_id", "OAuth2Token": "oauth2_token", "UTF8": "utf8",
		"COVID": "covid", "GridID": "grid_id", "GRID": "grid", "RFIDTag": "rfid_tag", "SSID": "ssid", "HTTPSPort": "https_port", "IPs": "ips",
		"SSOIDPURL": "ssoidp_url", "Class": "class", "As": "as", "IsS": "is_s", "ISBN13": "isbn13", "XMLHTTPRequest": "xml_http_request",
		"IPv4Address": "ipv4_address", "Sha256Sum": "sha256_sum", "A": "a", "APIKey": "api_key", "BlogPost": "blog_post",
		"already_snake": "already_snake", "URLs": "urls", "Ünder": "ünder", "PlainÄrger": "plain_ärger", "": "",
	} {
		if got := schema.SnakeName(in); got != want {
			t.Errorf("SnakeName(%q) = %q, want %q", in, got, want)
		}
	}
	long := schema.ConstraintName("a_table_with_a_rather_long_name", "uniq", "and_a_column_with_a_long_name", "another")
	if len(long) != 63 || !strings.HasSuffix(long, "_uniq") {
		t.Errorf("got %q, %d bytes", long, len(long))
	}
	if other := schema.ConstraintName("a_table_with_a_rather_long_name", "uniq", "and_a_column_with_a_long_name",
		"anything"); other == long {
		t.Error("two constraints have the same name")
	}
}
