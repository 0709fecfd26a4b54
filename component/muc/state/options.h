/* The options of a room (muc#roomconfig, XEP-0045 16.5.3). One table yields the owner's form, the
 * check of a submitted form, the status codes of a change, the disco features and the rows in the
 * store. */
#ifndef MUC_OPTIONS_H
#define MUC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/buf.h"
#include "coven/form.h"
#include "coven/service.h"
#include "coven/xml.h"
#include "privilege.h"

enum whois { WHOIS_MODERATORS, WHOIS_ANYONE };
enum registration { REGISTRATION_MEMBERS, REGISTRATION_APPROVAL, REGISTRATION_ANYONE };
enum allow_pm { PM_ANYONE, PM_PARTICIPANTS, PM_MODERATORS, PM_NONE }; /* also of queries */

#define BROADCAST_MODERATOR   1u
#define BROADCAST_PARTICIPANT 2u
#define BROADCAST_VISITOR     4u
#define BROADCAST_ABSENT      8u /* users with a reserved nick who are not inside */
#define BROADCAST_ALL         7u

struct room_config {
    const char *name, *description, *lang, *secret, *pubsub;
    bool persistent, public, members_only, moderated, protected;
    bool change_subject, allow_invites, logging, archiving;
    int whois;                         /* enum whois */
    int allow_pm, allow_queries;       /* enum allow_pm: messages and IQs to an occupant */
    int registration;                  /* enum registration */
    unsigned broadcast;                /* roles whose presence is broadcast: BROADCAST_* bits */
    unsigned member_list;              /* roles that may get the member list: the same bits */
    unsigned max_users, history;       /* max_users 0: no limit of its own */
    unsigned keep_days, keep_messages; /* of the archive; 0: no limit of its own */
};

/* Sets the built-in defaults. A configuration owns its strings. */
void options_init(struct room_config *config, const struct service_limits *limits);
void options_free(struct room_config *config);
void options_copy(struct room_config *to, const struct room_config *from);

struct room_option;

/* The option at that place of the table; NULL after the last. */
const struct room_option *options_at(size_t index);

/* The option with that variable, which is in the table. */
const struct room_option *options_find(const char *var);

const char *options_var(const struct room_option *option);
const char *options_label(const struct room_option *option);

/* The variable without its prefix: the name in the configuration of the service. */
const char *options_name(const struct room_option *option);

/* The type of a field that shows the value, not to be changed. */
const char *options_shown_type(const struct room_option *option);

/* Applies a submitted form to `config`, all or nothing. False, with the reason in `why`, when a
 * value is invalid, fields contradict each other, or an option would change that is `fixed`: by
 * place in the table; NULL: none is. Unknown fields are ignored (XEP-0004). */
bool options_submit(struct room_config *config, const struct form *form, const bool *fixed,
                    const struct service_limits *limits, struct buf *why);

/* Sets the option to a value as the operator writes it: as in the form, those of a set as words.
 * False, and nothing is changed, when it is invalid. */
bool options_assign(struct room_config *config, const struct room_option *option, const char *text,
                    const struct service_limits *limits);

/* Writes the value as options_assign() reads it. */
void options_write_value(const struct room_option *option, const struct room_config *config,
                         struct buf *out);

/* Must the value not be shown to whom it does not concern, as a password? */
bool options_is_secret(const struct room_option *option);

/* Does the option have several values, written as words? */
bool options_is_set(const struct room_option *option);

bool options_equal(const struct room_option *option, const struct room_config *a,
                   const struct room_config *b);

/* Print an option's value for the store, and load it back. A stored value that is not valid any
 * more leaves the default. Rows are loaded in the order of `var`: a row under an option's present
 * name replaces what one under its former name has set. */
void options_print(const struct room_option *option, const struct room_config *config,
                   struct buf *out);
void options_load(struct room_config *config, struct span var, struct span value,
                  const struct service_limits *limits);

struct store;

/* Sets a configuration to what the store has of a room. False: the store failed, and the rest has
 * the defaults. */
bool options_read(struct room_config *config, struct store *store, int64_t room,
                  const struct service_limits *limits);

/* Writes the fields of the owner's form with their present values, in sections. Options that are
 * `fixed`, as above, are text. */
void options_write_form(struct xml *xml, const struct room_config *config, const bool *fixed,
                        const struct service_limits *limits);

/* The status code that tells occupants of a change to the present value; 0: none does. */
int options_status(const struct room_option *option, const struct room_config *config);

/* The bit of a role in a set of roles. */
unsigned options_role_bit(enum role role);

/* May an occupant of that role do what is open to `allowed` (enum allow_pm)? */
bool options_allow(int allowed, enum role role);

/* May an occupant of that role get the list of members (muc#roomconfig_getmemberlist)? */
bool options_lists_members(const struct room_config *config, enum role role);

/* The disco feature for the option's present value, or NULL. */
const char *options_feature(const struct room_option *option, const struct room_config *config);

#endif
