package auth

import (
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Group is a set of users who share permissions.
type Group struct {
	ID          int64
	Name        string       `gorm:"size:150;uniqueIndex"`
	Permissions []Permission `gorm:"many2many:auth_group_permissions"`
}

// Fields configures validation, labels and relations.
func (g *Group) Fields(f *orm.Fields) {
	orm.M2M(f, &g.Permissions).Blank().Related("groups")
}

// Meta orders groups by name.
func (Group) Meta() orm.Meta { return orm.Meta{Ordering: []string{"name"}} }

// String returns the name.
func (g Group) String() string { return g.Name }

// Permission is the right to perform an action. Migrate creates view, add, change and delete for every model, and those that
// models (Meta) and apps ([PermissionsApp]) declare in addition.
type Permission struct {
	ID       int64
	App      string `gorm:"size:100;uniqueIndex:auth_permission_app_codename"`
	Model    string `gorm:"size:200"` // "blog.Post"; empty for permissions of the app as a whole
	Codename string `gorm:"size:100;uniqueIndex:auth_permission_app_codename"`
	Name     string `gorm:"size:255"` // as displayed: "Can change post"
}

// Fields configures validation, labels and relations.
func (p *Permission) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Model).Blank()
}

// Meta orders permissions by app and model.
func (Permission) Meta() orm.Meta {
	return orm.Meta{Ordering: []string{"app", "model", "codename"}}
}

// String returns "blog | Can change post".
func (p Permission) String() string { return p.App + " | " + p.Name }

// Perm returns the name that [HasPerm] takes: "blog.change_post".
func (p Permission) Perm() string { return p.App + "." + p.Codename }

// Session is a stored session. Its ID is a hash of the token in the visitor's cookie.
type Session struct {
	ID        string    `gorm:"size:64;primaryKey"`
	Data      string    `gorm:"type:text"`
	UserID    string    `gorm:"size:64;index"` // empty for visitors who are not logged in
	ExpiresAt time.Time `gorm:"index"`
}

// Fields configures validation, labels and relations.
func (s *Session) Fields(f *orm.Fields) {
	orm.Describe(f, &s.UserID).Blank()
}

// Meta orders sessions by the time at which they expire, latest first.
func (Session) Meta() orm.Meta { return orm.Meta{Ordering: []string{"-expires_at"}} }
