package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework"
)

// django lists the names of Django that the tables of django.md have to contain.
var django = map[string]string{
	"Fields": `AutoField BigAutoField SmallAutoField BigIntegerField BinaryField BooleanField CharField CompositePrimaryKey DateField
		DateTimeField DecimalField DurationField EmailField FileField FilePathField FloatField GeneratedField GenericIPAddressField
		ImageField IntegerField JSONField PositiveBigIntegerField PositiveIntegerField PositiveSmallIntegerField SlugField
		SmallIntegerField TextField TimeField URLField UUIDField ForeignKey ManyToManyField OneToOneField`,
	"Options of fields": `null blank choices db_column db_comment db_default db_index db_tablespace default editable error_messages
		help_text primary_key unique unique_for_date unique_for_month unique_for_year verbose_name validators on_delete
		limit_choices_to related_name related_query_name to_field db_constraint swappable symmetrical through through_fields auto_now
		auto_now_add max_length max_digits decimal_places CASCADE PROTECT RESTRICT SET_NULL SET_DEFAULT SET DO_NOTHING`,
	"Meta and methods of models": `abstract app_label base_manager_name db_table db_table_comment default_manager_name
		default_related_name get_latest_by managed order_with_respect_to ordering permissions default_permissions proxy
		required_db_features required_db_vendor select_on_save indexes unique_together constraints verbose_name verbose_name_plural
		__str__ get_absolute_url clean full_clean validate_unique validate_constraints save delete refresh_from_db get_deferred_fields
		get_FOO_display get_next_by_FOO get_previous_by_FOO pre_save post_save pre_delete post_delete m2m_changed post_migrate`,
	"Managers and related objects": `add create remove clear set get_or_create update_or_create as_manager from_queryset`,
	"Methods of querysets": `filter exclude annotate alias order_by reverse distinct values values_list dates datetimes none all union
		intersection difference select_related prefetch_related extra defer only using select_for_update raw fetch_mode get create
		get_or_create update_or_create bulk_create bulk_update count in_bulk iterator latest earliest first last aggregate exists contains
		update delete as_manager explain`,
	"Lookups": `exact iexact contains icontains in gt gte lt lte startswith istartswith endswith iendswith range date year iso_year month
		day week week_day iso_week_day quarter time hour minute second isnull regex iregex contained_by has_key has_keys has_any_keys`,
	"Expressions": `F Q Case When Value Subquery OuterRef Exists Func RawSQL Window RowRange ValueRange ExpressionWrapper FilteredRelation`,
	"Aggregates":  `Avg Count Max Min StdDev Sum Variance AnyValue StringAgg`,
	"Database functions": `Cast Coalesce Collate Greatest JSONArray JSONObject Least NullIf Extract ExtractYear Now Trunc TruncYear Abs ACos
		ASin ATan ATan2 Ceil Cos Cot Degrees Exp Floor Ln Log Mod Pi Power Radians Random Round Sign Sin Sqrt Tan Chr Concat Left Length
		Lower LPad LTrim MD5 Ord Repeat Replace Reverse Right RPad RTrim SHA1 SHA224 SHA256 SHA384 SHA512 StrIndex Substr Trim Upper
		CumeDist DenseRank FirstValue Lag LastValue Lead NthValue Ntile PercentRank Rank RowNumber UUID4 UUID7`,
	"Transactions and databases": `atomic durable on_commit savepoint savepoint_commit savepoint_rollback set_rollback get_autocommit
		set_autocommit ATOMIC_REQUESTS DATABASES DATABASE_ROUTERS db_for_read db_for_write allow_migrate`,
	"Project and commands": `check collectstatic createsuperuser changepassword clearsessions compilemessages createcachetable dbshell
		diffsettings dumpdata findstatic flush inspectdb loaddata makemessages makemigrations migrate optimizemigration runserver
		remove_stale_contenttypes sendtestemail shell showmigrations sqlflush sqlmigrate squashmigrations startapp startproject test
		testserver`,
}

// packages are the packages whose names django.md uses, with their folders.
var packages = map[string]string{
	"admin": "admin", "auth": "auth", "authtest": "auth/authtest", "command": "framework/command", "csrf": "framework/csrf",
	"operations": "orm/migrate/operations", "rows": "orm/migrate/rows",
	"forms": "framework/forms", "framework": "framework", "functions": "orm/functions", "i18n": "framework/i18n", "messages": "framework/messages",
	"migrate": "orm/migrate", "modelforms": "orm/modelforms", "orm": "orm", "ormtest": "orm/ormtest", "password": "auth/password",
	"requests": "orm/requests", "sessions": "framework/sessions", "signals": "orm/signals", "tenant": "orm/tenant",
	"web": "framework/web", "webtest": "framework/webtest",
}

// receivers are the variables that django.md uses, with their types.
var receivers = map[string]string{"db": "orm.DB", "form": "forms.Form", "q": "orm.Query", "user": "auth.Base"}

// others are packages with methods and fields of types that the packages above re-export.
var others = []string{
	"admin/changeform", "admin/changelist", "orm/columns", "orm/declare", "orm/dialect", "orm/dynamic", "orm/fault",
	"orm/schema",
}

var (
	codeSpan  = regexp.MustCompile("`+ ?(.+?) ?`+")
	cellEdge  = regexp.MustCompile(`(^|[^\\])\|`)
	selector  = regexp.MustCompile(`(^|[^\w.)])([a-z]\w*)\.([A-Z]\w*)`)
	chained   = regexp.MustCompile(`(?:^|[)\]}\w])\.([A-Z]\w*)`)
	column    = regexp.MustCompile(`Posts\.[A-Z]\w*(?:\(\))?`)
	bareName  = regexp.MustCompile(`^([A-Z][a-z]\w*)(:.*)?$`)
	envName   = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)+$`)
	djangoTag = regexp.MustCompile(`\w+`)
)

// TestDjangoTablesAreComplete requires the tables of django.md to have no empty cell, and to contain the names of Django.
func TestDjangoTablesAreComplete(t *testing.T) {
	t.Parallel()
	have := map[string]map[string]bool{}
	for _, row := range djangoRows(t) {
		if row.django == "" || row.quintet == "" || row.quintet == "not yet" {
			t.Errorf("django.md:%d: a cell is empty, or says not yet without what to use instead", row.line)
		}
		if have[row.section] == nil {
			have[row.section] = map[string]bool{}
		}
		for _, span := range codeSpan.FindAllStringSubmatch(row.django, -1) {
			for _, word := range djangoTag.FindAllString(span[1], -1) {
				have[row.section][word] = true
			}
		}
	}
	for section, names := range django {
		for name := range strings.FieldsSeq(names) {
			if !have[section][name] {
				t.Errorf("django.md: the table %q lacks %s", section, name)
			}
		}
	}
}

// TestDjangoTablesNameWhatExists requires every Go name and every setting in the right column of django.md to exist.
func TestDjangoTablesNameWhatExists(t *testing.T) {
	t.Parallel()
	known := map[string]bool{} // "orm.Query", "orm.Query.Filter", ".Filter", "Filter"
	for name, folder := range packages {
		exported(t, name, filepath.Join("..", filepath.FromSlash(folder)), known)
	}
	for _, folder := range others {
		exported(t, filepath.Base(folder), filepath.Join("..", filepath.FromSlash(folder)), known)
	}
	settings := map[string]bool{}
	for field := range reflect.TypeFor[framework.Settings]().Fields() {
		settings[field.Tag.Get("env")] = true
	}
	names := 0
	for _, row := range djangoRows(t) {
		require := func(ok bool, name string) {
			names++
			if !ok {
				t.Errorf("django.md:%d: there is no %s", row.line, name)
			}
		}
		for _, span := range codeSpan.FindAllStringSubmatch(row.quintet, -1) {
			code := span[1]
			for _, m := range selector.FindAllStringSubmatch(code, -1) {
				if _, ok := packages[m[2]]; ok {
					require(known[m[2]+"."+m[3]], m[2]+"."+m[3])
				} else if typ, ok := receivers[m[2]]; ok {
					require(known[typ+"."+m[3]], typ+"."+m[3])
				}
			}
			for _, m := range chained.FindAllStringSubmatch(column.ReplaceAllString(selector.ReplaceAllString(code, "$1"), ""), -1) {
				require(known["."+m[1]], "method or field "+m[1])
			}
			if m := bareName.FindStringSubmatch(code); m != nil {
				require(known[m[1]] || known["."+m[1]], m[1])
			}
			if envName.MatchString(code) && row.section == "Settings" {
				require(settings[code], "setting "+code)
			}
		}
	}
	if names < 300 {
		t.Errorf("%d names were found: the test looks in the wrong place", names)
	}
}

type djangoRow struct {
	line            int
	section         string
	django, quintet string
}

func djangoRows(t *testing.T) (rows []djangoRow) {
	t.Helper()
	section, header := "", true
	for i, line := range rawLines(t, "django.md") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = title
		}
		if !strings.HasPrefix(line, "|") {
			header = true
			continue
		}
		if header {
			header = false
			continue
		}
		if strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(cellEdge.ReplaceAllString(line, "$1\x00"), "\x00")
		if len(cells) != 4 {
			t.Errorf("django.md:%d: %d cells", i+1, len(cells)-2)
			continue
		}
		rows = append(rows, djangoRow{i + 1, section, strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])})
	}
	return rows
}

// exported adds the exported names of a package to known: "pkg.Name", "pkg.Type.Method", ".Method", and "Name".
func exported(t *testing.T, pkg, folder string, known map[string]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no Go files (%v)", folder, err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv == nil {
					known[pkg+"."+name], known[name] = true, true
				} else {
					known[pkg+"."+receiver(d.Recv.List[0].Type)+"."+name], known["."+name] = true, true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					exportedSpec(pkg, spec, known)
				}
			}
		}
	}
}

func exportedSpec(pkg string, spec ast.Spec, known map[string]bool) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			known[pkg+"."+name.Name], known[name.Name] = true, true
		}
	case *ast.TypeSpec:
		known[pkg+"."+s.Name.Name], known[s.Name.Name] = true, true
		var members *ast.FieldList
		switch typ := s.Type.(type) {
		case *ast.StructType:
			members = typ.Fields
		case *ast.InterfaceType:
			members = typ.Methods
		default:
			return
		}
		for _, member := range members.List {
			for _, name := range member.Names {
				known[pkg+"."+s.Name.Name+"."+name.Name], known["."+name.Name] = true, true
			}
		}
	}
}

// receiver returns the name of a method's type.
func receiver(typ ast.Expr) string {
	switch e := typ.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
